// Writes the history again without a document: every commit that has a trace of it, and all that come after one.
import { RECORD_BYTES_MAX, parseRecord } from '../../core/document/record.ts'
import { serializeRecord, type DocumentRecord } from '../../core/document/document.ts'
import { DOCUMENTS, SOURCES } from '../../core/layout.ts'
import { eraseDocument } from '../../wiki/erase-document.ts'
import { forgetDocument } from '../../wiki/forget-document.ts'
import type { Base } from '../../io/base.ts'
import { readCommitObject, type CommitParts } from '../../io/git/commit-object.ts'
import type { FastImport, TreeEdit } from '../../io/git/fast-import.ts'
import type { ObjectReader } from '../../io/git/objects.ts'
import { pastCommits, type PastChange, type PastCommit } from '../../io/git/past-commits.ts'
import { withLinks } from '../plan-removal.ts'
import { documentsAt, isText, type Traces } from './find-traces.ts'

export type Rewritten = {
  /** New id by old id, of the commits that changed, in the order of the history. */
  commits: Map<string, string>
  /** Commits of the history. */
  total: number
  /** Paths of other files whose content changed in some commit, relative to the work tree. */
  edited: Set<string>
}

export type RewriteTools = {
  base: Base
  objects: ObjectReader
  /** Undefined: counts only; the new ids are then the old ones. */
  fastImport: FastImport | undefined
  /** The private ref that the new commits are written on. */
  ref: string
  onCommit?: ((done: number) => void) | undefined
}

const PAGE_BYTES_MAX = 64 * 1024 ** 2

/** Rewrites what is reachable from `tips`. The new objects are durable when it resolves; no ref but `ref` is moved. */
export async function rewriteHistory(tools: RewriteTools, tips: string[], traces: Traces): Promise<Rewritten> {
  const eraser = new Eraser(tools.base, tools.objects, traces)
  const names = new Map<string, string>()
  const made: [old: string, id: Promise<string>][] = []
  let total = 0
  for await (const commit of pastCommits(tools.base.git, tools.objects, tips)) {
    total++
    tools.onCommit?.(total)
    const edits = await eraser.edits(commit)
    const message = await readCommitObject(tools.objects, commit.oid)
    const cleaned = withoutDigests(message.message, traces.digests)
    if (edits === undefined && cleaned === message.message && commit.parents.every((parent) => !names.has(parent)))
      continue
    const written = await write(
      tools,
      commit,
      { ...message, message: cleaned },
      edits ?? eraser.unchanged(commit.changes),
      names,
    )
    names.set(commit.oid, written.name)
    made.push([commit.oid, written.id])
  }
  if (made.length > 0) await tools.fastImport?.checkpoint()
  const commits = new Map<string, string>()
  for (const [old, id] of made) commits.set(old, await id)
  return { commits, total, edited: eraser.edited }
}

async function write(
  { fastImport, ref }: RewriteTools,
  commit: PastCommit,
  parts: CommitParts,
  changes: TreeEdit[],
  names: ReadonlyMap<string, string>,
): Promise<{ name: string; id: Promise<string> }> {
  if (fastImport === undefined) return { name: commit.oid, id: Promise.resolve(commit.oid) }
  const [first, ...others] = commit.parents.map((parent) => names.get(parent) ?? parent)
  const { id, mark } = await fastImport.commit({ ...parts, ref, from: first ?? null, merge: others, changes })
  return { name: `:${mark}`, id }
}

/** The trailers that name an original by its digest go: they would tell whether somebody has the same file. */
function withoutDigests(message: Buffer, digests: ReadonlySet<string>): Buffer {
  const text = message.toString('latin1')
  const left = text
    .split('\n')
    .filter((line) => !(line.startsWith('Kbgit-Digest: sha256:') && digests.has(line.slice(21).trim())))
    .join('\n')
  return left === text ? message : Buffer.from(left, 'latin1')
}

/** What a file of the past becomes. The same path and content always become the same, whatever the commit. */
class Eraser {
  readonly edited = new Set<string>()
  readonly #base: Base
  readonly #objects: ObjectReader
  readonly #traces: Traces
  /** By path and object id: undefined if it stays, null if it goes. */
  readonly #known = new Map<string, string | null | undefined>()

  constructor(base: Base, objects: ObjectReader, traces: Traces) {
    this.#base = base
    this.#objects = objects
    this.#traces = traces
  }

