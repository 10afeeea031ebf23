// The isomorphic-git driver for history: starts no program, only reads, and only reads repositories that it supports.
import fs from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import {
  currentBranch,
  Errors,
  expandOid,
  getConfigAll,
  readBlob,
  readCommit,
  readObject,
  resolveRef,
} from 'isomorphic-git'
import { isoDate } from '../core/transaction/commit-message.ts'
import type { TreeChange } from '../core/document/base-content.ts'
import { KbError } from '../core/errors.ts'
import type { CommitQuery, History, HistoryCommit } from './history.ts'
import type { ReadManyOptions, ReadOptions } from './git/objects.ts'
import { EMPTY_TREES, parseTree, TREE_MODE, type TreeEntry } from './git/tree-object.ts'
import type { Repository } from './git/git.ts'

/** isomorphic-git holds every pack that it opens in memory. */
export const PACK_BYTES_MAX = 16 * 1024 ** 2

/** Why isomorphic-git cannot read a repository, or undefined if it can. */
export async function obstacleInProcess(
  { gitDir, commonDir, oidLength }: Repository,
  packBytesMax: number,
): Promise<string | undefined> {
  if (oidLength !== 40) return 'its object ids are SHA-256'
  if (gitDir !== commonDir) return 'it is a linked worktree'
  const config = await readFile(join(commonDir, 'config'), 'utf8').catch(() => '')
  if (/^\s*refstorage\s*=/im.test(config)) return 'its refs use the reftable format'
  if (/^\s*(?:partialclone|promisor)\s*=/im.test(config)) return 'it is a partial clone'
  for (const [file, why] of [
    ['objects/info/alternates', 'it borrows objects from another repository'],
    ['shallow', 'it is a shallow clone'],
  ] as const) {
    if ((await stat(join(commonDir, file)).catch(() => undefined)) !== undefined) return why
  }
  const packs = join(commonDir, 'objects/pack')
  let bytes = 0
  for (const name of await readdir(packs).catch(() => []))
    if (name.endsWith('.pack')) bytes += (await stat(join(packs, name))).size
  return bytes > packBytesMax ? `its packs are too large (${bytes} bytes)` : undefined
}

/** Values of a key in the repository's own configuration; user and system configuration are ignored. */
export async function configValues({ commonDir }: Pick<Repository, 'commonDir'>, key: string): Promise<string[]> {
  return (await getConfigAll({ fs, gitdir: commonDir, path: key })).map(String)
}

export class InProcessHistory implements History {
  readonly driver = 'in-process'
  readonly #at: { fs: typeof fs; gitdir: string; cache: object }
  readonly #prefix: string

  constructor(repository: Pick<Repository, 'commonDir'>, prefix: string) {
    this.#at = { fs, gitdir: repository.commonDir, cache: {} }
    this.#prefix = prefix
  }

