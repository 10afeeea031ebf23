// The isomorphic-git driver for history: starts no program, only reads, and only reads repositories that it supports.
import fs from 'node:fs'
import { currentBranch } from 'isomorphic-git'
import type { TreeChange } from '../core/document/base-content.ts'
import { KbError } from '../core/errors.ts'
import type { Repository } from './git/git.ts'
import type { ReadManyOptions, ReadOptions } from './git/objects.ts'
import { TREE_MODE, type TreeEntry } from './git/tree-object.ts'
import { onBranch, type CommitQuery, type History, type HistoryCommit } from './history.ts'
import { InProcessObjects } from './objects-in-process.ts'

export class InProcessHistory implements History {
  readonly driver = 'in-process'
  readonly #repository: Pick<Repository, 'commonDir'>
  readonly #objects: InProcessObjects
  readonly #prefix: string
  readonly #branch: string | undefined

  constructor(repository: Pick<Repository, 'commonDir'>, prefix: string, branch?: string) {
    this.#branch = branch
    this.#repository = repository
    this.#objects = new InProcessObjects(repository)
    this.#prefix = prefix
  }

  async head(): Promise<{ branch: string | null; commit: string | null }> {
    const branch =
      this.#branch?.replace(/^refs\/heads\//, '') ??
      (await currentBranch({ fs, gitdir: this.#repository.commonDir, fullname: false }))
    return { branch: branch ?? null, commit: (await this.resolve('HEAD')) ?? null }
  }

  /**
   * Resolves HEAD, branches, tags and object ids (full or abbreviated), each with any number of `~n` and `^n`. Throws
   * `usage` for anything else.
   */
  async resolve(rev: string): Promise<string | undefined> {
    const match = /^([^~^:@{}]+)((?:[~^]\d*)*)$/.exec(onBranch(rev, this.#branch))
    if (match === null)
      throw new KbError('usage', `"${rev}" cannot be read without git.`, { hint: 'Name a branch, a tag or a commit.' })
    let oid = await this.#objects.peel(match[1] ?? '')
    for (const [, sign, digits = ''] of (match[2] ?? '').matchAll(/([~^])(\d*)/g)) {
      const steps = digits === '' ? 1 : Number(digits)
      if (sign === '^')
        oid = oid === undefined || steps === 0 ? oid : (await this.#objects.commit(oid)).parents[steps - 1]
      else for (let n = 0; n < steps && oid !== undefined; n++) oid = (await this.#objects.commit(oid)).parents[0]
    }
    return oid
  }

  async fileAt(commit: string, path: string): Promise<string | undefined> {
    const found = await this.#objects.find(commit, this.#prefix + path)
    return found !== undefined && isFile(found) ? found.oid : undefined
  }

  async page(commit: string, path: string, options: ReadOptions = {}): Promise<Buffer | undefined> {
    const oid = await this.fileAt(commit, path)
    return oid === undefined ? undefined : this.#objects.blob(oid, options)
  }

  async *list(commit: string, folders: readonly string[] = ['']): AsyncGenerator<TreeEntry> {
    for (const folder of folders) {
      const found = await this.#objects.find(commit, this.#prefix + folder)
      if (found?.mode === TREE_MODE) yield* this.#objects.files(found.oid, folder === '' ? '' : `${folder}/`)
      else if (found !== undefined) yield { path: folder, oid: found.oid, mode: found.mode }
    }
  }

  async paths(commit: string, folder: string, without: readonly string[] = []): Promise<string[]> {
    const paths: string[] = []
    for await (const { path } of this.list(commit, [folder]))
      if (!without.some((other) => path.startsWith(`${other}/`))) paths.push(path)
    return paths
  }

  async *contents<T>(
    items: Iterable<T> | AsyncIterable<T>,
    oidOf: (item: T) => string,
    { skipLarger = false, ...options }: ReadManyOptions = {},
  ): AsyncGenerator<{ item: T; body: Buffer }> {
    for await (const item of items) {
      const body = await this.#objects.blob(oidOf(item), skipLarger ? { bytesMax: Infinity } : options)
      if (body !== undefined && body.length <= (options.bytesMax ?? Infinity)) yield { item, body }
    }
  }

  async sizes(oids: string[]): Promise<(number | undefined)[]> {
    const sizes: (number | undefined)[] = []
    for (const oid of oids) sizes.push((await this.#objects.blob(oid, { bytesMax: Infinity }))?.length)
    return sizes
  }

  async *stream(oid: string): AsyncGenerator<Buffer> {
    const body = await this.#objects.blob(oid, { bytesMax: Infinity })
    if (body === undefined) throw new KbError('notFound', `${oid} is not an object of this repository.`)
    yield body
  }

  async *commits({ at, paths = [], limit = Infinity, without }: CommitQuery): AsyncGenerator<HistoryCommit> {
    const wanted = paths.map((path) => this.#prefix + path).filter((path) => path !== '')
    const known = new Set(without === undefined ? [] : (await this.#topological(without)).map(({ oid }) => oid))
    let left = limit
    for (const commit of await this.#topological(at)) {
      if (left === 0) return
      if (known.has(commit.oid)) continue
      if (wanted.length > 0 && !(await this.#touches(commit, wanted))) continue
      left--
      yield commit
    }
  }

  async *messages(query: CommitQuery): AsyncGenerator<HistoryCommit[]> {
    for await (const commit of this.commits(query)) yield [commit]
  }

  async *commitsNamed(oids: string[]): AsyncGenerator<HistoryCommit> {
    for (const oid of oids) yield await this.#objects.commit(oid)
  }

  async *changes(oids: string[], paths: string[]): AsyncGenerator<{ commit: string; path: string }> {
    for (const oid of oids) {
      const { parents } = await this.#objects.commit(oid)
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
    yield* this.#objects.differences(before, after, '')
  }

  async blame(commit: string, path: string): Promise<{ commit: string; text: string }[]> {
    const { blameLines } = await import('./blame-in-process.ts')
    return blameLines(await this.#topological(commit), async (index) => {
      const oid = await this.fileAt(index, path)
      const text = async (): Promise<string> => ((await this.#objects.blob(oid ?? '', {})) ?? '').toString()
      return oid === undefined ? undefined : { oid, text }
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  /** The tree of the base's folder; undefined if the commit does not have it. Throws if the commit does not exist. */
  async #treeAt(commit: string): Promise<string | undefined> {
    await this.#objects.commit(commit)
    const found = await this.#objects.find(commit, this.#prefix)
    return found?.mode === TREE_MODE ? found.oid : undefined
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
      const commit = await this.#objects.commit(oid)
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
      const now = (await this.#objects.find(commit.oid, path))?.oid
      const before = await Promise.all(
        commit.parents.map(async (parent) => (await this.#objects.find(parent, path))?.oid),
      )
      if (before.length === 0 ? now !== undefined : before.every((oid) => oid !== now)) return true
    }
    return false
  }

  async #filesAt(commit: string, path: string): Promise<Map<string, string>> {
    const found = await this.#objects.find(commit, this.#prefix + path)
    const files = new Map<string, string>()
    if (found?.mode === TREE_MODE)
      for await (const file of this.#objects.files(found.oid, path === '' ? '' : `${path}/`))
        files.set(file.path, file.oid)
    else if (found !== undefined && isFile(found)) files.set(path, found.oid)
    return files
  }
}

/** Files and symbolic links; not folders and not submodules. */
function isFile({ mode }: Omit<TreeEntry, 'path'>): boolean {
  return /^1[02]/.test(mode)
}