  /** The changes of a rewritten commit; undefined if none differs from the old ones. */
  async edits({ oid, parents, changes }: PastCommit): Promise<TreeEdit[] | undefined> {
    const { holders } = this.#traces
    const others = holders.others(oid)
    const documents = documentsAt(this.#base, this.#traces, oid)
    const edits: TreeEdit[] = []
    let differs = false
    for (const change of changes) {
      const text = await this.#become(change, others, documents)
      if (text === undefined) edits.push(asEdit(change))
      else {
        differs = true
        if (!this.#isOwn(change.path, others)) this.edited.add(change.path)
        edits.push(
          text === null
            ? { path: change.path, delete: true }
            : { path: change.path, mode: change.mode, content: { bytes: text } },
        )
      }
    }
    // What another document has at the place by a merge may be as it was: the parent no longer has it.
    for (const place of parents.length > 1 ? others.difference(holders.others(parents[0] ?? '')) : []) {
      const found = await this.#filesNow(oid, holders.filesAt(place), changes)
      edits.push(...found)
      differs ||= found.length > 0
    }
    return differs ? edits : undefined
  }

  /** The files of these that a commit has and did not change. */
  async #filesNow(commit: string, paths: string[], changes: PastChange[]): Promise<TreeEdit[]> {
    const changed = new Set(changes.map(({ path }) => path))
    const found: TreeEdit[] = []
    for (const path of paths) {
      const header = changed.has(path) ? undefined : await this.#objects.header(`${commit}:${path}`)
      if (header?.type === 'blob') found.push({ path, mode: '100644', oid: header.oid })
    }
    return found
  }

  /** Whether a file belongs to one of the documents, and not to another one of its name. */
  #isOwn(path: string, others: ReadonlySet<string>): boolean {
    return this.#traces.files.has(path) && !this.#traces.holders.isOthers(path, others)
  }

  unchanged(changes: PastChange[]): TreeEdit[] {
    return changes.map(asEdit)
  }

  async #become(
    { path, oid }: PastChange,
    others: ReadonlySet<string>,
    documents: readonly DocumentRecord[],
  ): Promise<string | null | undefined> {
    if (this.#isOwn(path, others)) return oid === null ? undefined : null
    if (oid === null || !path.startsWith(this.#base.prefix)) return undefined
    const basePath = path.slice(this.#base.prefix.length)
    if (!/^(?:wiki\/.*\.(?:md|json)|documents\/.*\.json)$/.test(basePath)) return undefined
    const key = [oid, path, ...others].join('\0')
    if (!this.#known.has(key)) this.#known.set(key, await this.#without(basePath, oid, documents))
    return this.#known.get(key)
  }

  async #without(
    basePath: string,
    oid: string,
    documents: readonly DocumentRecord[],
  ): Promise<string | null | undefined> {
    const body = await this.#objects.read(oid, { bytesMax: PAGE_BYTES_MAX })
    if (body === undefined || !isText(body)) return undefined
    const text = body.toString()
    if (!Buffer.from(text).equals(body)) return undefined
    const left = this.#erase(basePath, text, documents)
    return left === text ? undefined : left
  }

  #erase(basePath: string, text: string, documents: readonly DocumentRecord[]): string | null {
    const { runs, documents: all } = this.#traces
    if (basePath.startsWith(`${DOCUMENTS}/`)) return this.#unlinked(basePath, text, documents)
    // Another document's text: only the links go, the words are its own.
    if (basePath.startsWith(`${SOURCES}/`)) return documents.reduce(forgetDocument, text)
    return basePath.endsWith('.md')
      ? eraseDocument(basePath, text, { documents: [...documents], logged: all, runs })
      : text
  }

  /** The record of another document. */
  #unlinked(basePath: string, text: string, documents: readonly DocumentRecord[]): string {
    const { digests } = this.#traces
    const names = new Set(documents.map(({ name }) => name))
    const isNamed = [...names].some((name) => text.includes(JSON.stringify(name)))
    if (text.length > RECORD_BYTES_MAX || !(isNamed || [...digests].some((digest) => text.includes(digest))))
      return text
    try {
      const record = parseRecord(text, basePath)
      const { attachments = [], attachedTo = [], displaced = [], standalone } = record
      const left = {
        attachments: attachments.filter((name) => !names.has(name)),
        attachedTo: attachedTo.filter((name) => !names.has(name)),
        displaced: displaced.filter(({ sha256 }) => !digests.has(sha256)),
      }
      const isSame = Object.values(left).flat().length === [attachments, attachedTo, displaced].flat().length
      if (isSame) return text
      const { displaced: _, ...rest } = record
      const kept = left.displaced.length === 0 ? rest : { ...record, displaced: left.displaced }
      return serializeRecord(withLinks(kept, { ...left, standalone }))
    } catch {
      return text
    }
  }
}

function asEdit({ path, mode, oid }: PastChange): TreeEdit {
  return oid === null ? { path, delete: true } : { path, mode, oid }
}
