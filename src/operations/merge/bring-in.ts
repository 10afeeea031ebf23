// Brings in the documents that a merge gave another name: their files, from the commit that has them under the old one, and
// the names on pages that only that side had changed, for which git did not ask the merge driver.
import type { Planned } from '../../commit/change.ts'
import { isAncestor, operationUnderWay } from '../../commit/head.ts'
import type { OpenWriter } from '../../commit/open-writer.ts'
import type { Session } from '../../commit/session.ts'
import type { Snapshot } from '../../commit/work.ts'
import { serializeRecord, type Displaced, type DocumentRecord } from '../../core/document/document.ts'
import { parseRecord } from '../../core/document/record.ts'
import { KbError } from '../../core/errors.ts'
import { DOCUMENTS } from '../../core/layout.ts'
import { mergePage } from '../../core/merge/merge.ts'
import type { MergedText } from '../../core/merge/merged-text.ts'
import { withoutDisplaced } from '../../core/merge/record.ts'
import {
  documentKey,
  type Rename,
  renamedFile,
  renamedRecord,
  renamedText,
  renameIn,
} from '../../core/merge/rename-document.ts'
import { headRevision, repoPathOf, type Base } from '../../io/base.ts'
import { dropMergeNotes, readMergeNotes } from '../../io/sidecar/merge-names.ts'
import { filesOf } from '../ingest/plan-files.ts'
import { PendingTree } from '../undo/pending-tree.ts'

/** `path`: the registry file of the name that both had. */
type Waiting = Displaced & { path: string }

/** `path`: its registry file in `commit`, under the old name. `before`: the merge base, if that has the document too. */
type Moved = { record: DocumentRecord; path: string; to: string; commit: string; before: string | undefined }

/** With the new names of all documents of its commit. */
type Renamed = Moved & { renames: readonly Rename[] }

/** Texts up to this many bytes are looked into; a larger one comes in as it is. */
const TEXT_BYTES_MAX = 64 * 1024 ** 2

/**
 * Returns the names of the documents that came in, in one commit. The catalog is at HEAD. They wait while git is busy.
 * Throws `KbError` if the commit cannot be made.
 */
export async function bringIn(base: Base, tools: OpenWriter, session: Session): Promise<string[]> {
  if ((await operationUnderWay(base)) !== undefined) return []
  const waiting = await waitingAt(base, tools)
  let names: string[] = []
  if (waiting.length > 0) {
    const plan = async ({ commit }: Snapshot): Promise<Planned | undefined> => {
      const work = new BringIn(base, tools, commit ?? '')
      names = await work.all(waiting)
      return work.planned()
    }
    const { outcomes, unfinished } = await session.commit([{ label: 'merge', plan }])
    const [outcome] = outcomes
    if (outcome?.kind === 'failed')
      throw new KbError('rolledBack', outcome.failure.message, { hint: outcome.failure.hint })
    if (unfinished !== undefined) throw unfinished
  }
  await dropMergeNotes(base)
  return names
}

/** What the records say, and what this clone noted of a merge whose records git did not ask about. */
async function waitingAt(base: Base, { catalog }: OpenWriter): Promise<Waiting[]> {
  const waiting = catalog
    .displacing()
    .flatMap(({ path, displaced }) => displaced.map((each): Waiting => ({ ...each, path })))
  for (const { prefix, ours, theirs, renames } of await readMergeNotes(base)) {
    const known = prefix === base.prefix ? renames.filter((one) => one.known) : []
    for (const { path, to, sha256, commit, base: mergeBase } of known) {
      if (waiting.some((one) => one.path === path && one.name === to && one.commit === commit)) continue
      const merged = await Promise.all(
        [ours, theirs, commit].map((oid) => isAncestor(base.git, oid, headRevision(base))),
      )
      if (merged.every(Boolean)) waiting.push({ path, name: to, sha256, commit, base: mergeBase })
    }
  }
  return waiting
}

class BringIn {
  readonly #base: Base
  readonly #tools: OpenWriter
  readonly #tree: PendingTree
  readonly #documents: Pick<DocumentRecord, 'name' | 'sha256'>[] = []

  constructor(base: Base, tools: OpenWriter, head: string) {
    this.#base = base
    this.#tools = tools
    this.#tree = new PendingTree(base, tools.objects, head)
  }

  async all(waiting: readonly Waiting[]): Promise<string[]> {
    const found = await Promise.all(waiting.map((one) => this.#find(one)))
    for (const [commit, moved] of Map.groupBy(
      found.filter((one) => one !== undefined),
      (one) => one.commit,
    )) {
      const renames = moved.map(({ path, to }) => ({ key: documentKey(path), to }))
      for (const one of moved) {
        await this.#bringFiles(one, renames)
        await this.#forget(one)
        this.#documents.push({ name: one.to, sha256: one.record.sha256 })
      }
      await this.#rename(commit, moved, renames)
    }
    return this.#names()
  }

  #names(): string[] {
    return [...new Set(this.#documents.map(({ name }) => name))]
  }

  async planned(): Promise<Planned | undefined> {
    const changes = await this.#tree.changes(this.#tools.staging.folder())
    if (changes.length === 0) return undefined
    return {
      label: 'merge',
      subject: `merge: ${this.#names().join(', ')}`,
      trailers: this.#documents.flatMap(({ name, sha256 }): [string, string][] => [
        ['Kbgit-Document', name],
        ['Kbgit-Digest', `sha256:${sha256}`],
      ]),
      changes,
    }
  }

  /** Undefined if the commit is not in this clone, or its document under the new name is another: `fsck` reports it. */
  async #find({ path, name, commit, base }: Waiting): Promise<Moved | undefined> {
    const record = await this.#recordAt(commit, path)
    if (record === undefined) return undefined
    const before = base === undefined ? undefined : await this.#recordAt(base, path)
    const target = renamedFile(path, record, name)
    const there = await this.#tree.text(target)
    const digests = [record.sha256, before?.sha256]
    if (there !== undefined && !digests.includes(parseRecord(there, target).sha256)) return undefined
    return { record, path, to: name, commit, before: before === undefined ? undefined : base }
  }