  async head(): Promise<{ branch: string | null; commit: string | null }> {
    const branch = await currentBranch({ ...this.#at, fullname: false })
    return { branch: branch ?? null, commit: (await this.resolve('HEAD')) ?? null }
  }

  /**
   * Resolves HEAD, branches, tags and object ids (full or abbreviated), each with any number of `~n` and `^n`. Throws
   * `usage` for anything else.
   */
  async resolve(rev: string): Promise<string | undefined> {
    const match = /^([^~^:@{}]+)((?:[~^]\d*)*)$/.exec(rev)
    if (match === null)
      throw new KbError('usage', `"${rev}" cannot be read without git.`, { hint: 'Name a branch, a tag or a commit.' })
    let oid = await this.#peel(match[1] ?? '')
    for (const [, sign, digits = ''] of (match[2] ?? '').matchAll(/([~^])(\d*)/g)) {
      const steps = digits === '' ? 1 : Number(digits)
      if (sign === '^') oid = oid === undefined || steps === 0 ? oid : (await this.#commit(oid)).parents[steps - 1]
      else for (let n = 0; n < steps && oid !== undefined; n++) oid = (await this.#commit(oid)).parents[0]
    }
    return oid
  }

  async fileAt(commit: string, path: string): Promise<string | undefined> {
    const found = await this.#find(commit, this.#prefix + path)
    return found !== undefined && isFile(found) ? found.oid : undefined
  }

  async page(commit: string, path: string, options: ReadOptions = {}): Promise<Buffer | undefined> {
    const oid = await this.fileAt(commit, path)
    return oid === undefined ? undefined : this.#blob(oid, options)
  }

  async *list(commit: string, folders: readonly string[] = ['']): AsyncGenerator<TreeEntry> {
    for (const folder of folders) {
      const found = await this.#find(commit, this.#prefix + folder)
      if (found?.mode === TREE_MODE) yield* this.#files(found.oid, folder === '' ? '' : `${folder}/`)
      else if (found !== undefined) yield { path: folder, oid: found.oid, mode: found.mode }
    }
  }

  async *contents<T>(
    items: Iterable<T> | AsyncIterable<T>,
    oidOf: (item: T) => string,
    { skipLarger = false, ...options }: ReadManyOptions = {},
  ): AsyncGenerator<{ item: T; body: Buffer }> {
    for await (const item of items) {
      const body = await this.#blob(oidOf(item), skipLarger ? { bytesMax: Infinity } : options)
      if (body !== undefined && body.length <= (options.bytesMax ?? Infinity)) yield { item, body }
    }
  }

  async sizes(oids: string[]): Promise<(number | undefined)[]> {
    const sizes: (number | undefined)[] = []
    for (const oid of oids) sizes.push((await this.#blob(oid, { bytesMax: Infinity }))?.length)
    return sizes
  }

  async *stream(oid: string): AsyncGenerator<Buffer> {
    const body = await this.#blob(oid, { bytesMax: Infinity })
    if (body === undefined) throw new KbError('notFound', `${oid} is not an object of this repository.`)
    yield body
  }

  async *commits({ at, paths = [], limit = Infinity }: CommitQuery): AsyncGenerator<HistoryCommit> {
    const wanted = paths.map((path) => this.#prefix + path).filter((path) => path !== '')
    let left = limit
    for (const commit of await this.#topological(at)) {
      if (left === 0) return
      if (wanted.length > 0 && !(await this.#touches(commit, wanted))) continue
      left--
      yield commit
    }
  }

  async *commitsNamed(oids: string[]): AsyncGenerator<HistoryCommit> {
    for (const oid of oids) yield await this.#commit(oid)
  }

  async *changes(oids: string[], paths: string[]): AsyncGenerator<{ commit: string; path: string }> {
    for (const oid of oids) {
      const { parents } = await this.#commit(oid)
      for (const path of paths) {
        const before = await Promise.all(parents.map((parent) => this.#filesAt(parent, path)))
        const now = await this.#filesAt(oid, path)
        for (const file of new Set([...now.keys(), ...before.flatMap((files) => [...files.keys()])])) {
          const changed = (files: Map<string, string>): boolean => files.get(file) !== now.get(file)
          if (before.every(changed)) yield { commit: oid, path: file }
        }
      }
    }
  }

  async *diff(from: string, to: string): AsyncGenerator<TreeChange> {
    const [before, after] = await Promise.all([from, to].map((commit) => this.#treeAt(commit)))
    yield* this.#differences(before, after, '')
  }

  async blame(commit: string, path: string): Promise<{ commit: string; text: string }[]> {
    const { blameLines } = await import('./blame-in-process.ts')
    return blameLines(await this.#topological(commit), async (at) => {
      const oid = await this.fileAt(at, path)
      const text = async (): Promise<string> => ((await this.#blob(oid ?? '', {})) ?? '').toString()
      return oid === undefined ? undefined : { oid, text }
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  /** The tree of the base's folder; undefined if the commit does not have it. Throws if the commit does not exist. */
  async #treeAt(commit: string): Promise<string | undefined> {
    await this.#commit(commit)
    const found = await this.#find(commit, this.#prefix)
    return found?.mode === TREE_MODE ? found.oid : undefined
  }

  async *#differences(
    before: string | undefined,
    after: string | undefined,
    folder: string,
  ): AsyncGenerator<TreeChange> {
    if (before === after) return
    const [old, now] = await Promise.all([before, after].map((tree) => this.#entries(tree)))
    for (const path of new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])) {
      const [a, b] = [old?.get(path), now?.get(path)]
      if (a?.oid === b?.oid) continue
      const treeOf = (entry: TreeEntry | undefined) => (entry?.mode === TREE_MODE ? entry.oid : undefined)
      yield* this.#differences(treeOf(a), treeOf(b), `${folder}${path}/`)
      if (b !== undefined && b.mode !== TREE_MODE) yield { path: folder + path, oid: b.oid }
      else if (a !== undefined && a.mode !== TREE_MODE) yield { path: folder + path, oid: null }
    }
  }

  async #entries(tree: string | undefined): Promise<Map<string, TreeEntry>> {
    const entries = tree === undefined ? [] : await this.#tree(tree)
    return new Map(entries.map((entry) => [entry.path, entry]))
  }

  /** isomorphic-git's own reader of trees refuses all of a tree in which one name is unsafe. */
  async #tree(oid: string): Promise<TreeEntry[]> {
    if (oid === EMPTY_TREES[oid.length]) return []
    const { type, object } = await readObject({ ...this.#at, oid, format: 'content' })
    if (type !== 'tree') throw new Errors.ObjectTypeError(oid, type as 'blob', 'tree')
    return parseTree(Buffer.from(object as Uint8Array), '', oid.length / 2)
  }

  async #commit(oid: string): Promise<HistoryCommit> {
    const { commit } = await readCommit({ ...this.#at, oid })
    const { name, timestamp, timezoneOffset } = commit.author
    const minutes = Math.abs(timezoneOffset)
    const [hours, rest] = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0'))
    const zone = `${timezoneOffset > 0 ? '-' : '+'}${hours}${rest}`
    return { oid, parents: commit.parent, author: name, date: isoDate(timestamp, zone), message: commit.message }
  }

  /**
   * Every commit reachable from `at`, children before parents, the newer line of a merge first. Bounded by
   * `PACK_BYTES_MAX`.
   */
  async #topological(at: string): Promise<HistoryCommit[]> {
    const commits = new Map<string, HistoryCommit>()
    const children = new Map<string, number>()
    for (let open = [at]; open.length > 0;) {
      const oid = open.pop() ?? ''
      if (commits.has(oid)) continue
      const commit = await this.#commit(oid)
      commits.set(oid, commit)
      for (const parent of commit.parents) children.set(parent, (children.get(parent) ?? 0) + 1)
      open.push(...commit.parents)
    }
    const ordered: HistoryCommit[] = []
    for (const ready = [at]; ready.length > 0;) {
      const commit = commits.get(ready.pop() ?? '')
      if (commit === undefined) continue
      ordered.push(commit)
      for (const parent of commit.parents) {
        const left = (children.get(parent) ?? 0) - 1
        children.set(parent, left)
        if (left === 0) ready.push(parent)
      }
    }
    return ordered
  }

  async #touches(commit: HistoryCommit, paths: string[]): Promise<boolean> {
    for (const path of paths) {
      const now = (await this.#find(commit.oid, path))?.oid
      const before = await Promise.all(commit.parents.map(async (parent) => (await this.#find(parent, path))?.oid))
      if (before.length === 0 ? now !== undefined : before.every((oid) => oid !== now)) return true
    }
    return false
  }

  async #filesAt(commit: string, path: string): Promise<Map<string, string>> {
    const found = await this.#find(commit, this.#prefix + path)
    const files = new Map<string, string>()
    if (found?.mode === TREE_MODE)
      for await (const file of this.#files(found.oid, path === '' ? '' : `${path}/`)) files.set(file.path, file.oid)
    else if (found !== undefined && isFile(found)) files.set(path, found.oid)
    return files
  }

  async *#files(tree: string, folder: string): AsyncGenerator<TreeEntry> {
    for (const { path, oid, mode } of (await this.#tree(tree)).toSorted(gitOrder)) {
      if (mode === TREE_MODE) yield* this.#files(oid, `${folder}${path}/`)
      else yield { path: folder + path, oid, mode }
    }
  }

  async #find(commit: string, path: string): Promise<Omit<TreeEntry, 'path'> | undefined> {
    const root = (await missing(readCommit({ ...this.#at, oid: commit })))?.commit.tree
    let found: Omit<TreeEntry, 'path'> | undefined = root === undefined ? undefined : { oid: root, mode: TREE_MODE }
    for (const part of path.split('/').filter((part) => part !== '')) {
      if (found?.mode !== TREE_MODE) return undefined
      const entries: TreeEntry[] | undefined = await missing(this.#tree(found.oid))
      found = entries?.find((entry) => entry.path === part)
    }
    return found
  }

  async #blob(oid: string, { bytesMax = PACK_BYTES_MAX }: ReadOptions): Promise<Buffer | undefined> {
    const read = await missing(readBlob({ ...this.#at, oid }))
    if (read === undefined) return undefined
    if (read.blob.length > bytesMax)
      throw new KbError('unexpected', `${oid} has ${read.blob.length} bytes, more than the limit of ${bytesMax}.`)
    return Buffer.from(read.blob.buffer, read.blob.byteOffset, read.blob.length)
  }

  async #peel(name: string): Promise<string | undefined> {
    const whole = /^[0-9a-f]{40}$/.test(name) ? name : await missing(resolveRef({ ...this.#at, ref: name }))
    const oid =
      whole ?? (/^[0-9a-f]{4,}$/.test(name) ? await missing(expandOid({ ...this.#at, oid: name })) : undefined)
    if (oid === undefined) return undefined
    // readCommit follows a tag to its commit.
    return (await missing(readCommit({ ...this.#at, oid })))?.oid
  }
}

/** Sorts tree entries by their bytes, folders as if their name ended in a slash. */
function gitOrder(a: TreeEntry, b: TreeEntry): number {
  const bytes = ({ path, mode }: TreeEntry): Buffer => Buffer.from(mode === TREE_MODE ? `${path}/` : path)
  return Buffer.compare(bytes(a), bytes(b))
}

/** Files and symbolic links; not folders and not submodules. */
function isFile({ mode }: Omit<TreeEntry, 'path'>): boolean {
  return /^1[02]/.test(mode)
}

/** Returns undefined for objects that isomorphic-git did not find, or that have a different type. */
async function missing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading
  } catch (error) {
    const code = (error as { code?: unknown } | null)?.code
    if (code === 'NotFoundError' || code === 'ObjectTypeError' || code === 'InvalidOidError') return undefined
    throw error
  }
}
