// Reads git's objects with isomorphic-git: commits, trees and files, in this process.
import fs from 'node:fs'
import { Errors, expandOid, readBlob, readCommit, readObject, resolveRef } from 'isomorphic-git'
import type { TreeChange } from '../core/document/base-content.ts'
import { KbError } from '../core/errors.ts'
import { isoDate } from '../core/transaction/commit-message.ts'
import type { Repository } from './git/git.ts'
import type { ReadOptions } from './git/objects.ts'
import { EMPTY_TREES, parseTree, TREE_MODE, type TreeEntry } from './git/tree-object.ts'
import type { HistoryCommit } from './history.ts'

/** isomorphic-git holds every pack that it opens in memory. */
export const PACK_BYTES_MAX = 16 * 1024 ** 2

export class InProcessObjects {
  readonly #repository: { fs: typeof fs; gitdir: string; cache: object }

  constructor({ commonDir }: Pick<Repository, 'commonDir'>) {
    this.#repository = { fs, gitdir: commonDir, cache: {} }
  }

  /** The commit that a ref, a tag, or a full or abbreviated object id leads to. */
  async peel(name: string): Promise<string | undefined> {
    const whole = /^[0-9a-f]{40}$/.test(name) ? name : await missing(resolveRef({ ...this.#repository, ref: name }))
    const oid =
      whole ?? (/^[0-9a-f]{4,}$/.test(name) ? await missing(expandOid({ ...this.#repository, oid: name })) : undefined)
    if (oid === undefined) return undefined
    // readCommit follows a tag to its commit.
    return (await missing(readCommit({ ...this.#repository, oid })))?.oid
  }

  async commit(oid: string): Promise<HistoryCommit> {
    const { commit } = await readCommit({ ...this.#repository, oid })
    const { name, timestamp, timezoneOffset } = commit.author
    const minutes = Math.abs(timezoneOffset)
    const [hours, rest] = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0'))
    const zone = `${timezoneOffset > 0 ? '-' : '+'}${hours}${rest}`
    return { oid, parents: commit.parent, author: name, date: isoDate(timestamp, zone), message: commit.message }
  }

  /** The bytes of a file; undefined if they are missing. Throws if they are more than `bytesMax`. */
  async blob(oid: string, { bytesMax = PACK_BYTES_MAX }: ReadOptions): Promise<Buffer | undefined> {
    const read = await missing(readBlob({ ...this.#repository, oid }))
    if (read === undefined) return undefined
    if (read.blob.length > bytesMax)
      throw new KbError('unexpected', `${oid} has ${read.blob.length} bytes, more than the limit of ${bytesMax}.`)
    return Buffer.from(read.blob.buffer, read.blob.byteOffset, read.blob.length)
  }

  /** The entry at a path of a commit: a file, a folder, or undefined. */
  async find(commit: string, path: string): Promise<Omit<TreeEntry, 'path'> | undefined> {
    const root = (await missing(readCommit({ ...this.#repository, oid: commit })))?.commit.tree
    let found: Omit<TreeEntry, 'path'> | undefined = root === undefined ? undefined : { oid: root, mode: TREE_MODE }
    for (const part of path.split('/').filter((part) => part !== '')) {
      if (found?.mode !== TREE_MODE) return undefined
      const entries: TreeEntry[] | undefined = await missing(this.#tree(found.oid))
      found = entries?.find((entry) => entry.path === part)
    }
    return found
  }

  /** Every file of a tree, in git's order. */
  async *files(tree: string, folder: string): AsyncGenerator<TreeEntry> {
    for (const { path, oid, mode } of (await this.#tree(tree)).toSorted(gitOrder)) {
      if (mode === TREE_MODE) yield* this.files(oid, `${folder}${path}/`)
      else yield { path: folder + path, oid, mode }
    }
  }

  /** The files that differ between two trees. */
  async *differences(
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
      yield* this.differences(treeOf(a), treeOf(b), `${folder}${path}/`)
      if (b !== undefined && b.mode !== TREE_MODE) yield { path: folder + path, oid: b.oid }
      else if (a !== undefined && a.mode !== TREE_MODE) yield { path: folder + path, oid: null }
    }
  }

  async #entries(tree: string | undefined): Promise<Map<string, TreeEntry>> {
    const entries = tree === undefined ? [] : await this.#tree(tree)
    return new Map(entries.map((entry) => [entry.path, entry]))
  }

  /** isomorphic-git's own tree reader refuses a whole tree if one name in it is unsafe. */
  async #tree(oid: string): Promise<TreeEntry[]> {
    if (oid === EMPTY_TREES[oid.length]) return []
    const { type, object } = await readObject({ ...this.#repository, oid, format: 'content' })
    if (type !== 'tree') throw new Errors.ObjectTypeError(oid, type as 'blob', 'tree')
    return parseTree(Buffer.from(object as Uint8Array), '', oid.length / 2)
  }
}

/** Sorts tree entries by their bytes, folders as if their name ended in a slash. */
function gitOrder(a: TreeEntry, b: TreeEntry): number {
  const bytes = ({ path, mode }: TreeEntry): Buffer => Buffer.from(mode === TREE_MODE ? `${path}/` : path)
  return Buffer.compare(bytes(a), bytes(b))
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
