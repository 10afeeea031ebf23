// `kbgit add`: scan, prepare, compile, commit. Everything before the commit runs ahead and in parallel; commits are
// made in scan order, as many at once as are ready.
import { originsOf, type AddRequest, type Given } from './add-request.ts'
import { AddTally, emptyAddResult, type Item } from './add-tally.ts'
import type { OpenWriter } from '../../commit/open-writer.ts'
import { estimateFileTokens } from '../../compile/llm/estimate.ts'
import { KbError, messageOf } from '../../core/errors.ts'
import { Batch } from '../../core/document/plan-add.ts'
import type { AddResult } from '../../core/results.ts'
import { withRun, type Run } from './run.ts'
import { movedFrom, moveWork, withEarlierDigest } from './moved-document.ts'
import { documentWork, type DocumentWork } from './document-work.ts'
import type { ReadyDocument } from './plan-files.ts'
import { isHeadless, repoPathOf, type Base } from '../../io/base.ts'
import { MovedOrigins } from '../../io/sidecar/moved-origins.ts'
import { failedOrigins, RunRecord } from '../../io/sidecar/run-record.ts'
import { lastOverviews, type OverviewWork } from './overviews.ts'
import { flow, Semaphore, OrderedQueue } from './pipeline.ts'
import type { OpenCompiler } from './compiler-types.ts'
import type { Preparer } from '../../prepare/protocol.ts'
import { RunNames } from './run-names.ts'
import { RunOriginals } from './run-originals.ts'
import { openPreparer } from './open-preparer.ts'
import { openScan } from './open-scan.ts'
import { makeDocument, type MakeTools } from './make-document.ts'
import { IGNORE_FILE } from '../../scan/ignore-file.ts'
import type { Scanned } from '../../scan/scan.ts'
import { stdinCandidate } from './stdin-candidate.ts'
import { fetchCandidate, type Candidate } from './url-candidate.ts'

/** Maximum number of documents per transaction. */
const GROUP_MAX = 200
/** Limits on documents, and bytes of originals, in progress between scan and commit. */
const UNDER_WAY_MAX = 600
const UNDER_WAY_BYTES_MAX = 256 * 1024 ** 2

/**
 * Adds files, folders and URLs. Throws `KbError` only if the run cannot start; later failures are reported in
 * `stopped`.
 */
export async function add(base: Base, inputs: string[], options: AddRequest): Promise<AddResult> {
  await using pool = await openPreparer(base, options)
  return await withRun(base, 'add', options, async (run) => {
    const record = new RunRecord(base, run.tools.run)
    const moved = await MovedOrigins.open(base)
    const all = options.retryFailed === true ? [...inputs, ...(await failedOrigins(base))] : inputs
    const result: AddResult = { ...emptyAddResult(run.head), ...(options.dryRun === true ? { dryRun: true } : {}) }
    using names = await RunNames.open(base, run, [...all, ...originsOf(options)], options)
    const adding = new AddRun(
      { ...run, pool, record, moved, names },
      { ...options, signal: run.signal, onProgress: run.onProgress },
      result,
    )
    await run.perform(result, () => adding.all(all))
    if (result.stopped === undefined) await names?.end()
    if (options.dryRun !== true) {
      await record.save()
      await moved.save()
    }
    return result
  })
}

type AddTools = Run & { pool: Preparer; record: RunRecord; moved: MovedOrigins; names: RunNames | undefined }

class AddRun {
  readonly #base: Base
  readonly #tools: OpenWriter
  readonly #compiler: OpenCompiler
  readonly #options: AddRequest & { signal: AbortSignal }
  readonly #result: AddResult
  readonly #batch = new Batch()
  readonly #make: MakeTools
  readonly #record: RunRecord
  readonly #known: { catalog: OpenWriter['catalog']; moved: MovedOrigins }
  readonly #tally: AddTally
  readonly #originals: RunOriginals
  readonly #names: RunNames | undefined
  #planned = 0

