// A commit's files, with the changes that an undo has planned so far.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isEditablePage, type Change } from '../../commit/change.ts'
import { DOCUMENTS } from '../../core/layout.ts'
import { repoPathOf, type Base } from '../../io/base.ts'
import { blobId } from '../../io/git/object-id.ts'
import type { ObjectReader } from '../../io/git/objects.ts'

/** `oid` null deletes the file. A text without an object yet is included. */
type Pending = { oid: string | null; text?: string }

/** Content up to this many bytes stays in memory until it is committed. */
const HELD_BYTES_MAX = 64 * 1024

export class PendingTree {
  readonly #base: Base
  readonly objects: ObjectReader
  readonly #commit: string
  #changed = new Map<string, Pending>()

  constructor(base: Base, objects: ObjectReader, commit: string) {
    this.#base = base
    this.objects = objects
    this.#commit = commit
  }

  /** The object id of a file, relative to the base; null if there is none. */
  async oid(path: string): Promise<string | null> {
    const pending = this.#changed.get(path)
    if (pending !== undefined) return pending.oid
    const found = await this.objects.header(`${this.#commit}:${repoPathOf(this.#base, path)}`)
    return found?.type === 'blob' ? found.oid : null
  }

  async text(path: string): Promise<string | undefined> {
    const pending = this.#changed.get(path)
    if (pending?.text !== undefined) return pending.text
    const oid = await this.oid(path)
    return oid === null ? undefined : this.textOf(oid)
  }

  async textOf(oid: string): Promise<string> {
    return (await this.objects.read(oid))?.toString() ?? ''
  }

  set(path: string, oid: string | null): void {
    this.#changed.set(path, { oid })
  }

  write(path: string, text: string): void {
    this.#changed.set(path, { oid: blobId(text, this.#base.repository), text })
  }

  /** Runs `change`; its writes are dropped if it returns a reason why it cannot be done. */
  async attempt(change: () => Promise<string | undefined>): Promise<string | undefined> {
    const before = new Map(this.#changed)
    const reason = await change()
    if (reason !== undefined) this.#changed = before
    return reason
  }

  /** Deleted files, relative to the base. */
  deleted(): string[] {
    return [...this.#changed].flatMap(([path, { oid }]) => (oid === null ? [path] : []))
  }

  /** The differences from the commit, in path order. Large contents are written into `folder`, an empty one. */
  async changes(folder: string): Promise<Change[]> {
    const changes: Change[] = []
    for (const [path, { oid, text }] of [...this.#changed].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const found = await this.objects.header(`${this.#commit}:${repoPathOf(this.#base, path)}`)
      if ((found?.oid ?? null) === oid) continue
      if (oid === null) changes.push({ path, content: null })
      else if (text !== undefined) changes.push({ path, content: { bytes: text } })
      else changes.push({ path, content: await this.#content(path, oid, join(folder, String(changes.length))) })
    }
    return changes
  }

  /** Updates the catalog with the text of pages and registry files. */
  async #content(path: string, oid: string, file: string): Promise<NonNullable<Change['content']>> {
    if (isEditablePage(path) || path.startsWith(`${DOCUMENTS}/`)) return { bytes: await this.textOf(oid) }
    const size = (await this.objects.header(oid))?.size ?? 0
    if (size <= HELD_BYTES_MAX) return { bytes: (await this.objects.read(oid)) ?? new Uint8Array() }
    writeFileSync(file, '', { flag: 'wx' })
    for await (const chunk of this.objects.blob(oid)) writeFileSync(file, chunk, { flag: 'a' })
    return { file, size }
  }
}
