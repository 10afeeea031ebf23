// Looks for documents that two sides of a merge in progress call the same, once for all files that git asks about.
import { fields, fits, list, text } from '../../core/shape.ts'
import type { Displaced } from '../../core/document/document.ts'
import { DISPLACED, RECORD_BYTES_MAX } from '../../core/document/record.ts'
import { DOCUMENTS } from '../../core/layout.ts'
import { documentKey } from '../../core/merge/rename-document.ts'
import {
  isNumbered,
  planRenames,
  type DocumentRename,
  type NamedVersion,
  type SameName,
  type Side,
} from '../../core/merge/same-names.ts'
import { collisionKey } from '../../core/page/slug.ts'
import type { Git, Repository } from '../../io/git/git.ts'
import { mergeSides, type MergedFile, type MergeSides } from '../../io/git/merge-sides.ts'
import { ObjectReader } from '../../io/git/objects.ts'
import { readMergeNotes, writeMergeNotes, type MergeNote } from '../../io/sidecar/merge-names.ts'

export type MergeInProgress = {
  git: Git
  repository: Repository
  sidecarDir: string
  prefix: string
  env: NodeJS.ProcessEnv
}

/** A document that gets another name, and the commit that has it under the old one. */
export type NotedRename = MergeNote['renames'][number]

/**
 * A document that an earlier merge of one side has renamed, and whose files are still to come in there: pages that this
 * merge did not touch have it under the old name, and tell it by its title.
 */
export type StillDisplaced = NonNullable<MergeNote['displaced']>[number]

export type MergeNames = { renames: NotedRename[]; displaced: StillDisplaced[] }

/** Names of documents in this merge; none if git does not say what it merges. */
export async function findRenames(merge: MergeInProgress, file: MergedFile): Promise<MergeNames> {
  const sides = await mergeSides(merge.git, merge.repository, merge.env, file)
  if (sides === undefined) return { renames: [], displaced: [] }
  const { ours, theirs } = sides
  const notes = await readMergeNotes(merge)
  const note = notes.find((one) => one.prefix === merge.prefix && one.ours === ours && one.theirs === theirs)
  if (note !== undefined) return { renames: note.renames, displaced: note.displaced ?? [] }
  await using objects = new ObjectReader(merge.git)
  const bases = await sides.bases()
  const { planned, displaced } = await plan(objects, merge.prefix, sides, bases)
  const renames = planned.map((rename) => ({
    ...rename,
    commit: rename.side === 'ours' ? ours : (sides.tip ?? theirs),
    ...(bases[0] === undefined ? {} : { base: bases[0] }),
  }))
  try {
    writeMergeNotes(merge, [...notes, { prefix: merge.prefix, ours, theirs, renames, displaced }])
  } catch {
    // The next call finds it out again, and the merged records say what is still to come.
  }
  return { renames, displaced }
}

async function plan(
  objects: ObjectReader,
  prefix: string,
  sides: MergeSides,
  bases: readonly string[],
): Promise<{ planned: DocumentRename[]; displaced: StillDisplaced[] }> {
  const same: SameName[] = []
  const displaced: StillDisplaced[] = []
  const read = (commit: string, path: string) => versionAt(objects, `${commit}:${prefix}${path}`)
  for await (const { path: inside, oid, oldOid } of objects.diff(sides.ours, sides.theirs, `${prefix}${DOCUMENTS}`)) {
    const path = `${DOCUMENTS}/${inside}`
    if (oid === null || oldOid === null || !path.endsWith('.json')) continue
    const [ours, theirs] = await Promise.all([versionAt(objects, oldOid), versionAt(objects, oid)])
    if (ours === undefined || theirs === undefined) continue
    displaced.push(...(await stillDisplaced(objects, prefix, { path, ours, theirs })))
    if (ours.sha256 === theirs.sha256) continue
    const before = await Promise.all(bases.map((base) => read(base, path)))
    same.push({ path, ours, theirs, base: before.find((version) => version !== undefined) })
  }
  if (same.length === 0) return { planned: [], displaced }
  const names: Record<Side, Names> = {
    ours: await Names.read(objects, sides.ours, prefix),
    theirs: await Names.read(objects, sides.theirs, prefix),
  }
  for (const { path, ours, theirs } of same) {
    await Promise.all([names.ours.look(path, ours), names.theirs.look(path, theirs)])
  }
  const planned = planRenames(same, {
    find: (side, path, sha256) => names[side].find(path, sha256),
    taken: (key) => names.ours.taken(key) || names.theirs.taken(key),
  })
  return { planned, displaced }
}

async function stillDisplaced(
  objects: ObjectReader,
  prefix: string,
  { path, ours, theirs }: Omit<SameName, 'base'>,
): Promise<StillDisplaced[]> {
  const found: StillDisplaced[] = []
  for (const [side, { displaced = [] }] of [
    ['ours', ours],
    ['theirs', theirs],
  ] as const)
    for (const { name, commit } of displaced) {
      const title = (await versionAt(objects, `${commit}:${prefix}${path}`))?.title
      if (title !== undefined) found.push({ key: documentKey(path), to: name, side, title })
    }
  return found
}

/** The documents of one side, by name; of those with a numbered name, their digests. */
class Names {
  readonly #objects: ObjectReader
  readonly #at: string
  readonly #paths: string[]
  readonly #keys: Set<string>
  readonly #numbered = new Map<string, Map<string, string>>()

  private constructor(objects: ObjectReader, at: string, paths: string[]) {
    this.#objects = objects
    this.#at = at
    this.#paths = paths
    this.#keys = new Set(paths.map((path) => collisionKey(stemOf(path))))
  }

  static async read(objects: ObjectReader, commit: string, prefix: string): Promise<Names> {
    const paths = await objects.paths(commit, prefix, DOCUMENTS, [])
    return new Names(
      objects,
      `${commit}:${prefix}`,
      paths.filter((path) => path.endsWith('.json')),
    )
  }

  /** Reads the digests of documents with numbered names, and of those that are still to come. */
  async look(path: string, { displaced = [] }: NamedVersion): Promise<void> {
    const found = new Map(displaced.map(({ sha256, name }) => [sha256, name]))
    for (const { name } of displaced) this.#keys.add(collisionKey(name))
    const [folder, stem] = [folderOf(path), stemOf(path)]
    for (const other of this.#paths) {
      if (folderOf(other) !== folder || !isNumbered(stemOf(other), stem)) continue
      const version = await versionAt(this.#objects, this.#at + other)
      if (version !== undefined) found.set(version.sha256, stemOf(other))
    }
    this.#numbered.set(path, found)
  }

  find(path: string, sha256: string): string | undefined {
    return this.#numbered.get(path)?.get(sha256)
  }

  taken(key: string): boolean {
    return this.#keys.has(key)
  }
}

const VERSION = fields(
  { sha256: text('a digest', 64), title: text('a title', 65_536) },
  { displaced: list(DISPLACED, 10_000) },
)

/** Undefined if there is no record: what is wrong with one is for `fsck` to say. */
async function versionAt(objects: ObjectReader, name: string): Promise<(NamedVersion & { title: string }) | undefined> {
  const header = await objects.header(name)
  if (header === undefined || header.size > RECORD_BYTES_MAX) return undefined
  try {
    const { sha256, title, displaced } = JSON.parse((await objects.read(name))?.toString() ?? '') as {
      sha256: string
      title: string
      displaced?: Displaced[]
    }
    const version = { sha256, title, displaced }
    return fits(VERSION, version) ? version : undefined
  } catch {
    return undefined
  }
}

function stemOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.json$/, '')
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1)
}