  constructor(
    { base, tools, pool, compiler, record, moved, names }: AddTools,
    options: AddRequest & { signal: AbortSignal },
    result: AddResult,
  ) {
    this.#base = base
    this.#tools = tools
    this.#compiler = compiler
    this.#options = options
    this.#result = result
    this.#record = record
    this.#tally = new AddTally(
      result,
      this.#batch,
      record,
      options,
      (path) => tools.catalog.documentByOrigin(path) !== undefined,
    )
    this.#known = { catalog: tools.catalog, moved }
    this.#originals = new RunOriginals(base, tools, result, options)
    const semaphore = new Semaphore(pool.documentsMax)
    const { signal, encoding, onProgress } = options
    this.#names = names
    this.#make = { base, tools, pool, compiler, semaphore, names, signal, encoding, onProgress }
  }

  async all(inputs: string[]): Promise<void> {
    const queue = new OrderedQueue<Item>({
      itemsMax: UNDER_WAY_MAX,
      weightMax: UNDER_WAY_BYTES_MAX,
      isWork: ({ kind }) => kind === 'document' || kind === 'waits',
    })
    const commit = async (items: Item[]): Promise<boolean> => {
      if (this.#options.signal.aborted) return false
      await this.#commit(items, queue.exhausted)
      return this.#result.failed.length === 0 || this.#options.failFast !== true
    }
    await flow(queue, () => this.#scan(inputs, queue), commit, GROUP_MAX)
    if (!this.#options.signal.aborted) await this.#originals.finish(this.#tally)
  }

  async #scan(inputs: string[], queue: OrderedQueue<Item>): Promise<void> {
    const { signal, limit = Number.POSITIVE_INFINITY, onProgress } = this.#options
    const { stdin, documents = [] } = this.#options
    if (stdin !== undefined && inputs.includes('-'))
      await this.#put(queue, await stdinCandidate(this.#base, stdin, this.#tools.staging.folder()))
    for (const document of documents) await this.#put(queue, document)
    const named = stdin === undefined ? inputs : inputs.filter((input) => input !== '-')
    using opened = openScan(this.#base, named, { ...this.#options, ignore: await this.#committedRules() })
    let asked = performance.now()
    for await (const scanned of opened.scan) {
      this.#tools.times.add('prefilter', performance.now() - asked)
      if (signal.aborted || this.#planned >= limit) break
      onProgress?.({ kind: 'scan', files: opened.scan.files, bytes: opened.scan.bytes })
      await this.#put(queue, await this.#candidate(scanned))
      if (this.#options.dryRun !== true) await this.#record.saveNowAndThen()
      asked = performance.now()
    }
    this.#result.leftOut = Object.fromEntries(opened.scan.leftOut)
    this.#result.ignored = opened.scan.ignored
    if (this.#options.dryRun !== true) await this.#record.save()
    onProgress?.({ kind: 'planned', total: this.#tally.seen, skipped: this.#result.skipped.length })
  }

  /** Of a headless base, whose ignore file is nowhere on disk. */
  async #committedRules(): Promise<string | undefined> {
    if (!isHeadless(this.#base)) return undefined
    const head = (await this.#tools.tip()) ?? ''
    const file = await this.#tools.objects.read(`${head}:${repoPathOf(this.#base, IGNORE_FILE)}`)
    // As ignore files are read from disk: byte for byte.
    return file?.toString('latin1') ?? ''
  }

  #put(queue: OrderedQueue<Item>, candidate: Given): Promise<void> {
    this.#tally.seen++
    return queue.put(() => this.#start(candidate), 'size' in candidate ? candidate.size : 0)
  }

  /** URLs are fetched here, one at a time, because planning needs to know their content. */
  async #candidate(scanned: Scanned): Promise<Given> {
    switch (scanned.kind) {
      case 'failed':
        return { kind: 'failed', origin: scanned.origin, failure: scanned.failure }
      case 'skipped':
        this.#base.logger.debug({ path: scanned.origin, reason: scanned.reason }, 'skipped')
        return { kind: 'skipped', candidate: { origin: scanned.origin, stem: '', sha256: '' }, reason: scanned.reason }
      case 'file':
        return scanned
      case 'url':
        return fetchCandidate(this.#base, scanned, this.#tools.staging.folder(), this.#options)
    }
  }

  /** Decides, in scan order, what to do with a candidate, and starts its work. */
  #start(candidate: Given): Promise<Item> {
    if (candidate.kind === 'failed' || candidate.kind === 'skipped') return Promise.resolve(candidate)
    const renamed = withEarlierDigest(
      candidate.named && this.#options.encoding !== undefined ? { ...candidate, force: true } : candidate,
      this.#known,
    )
    const plan = this.#batch.plan(renamed, this.#tools.catalog)
    const position = renamed.position ?? (plan.kind === 'skip' ? undefined : this.#names?.position())
    const positioned = { ...renamed, position }
    switch (plan.kind) {
      case 'skip':
        this.#names?.skip(plan.name, position)
        return Promise.resolve({
          kind: 'skipped',
          candidate,
          reason: plan.reason,
          name: plan.name,
          // An unchanged file has not moved.
          movedFrom: plan.reason === 'duplicate' ? movedFrom(candidate, plan.name, this.#known) : undefined,
        })
      case 'wait':
        return Promise.resolve({ kind: 'waits', candidate: positioned })
      case 'add':
        this.#planned++
        return this.#prepare(positioned, plan.name)
      case 'update':
        this.#planned++
        return this.#prepare(positioned, plan.document.name)
    }
  }

  async #prepare(candidate: Candidate, name: string): Promise<Item> {
    const { origin } = candidate
    if (this.#options.dryRun === true) {
      this.#estimate(candidate)
      return { kind: 'document', candidate, ready: { origin, name } as ReadyDocument }
    }
    if (this.#options.documents === undefined) this.#record.begin(origin, candidate.sha256)
    try {
      const made = await makeDocument(candidate, name, this.#make)
      if ('ready' in made) return { kind: 'document', candidate, ready: made.ready }
      // A file of unknown format that was only found in a folder, not named by the user.
      if (made.failure.code === 'unsupported' && made.isPrepare && !candidate.named)
        return { kind: 'skipped', candidate, reason: 'unsupported', planned: true }
      return { kind: 'failed', origin, candidate, failure: made.failure }
    } catch (error) {
      if (error instanceof KbError || this.#options.signal.aborted) throw error
      return {
        kind: 'failed',
        origin,
        candidate,
        failure: { code: 'internal', message: `${origin}: ${messageOf(error)}` },
      }
    }
  }

  /** Estimated tokens a model would read and write, from the file's size. */
  #estimate(candidate: Candidate): void {
    if (this.#compiler.model === undefined) return
    const { promptTokens, completionTokens } = estimateFileTokens(candidate, this.#base.config.pageindexThreshold)
    this.#result.estimatedTokens = (this.#result.estimatedTokens ?? 0) + promptTokens + completionTokens
  }

  /**
   * Commits items in order. An item that waits for another is decided again once all items before it are done. The last
   * group of the run also writes the overviews that are due.
   */
  async #commit(items: Item[], last: boolean): Promise<void> {
    let group: Item[] = []
    for (const item of items) {
      if (item.kind === 'waits') {
        await this.#commitGroup(group)
        group = [await this.#start(item.candidate)]
      } else group.push(item)
    }
    const { signal, onProgress } = this.#options
    await this.#commitGroup(
      group,
      last ? lastOverviews(this.#tools, this.#compiler, { base: this.#base, signal, onProgress }) : undefined,
    )
  }

  /** Commits the documents among the items as one group and reports every item in order. */
  async #commitGroup(items: Item[], overviews?: OverviewWork): Promise<void> {
    const workByItem = new Map<Item, DocumentWork>()
    for (const item of this.#options.dryRun === true ? [] : items) {
      if (item.kind === 'document') workByItem.set(item, documentWork(this.#base, item.ready))
      else if (item.kind === 'skipped' && item.movedFrom !== undefined)
        workByItem.set(item, { ...moveWork(item.name ?? '', item.movedFrom, item.candidate), end: () => undefined })
    }
    if (workByItem.size > 0)
      await this.#originals.expect(items.flatMap((item) => (item.kind === 'document' ? [item.ready] : [])))
    const group =
      workByItem.size === 0
        ? undefined
        : await this.#tools.writer.locked((session) =>
            session.commit([...workByItem.values(), ...(overviews === undefined ? [] : [overviews])]),
          )
    const outcomes = group?.outcomes.values()
    for (const item of items) {
      const work = workByItem.get(item)
      const ended = work === undefined ? undefined : { outcome: outcomes?.next().value, end: work.end() }
      this.#tally.report(item, ended)
      this.#names?.ended(item, ended)
    }
    const overview = outcomes?.next().value
    if (overview?.kind === 'committed')
      this.#result.overview = { pages: overviews?.pages() ?? 0, commit: overview.commit }
    if (group !== undefined) await this.#record.save()
    if (group !== undefined && group.edits.length + group.kept.length > 0) {
      const edits = (this.#result.edits ??= { commits: [], kept: [] })
      edits.commits.push(...group.edits)
      edits.kept.push(...group.kept)
    }
    const folders = items.flatMap((item) => (item.kind === 'document' ? stagingOf(item.ready) : []))
    this.#tools.staging.discard(...folders)
    if (group?.unfinished !== undefined) throw group.unfinished
  }
}

/** With `--dry-run` there is none. */
function stagingOf({ staging, attachments = [] }: Partial<ReadyDocument>): string[] {
  return [staging ?? [], attachments.map((attachment) => attachment.staging)].flat()
}
