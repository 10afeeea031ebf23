// `kbgit recompile`: compiles stored documents again, one commit each. An unchanged result makes no commit, so an
// interrupted run can simply be repeated.
import type { OpenWriter } from '../../commit/open-writer.ts'
import type { Outcome } from '../../commit/work.ts'
import { emptyUsage } from '../../core/document/compiled.ts'
import type { DocumentRecord } from '../../core/document/document.ts'
import { DocumentError, KbError, messageOf, type Failure } from '../../core/errors.ts'
import type { RecompileResult } from '../../core/results.ts'
import { doneProgress, withRun, type Run, type RunOptions } from './run.ts'
import { recompileWork, type RecompiledInput } from './document-work.ts'
import type { Base } from '../../io/base.ts'
import type { OpenCompiler } from './compiler-types.ts'
import { flow, Semaphore, OrderedQueue } from './pipeline.ts'
import { stageStored } from './stored-document.ts'

export type RecompileRequest = RunOptions & { all?: boolean }

/** Limits on documents per transaction, and on documents in progress between reading and commit. */
const GROUP_MAX = 64
const UNDER_WAY_MAX = 128

type Item =
  | { kind: 'compiled'; ready: RecompiledInput }
  | { kind: 'estimated'; name: string; tokens: number }
  | { kind: 'failed'; name: string; failure: Failure }

/**
 * Recompiles the named documents, or all of them. Throws `KbError` only if the run cannot start (`usage` without names
 * or `all`, `notFound` for an unknown name); later failures are reported in `stopped`.
 */
export async function recompile(
  base: Base,
  names: string[] | undefined,
  options: RecompileRequest,
): Promise<RecompileResult> {
  if (names === undefined && options.all !== true) {
    throw new KbError('usage', 'Name a document or pass --all.', { hint: 'See "kbgit list" for names.' })
  }
  if (base.config.model === 'agent')
    return (await import('../agents/compile-again.ts')).compileAgain(base, names, options)
  return withRun(base, 'recompile', options, async (run) => {
    const { catalog } = run.tools
    const records =
      names === undefined ? [...catalog.documents()] : names.map((name) => required(catalog.documentByName(name), name))
    const head = run.head ?? ''
    const result: RecompileResult = {
      recompiled: [],
      unchanged: [],
      failed: [],
      overview: { pages: 0 },
      model: emptyUsage(),
      base: head,
      head,
      elapsedMs: 0,
      ...(options.dryRun === true ? { dryRun: true } : {}),
    }
    const recompiling = new RecompileRun(run, { ...options, signal: run.signal, onProgress: run.onProgress }, result)
    await run.perform(result, () => recompiling.all(records))
    return result
  })
}

class RecompileRun {
  readonly #base: Base
  readonly #tools: OpenWriter
  readonly #compiler: OpenCompiler
  readonly #options: RecompileRequest & { signal: AbortSignal }
  readonly #head: string
  readonly #result: RecompileResult
  readonly #semaphore: Semaphore
  #total = 0
  #done = 0

