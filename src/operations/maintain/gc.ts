// `kbgit gc`: drops sidecar data for commits that no ref or reflog reaches. git's own objects are left to git.
//
// When deleting, references go first: only unreachable commits name what is dropped here, so rows go in one transaction,
// then blobs one by one. An interrupted run has dropped only some of what nothing refers to.
import { readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { openWriter, type OpenWriter } from '../../commit/open-writer.ts'
import { parsePointer, POINTER_BYTES_MAX, serializePointer } from '../../core/document/pointer.ts'
import { isPointerPath } from '../../core/layout.ts'
import type { GcResult } from '../../core/results.ts'
import { answerFiles } from '../../io/model/answer-cache.ts'
import type { Base } from '../../io/base.ts'
import { sidecarPath } from '../../io/sidecar/paths.ts'
import { LargeStore } from '../../io/sidecar/large-store.ts'
import { namesIn } from '../../io/folder-names.ts'
import { blobId } from '../../io/git/object-id.ts'
import { PageIndex } from '../../io/search/store.ts'
import { VectorStore } from '../../io/search/vector-store.ts'
import { prunePrepared } from '../../io/sidecar/prepared-store.ts'
import { reachableObjects } from '../../io/git/reachable.ts'

export type GcOptions = { dryRun?: boolean; answers?: boolean }

/** Holds the lock, so that no transaction is in progress whose blobs are not yet in a commit. Throws `KbError`. */
export async function gc(base: Base, options: GcOptions = {}): Promise<GcResult> {
  const { dryRun = false, answers = false } = options
  await using tools = await openWriter({ base, command: 'gc', unborn: true })
  return await tools.writer.locked(async () => {
    const result: GcResult = { rows: 0, blobs: 0, answers: 0, bytes: 0, dryRun }
    const blobs = new LargeStore(base)
    const use = await BlobUse.of(base, blobs, tools)
    using pageIndex = PageIndex.open(sidecarPath(base, 'pageIndex'), { access: 'write' })
    const before = pageIndex.stats().bytes
    result.rows = await pageIndex.dropUnreached(use.watch(), { dryRun })
    result.bytes += before - pageIndex.stats().bytes
    result.rows += dropVectors(base, pageIndex, { dryRun })
    for (const { sha256, size } of await use.unused()) {
      if (!dryRun) await blobs.remove(sha256)
      result.blobs++
      result.bytes += size
    }
    if (!dryRun) {
      tools.catalog.compact()
      await dropCaches(base)
    }
    if (answers) {
      const kept = await filesBelow(sidecarPath(base, 'answers'))
      result.answers = kept.files
      result.bytes += kept.bytes
      if (!dryRun) await answerFiles(base.sidecarDir).drop()
    }
    return result
  })
}

/** Drops vectors of passages that the store no longer has, and of models that `kbgit.yaml` no longer names. */
function dropVectors(base: Base, pageIndex: PageIndex, { dryRun }: { dryRun: boolean }): number {
  const path = sidecarPath(base, 'vectors')
  if (!VectorStore.exists(path)) return 0
  using vectors = VectorStore.open(path, base.config.embeddings ?? '', { access: 'write' })
  return vectors.dropExcept((digest) => pageIndex.hasPassage(digest), { dryRun })
}

/** Caches that speed up the next command; they may belong to another version of kbgit. */
async function dropCaches(base: Base): Promise<void> {
  await prunePrepared(base.sidecarDir)
  await rm(sidecarPath(base, 'code'), { recursive: true, force: true })
}

/** Finds the blobs that are referenced. Bounded by the number of blobs, not by the history. */
class BlobUse {
  readonly #base: Base
  readonly #objects: OpenWriter['objects']
  /** Blobs not yet known to be referenced, with their size in bytes. */
  readonly #idle: Map<string, number>
  /** The object id of the pointer that kbgit writes for a blob. */
  readonly #pointers = new Map<string, string>()
  /** Objects whose path marks them as pointers. */
  readonly #named: string[] = []

  private constructor(base: Base, objects: OpenWriter['objects'], idle: Map<string, number>) {
    this.#base = base
    this.#objects = objects
    this.#idle = idle
    for (const [sha256, size] of idle)
      this.#pointers.set(blobId(serializePointer({ sha256, size }), base.repository), sha256)
  }

  static async of(base: Base, blobs: LargeStore, { objects }: OpenWriter): Promise<BlobUse> {
    const idle = new Map<string, number>()
    for await (const { sha256, size } of blobs.list()) idle.set(sha256, size)
    // A quarantined transaction may still be needed.
    for (const digest of await quarantinedDigests(base)) idle.delete(digest)
    return new BlobUse(base, objects, idle)
  }

  /** The ids of all reachable objects; notes blob references on the way. */
  async *watch(): AsyncGenerator<string> {
    for await (const { oid, path } of reachableObjects(this.#base.git)) {
      const sha256 = this.#pointers.get(oid)
      if (sha256 !== undefined) this.#idle.delete(sha256)
      else if (this.#idle.size > 0 && isPointerPath(path.slice(this.#base.prefix.length))) this.#named.push(oid)
      yield oid
    }
  }

  /** Call after all objects have been seen. */
  async unused(): Promise<{ sha256: string; size: number }[]> {
    for await (const { body } of this.#objects.readMany(this.#named, (oid) => oid, {
      bytesMax: POINTER_BYTES_MAX,
      skipLarger: true,
    })) {
      this.#idle.delete(parsePointer(body.toString())?.sha256 ?? '')
    }
    return [...this.#idle].map(([sha256, size]) => ({ sha256, size }))
  }
}

async function quarantinedDigests(base: Base): Promise<string[]> {
  const folder = sidecarPath(base, 'quarantine')
  const found: string[] = []
  for (const name of await namesIn(folder)) {
    const text = await readFile(join(folder, name), 'latin1').catch(() => '')
    found.push(...(text.match(/\b[0-9a-f]{64}\b/g) ?? []))
  }
  return found
}

async function filesBelow(folder: string): Promise<{ files: number; bytes: number }> {
  const sum = { files: 0, bytes: 0 }
  for (const shard of await namesIn(folder)) {
    for (const name of await namesIn(join(folder, shard))) {
      const { size } = await stat(join(folder, shard, name))
      sum.files++
      sum.bytes += size
    }
  }
  return sum
}
