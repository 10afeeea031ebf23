// The search store follows the branch: the pages of a transaction are indexed after it, while the next one is prepared.
// Nothing depends on it: the next search indexes whatever was missed.
import { messageOf } from '../../core/errors.ts'
import type { Logger, StepTimes } from '../../core/logger.ts'
import { workerFile } from '../../core/package-files.ts'
import { INDEXED_BYTES_MAX } from './indexed-text.ts'
import { PageIndex, type PageEntry } from './store.ts'
import type { IndexReply, IndexTask } from './indexer-worker.ts'
import type { WorkerPool } from '../workers/worker-pool.ts'

const WORKER = workerFile('io/search/indexer-worker')
/**
 * Batch size in bytes. A page that many documents change is indexed once for all of them; search indexes pages that are
 * still waiting by itself.
 */
const TOGETHER_MIN = 8 * 1024 ** 2
/** Maximum number of bytes waiting to be indexed; if a run is faster than the store, the writer waits. */
const WAITING_MAX = 3 * TOGETHER_MIN
/** Milliseconds after which even a small batch is indexed. */
const WAIT_MS_MAX = 10_000
/** Batches up to this many bytes are indexed in this thread: starting another one would take longer. */
const FEW_MAX = 256 * 1024
const WORKER_MEMORY_BYTES = 512 * 1024 ** 2
const WORKER_TIMEOUT_MS = 10 * 60_000

/** A page of `size` bytes as of a commit; null if the commit does not have it. Long pages are passed as streams. */
export type IndexUpdate = { path: string; size: number; entry: PageEntry | null }

type Tools = { store: string; times: StepTimes; logger: Logger; signal?: AbortSignal | undefined }

export class PageIndexer implements AsyncDisposable {
  readonly #tools: Tools
  /** By path: if a page changes again before it is indexed, only the newest version is. */
  readonly #waiting = new Map<string, IndexUpdate & { entry: PageEntry }>()
  #bytes = 0
  /** When the last batch was taken. */
  #since = performance.now()
  #working: Promise<void> | undefined
  /** Loaded and started once there is enough work for it. */
  #pool: WorkerPool | undefined
  #broken = false

  private constructor(tools: Tools) {
    this.#tools = tools
  }

  /** `store` is the path of the search store. */
  static open(tools: Tools): PageIndexer {
    return new PageIndexer(tools)
  }

  /** Queues pages; waits only if too much is queued. Never throws: indexing failures are logged. */
  async update(pages: Iterable<IndexUpdate>): Promise<void> {
    if (this.#broken) return
    for (const page of pages) this.#put(page)
    if (this.#bytes >= TOGETHER_MIN || performance.now() - this.#since > WAIT_MS_MAX) this.#start()
    if (this.#bytes > WAITING_MAX) await this.#working
  }

  /** Resolves when everything queued is indexed, or left to be indexed by others. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#working
    this.#start()
    await this.#working
    await this.#pool?.[Symbol.asyncDispose]()
  }

  #start(): void {
    this.#working ??= this.#work().finally(() => (this.#working = undefined))
  }

  #put({ path, size, entry }: IndexUpdate): void {
    this.#bytes -= this.#waiting.get(path)?.size ?? 0
    this.#waiting.delete(path)
    if (entry === null) return
    const page = { path, size: Math.min(size, INDEXED_BYTES_MAX), entry }
    this.#waiting.set(path, page)
    this.#bytes += page.size
  }

  async #work(): Promise<void> {
    const { times, logger } = this.#tools
    if (this.#waiting.size === 0 || this.#aborted) return
    const entries = [...this.#waiting.values()].map(({ entry }) => entry)
    const few = this.#pool === undefined && this.#bytes < FEW_MAX
    this.#waiting.clear()
    this.#bytes = 0
    this.#since = performance.now()
    try {
      await times.time('index', () => this.#index(entries, few))
    } catch (error) {
      if (this.#aborted) return
      this.#broken = true
      this.#waiting.clear()
      this.#bytes = 0
      logger.warn(
        { error: messageOf(error) },
        'the search store is behind; the next search or kbgit recover brings it up to date',
      )
    }
  }

  get #aborted(): boolean {
    return this.#tools.signal?.aborted === true
  }

  async #index(entries: PageEntry[], few: boolean): Promise<void> {
    if (few) {
      using index = PageIndex.open(this.#tools.store, { access: 'write' })
      await index.index(entries)
      return
    }
    await this.#inWorker(entries.filter(isAtHand))
    // One at a time: of a long text, only as much as will be indexed is held in memory.
    for (const { content, ...key } of entries) {
      if (typeof content === 'function') await this.#inWorker([{ ...key, content: await beginningOf(content()) }])
    }
  }

  async #inWorker(entries: IndexTask['entries']): Promise<void> {
    if (entries.length === 0) return
    const { store, signal } = this.#tools
    this.#pool ??= new (await import('../workers/worker-pool.ts')).WorkerPool(1)
    const outcome = await this.#pool.run<IndexTask, IndexReply>(
      WORKER,
      { store, entries },
      {
        runtime: 'thread',
        timeoutMs: WORKER_TIMEOUT_MS,
        memoryBytes: WORKER_MEMORY_BYTES,
        signal,
      },
    )
    if (outcome.kind !== 'done')
      throw new Error(outcome.kind === 'crashed' ? outcome.message : `indexing ended: ${outcome.kind}`)
    if (outcome.reply.failure !== undefined) throw new Error(outcome.reply.failure)
  }
}

function isAtHand(entry: PageEntry): entry is IndexTask['entries'][number] {
  return typeof entry.content !== 'function'
}

/** The part of a text that is indexed, plus a little more to detect that it is longer. */
async function beginningOf(content: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of content) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes > INDEXED_BYTES_MAX) break
  }
  return new Uint8Array(Buffer.concat(chunks))
}