  constructor(
    { base, tools, compiler, head }: Run,
    options: RecompileRequest & { signal: AbortSignal },
    result: RecompileResult,
  ) {
    this.#base = base
    this.#tools = tools
    this.#compiler = compiler
    this.#options = options
    this.#head = head ?? ''
    this.#result = result
    this.#semaphore = new Semaphore(
      options.jobs ??
        Math.max(base.config.fileProcessingJobs, compiler.model === undefined ? 1 : base.config.concurrency),
    )
  }

  async all(records: DocumentRecord[]): Promise<void> {
    this.#total = records.length
    this.#options.onProgress?.({ kind: 'planned', total: records.length, skipped: 0 })
    const queue = new OrderedQueue<Item>({ itemsMax: UNDER_WAY_MAX, weightMax: Number.POSITIVE_INFINITY })
    const commit = async (items: Item[]): Promise<boolean> => {
      if (this.#options.signal.aborted) return false
      await this.#commit(items)
      return true
    }
    await flow(queue, () => this.#start(records, queue), commit, GROUP_MAX)
  }

  async #start(records: DocumentRecord[], queue: OrderedQueue<Item>): Promise<void> {
    for (const record of records) {
      if (this.#options.signal.aborted) return
      await queue.put(() => this.#semaphore.run((worker) => this.#compile(record, worker)), 1)
    }
  }

  async #compile(record: DocumentRecord, worker: number): Promise<Item> {
    const { name } = record
    const { signal, dryRun, onProgress } = this.#options
    if (dryRun === true && this.#compiler.estimate === undefined) return { kind: 'estimated', name, tokens: 0 }
    try {
      signal.throwIfAborted()
      onProgress?.({ kind: 'compile', path: name, worker })
      const staging = this.#tools.staging.folder()
      const prepared = await stageStored(this.#base, this.#tools.objects, this.#head, record, staging)
      const input = { prepared, staging, fallbackTitle: record.title, label: name }
      if (dryRun === true) {
        const { promptTokens = 0, completionTokens = 0 } = (await this.#compiler.estimate?.(input)) ?? {}
        this.#tools.staging.discard(staging)
        return { kind: 'estimated', name, tokens: promptTokens + completionTokens }
      }
      const reply = await this.#tools.times.time('compile', () => this.#compiler.compile(input, signal))
      if (!reply.ok) return { kind: 'failed', name, failure: reply.failure }
      return { kind: 'compiled', ready: { record, staging, prepared, compiled: reply.compiled } }
    } catch (error) {
      if (error instanceof DocumentError) return { kind: 'failed', name, failure: error.failure }
      if (error instanceof KbError || signal.aborted) throw error
      return { kind: 'failed', name, failure: { code: 'internal', message: `${name}: ${messageOf(error)}` } }
    }
  }

  /** Commits the compiled documents as one group and reports every document in order. */
  async #commit(items: Item[]): Promise<void> {
    const ready = items.flatMap((item) => (item.kind === 'compiled' ? [item.ready] : []))
    const workItems = ready.map((one) => recompileWork(this.#base, one))
    const group =
      workItems.length === 0 ? undefined : await this.#tools.writer.locked((session) => session.commit(workItems))
    const outcomes = group?.outcomes.values()
    for (const item of items) {
      switch (item.kind) {
        case 'failed':
          this.#failed(item.name, item.failure)
          break
        case 'estimated':
          this.#result.recompiled.push({ name: item.name, commit: '' })
          if (this.#compiler.estimate !== undefined)
            this.#result.estimatedTokens = (this.#result.estimatedTokens ?? 0) + item.tokens
          this.#progress(item.name, 'updated')
          break
        case 'compiled':
          this.#reportDocument(item.ready, outcomes?.next().value)
      }
    }
    this.#tools.staging.discard(...ready.map(({ staging }) => staging))
    if (group?.unfinished !== undefined) throw group.unfinished
  }

  #reportDocument({ record: { name }, compiled: { usage } }: RecompiledInput, outcome: Outcome | undefined): void {
    switch (outcome?.kind) {
      case 'committed':
        this.#result.recompiled.push({
          name,
          commit: outcome.commit,
          ...(usage === undefined || usage.calls + usage.cachedAnswers === 0 ? {} : { model: usage }),
        })
        return this.#progress(name, 'updated')
      case 'failed':
        return this.#failed(name, outcome.failure)
      case 'nothing':
      case undefined:
        this.#result.unchanged.push(name)
        return this.#progress(name, 'skipped')
    }
  }

  #failed(name: string, failure: Failure): void {
    this.#result.failed.push({ path: name, error: failure })
    this.#progress(name, 'failed', failure)
  }

  #progress(path: string, outcome: 'updated' | 'skipped' | 'failed', failure?: Failure): void {
    this.#done++
    this.#options.onProgress?.(doneProgress(path, outcome, { done: this.#done, total: this.#total }, failure))
  }
}

function required(record: DocumentRecord | undefined, name: string): DocumentRecord {
  if (record === undefined)
    throw new KbError('notFound', `There is no document "${name}".`, { hint: 'See "kbgit list" for names.' })
  return record
}