  async #forget({ path, to }: Moved): Promise<void> {
    const kept = await this.#tree.text(path)
    if (kept !== undefined)
      this.#tree.write(path, serializeRecord(withoutDisplaced(parseRecord(kept, path), new Set([to]))))
  }

  async #bringFiles(moved: Moved, renames: readonly Rename[]): Promise<void> {
    const { record, path, to, commit } = moved
    const kept = await this.#tree.text(path)
    const others = new Set(kept === undefined ? [] : [path, ...filesOf(parseRecord(kept, path))])
    for (const file of [path, ...filesOf(record)]) {
      const oid = await this.#oidAt(commit, file)
      if (oid === undefined) continue
      await this.#bringFile(file, renamedFile(file, record, to), oid, { ...moved, renames })
      // Under the old name there is only the other document.
      if (!others.has(file) && (await this.#tree.oid(file)) === oid) this.#tree.set(file, null)
    }
  }

  /** A file that is there already, from the other side, gets what changed on this side since the merge base. */
  async #bringFile(file: string, target: string, oid: string, moved: Renamed): Promise<void> {
    const { record, commit, before } = moved
    const current = await this.#tree.oid(target)
    const isBytes = file === record.raw || record.images?.includes(file) === true
    if (isBytes || ((await this.#tools.objects.header(oid))?.size ?? 0) > TEXT_BYTES_MAX) {
      const isNew = current === null || (before !== undefined && (await this.#oidAt(before, file)) === current)
      if (isNew) this.#tree.set(target, oid)
      return
    }
    const theirs = (await this.#renamedAt(commit, file, moved)) ?? ''
    const ours = current === null ? undefined : await this.#tree.text(target)
    if (ours === undefined) return this.#tree.write(target, theirs)
    const ancestor = before === undefined ? '' : ((await this.#renamedAt(before, file, moved)) ?? '')
    this.#tree.write(target, mergePage(ancestor, ours, theirs, target, keepOurs).text)
  }

  /** One of the document's own texts at a commit, under the new name. */
  async #renamedAt(commit: string, file: string, { path, to, renames }: Renamed): Promise<string | undefined> {
    const [record, text] = await Promise.all([this.#recordAt(commit, path), this.#textAt(commit, file)])
    if (record === undefined || text === undefined) return undefined
    if (file !== path) return renamedText(file, text, record, to, renames)
    return serializeRecord(renamedRecord(record, to, await this.#textAt(commit, record.source), renames))
  }

  /** On pages that are as that side left them, the old names mean its documents. */
  async #rename(commit: string, moved: readonly Moved[], renames: readonly Rename[]): Promise<void> {
    const own = new Set(moved.flatMap(({ path, record }) => [path, ...filesOf(record)]))
    for (const path of await this.#pagesNaming(commit, moved)) {
      if (own.has(path)) continue
      const [oid, text] = await Promise.all([this.#tree.oid(path), this.#tree.text(path)])
      if (oid !== null && text !== undefined && oid === (await this.#oidAt(commit, path)))
        this.#tree.write(path, renameIn(path, text, renames))
    }
  }

  async #pagesNaming(commit: string, moved: readonly Moved[]): Promise<string[]> {
    const { git, prefix } = this.#base
    const patterns = moved.flatMap(({ path, record }) => {
      const key = documentKey(path)
      return [
        `summaries/${key}`,
        `sources/${key}`,
        `summaries/${encodeURI(key)}`,
        `"${record.name}"`,
        `: ${record.name}`,
      ]
    })
    const args = ['grep', '-l', '-z', '-F', '--full-name', ...patterns.flatMap((pattern) => ['-e', pattern])]
    const folders = [DOCUMENTS, 'wiki'].map((folder) => prefix + folder)
    const found = await git.run([...args, commit, '--', ...folders], { ok: [0, 1] })
    const start = `${commit}:${prefix}`
    return found.stdout
      .toString()
      .split('\0')
      .flatMap((name) => (name.startsWith(start) ? [name.slice(start.length)] : []))
  }

  async #recordAt(commit: string, path: string): Promise<DocumentRecord | undefined> {
    const text = await this.#textAt(commit, path)
    return text === undefined ? undefined : parseRecord(text, path)
  }

  async #textAt(commit: string, path: string): Promise<string | undefined> {
    return (await this.#tools.objects.read(`${commit}:${repoPathOf(this.#base, path)}`))?.toString()
  }

  async #oidAt(commit: string, path: string): Promise<string | undefined> {
    return (await this.#tools.objects.header(`${commit}:${repoPathOf(this.#base, path)}`))?.oid
  }
}

/** What both sides changed in the same words stays as it is now. */
function keepOurs(_: string, ours: string): MergedText {
  return { text: ours, conflict: true }
}
