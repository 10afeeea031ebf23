// The frame of a run over many documents: opens resources, does the work, writes overviews, reports how it ended.
import { openWriter, type OpenWriter } from '../../commit/open-writer.ts'
import type { Defer } from '../../core/deferred.ts'
import type { Failure } from '../../core/errors.ts'
import type { StepTimes } from '../../core/logger.ts'
import type { AddResult, Progress } from '../../core/results.ts'
import { namesModel } from '../../core/config.ts'
import { needsReview } from '../../core/review.ts'
import type { Sampler } from '../../core/sampling.ts'
import type { Base } from '../../io/base.ts'
import { RunNote } from '../../io/sidecar/running-work.ts'
import { packIfMany } from '../../io/git/maintenance.ts'
import { openCompiler } from './open-compiler.ts'
import type { OpenCompiler } from './compiler-types.ts'
import { commitOverviews } from './overviews.ts'
import { newReview, reviewOf } from '../review/branches.ts'
import { stoppedBy } from './stopped.ts'

export type RunOptions = {
  jobs?: number | undefined
  concurrency?: number | undefined
  dryRun?: boolean
  signal?: AbortSignal | undefined
  onProgress?: ((progress: Progress) => void) | undefined
  /** Default: what `review` in kbgit.yaml says. */
  review?: boolean | undefined
  /** On whose behalf. */
  agent?: string | undefined
  /** Who answers with `model: sampling`. */
  sampler?: Sampler | undefined
}

/** The result fields common to all runs. */
type RunResult = Pick<AddResult, 'overview' | 'model' | 'base' | 'head' | 'elapsedMs' | 'stopped' | 'review'>

/** The resources of a run. */
export type Run = {
  base: Base
  tools: OpenWriter
  compiler: OpenCompiler
  /** Aborted with the caller's signal, and when the work has ended. */
  signal: AbortSignal
  /** Tells the caller, and other processes that show the base. */
  onProgress: (progress: Progress) => void
  /** The commit that the run started from; null if there is none. */
  head: string | null
  /** Does the work, writes the overviews that are due, and reports in `result` how it ended. */
  perform: (result: RunResult, work: () => Promise<void>) => Promise<void>
}

/**
 * Opens what a run needs, lets `work` make its result, closes everything, and packs the repository if that is worth its
 * time. Throws `KbError` only if the run cannot start; later failures are reported in `stopped`.
 */
export async function withRun<R extends RunResult>(
  base: Base,
  command: string,
  options: RunOptions,
  work: (run: Run) => Promise<R>,
): Promise<R> {
  const started = performance.now()
  const deferred: Promise<void>[] = []
  let ended: Ended<R>
  try {
    ended = await openRun(base, command, options, (later) => void deferred.push(later), work)
    // All writers are closed by now: repacking skips packs that a running fast-import still holds.
    if (options.dryRun !== true) await packIfMany(base, ended.commits, options.signal)
  } finally {
    await Promise.all(deferred)
  }
  const { result, times } = ended
  base.logger.debug({ steps: times.toJSON() }, `${command} is done`)
  result.elapsedMs = Math.round(performance.now() - started)
  return result
}

type Ended<R> = { result: R; commits: number; times: StepTimes }

async function openRun<R>(
  base: Base,
  command: string,
  options: RunOptions,
  defer: Defer,
  work: (run: Run) => Promise<R>,
): Promise<Ended<R>> {
  const { jobs, concurrency, sampler } = options
  const abort = new AbortController()
  const signal = options.signal === undefined ? abort.signal : AbortSignal.any([options.signal, abort.signal])
  const { agent, dryRun } = options
  const review =
    options.review ?? needsReview(base.config, { agent: agent !== undefined, model: namesModel(base.config) })
  const branch = review ? newReview(base) : undefined
  await using tools = await openWriter({ base, command, defer, signal: options.signal, branch, agent })
  const { commit: head } = await tools.writer.locked((session) => session.head())
  await using compiler = await openCompiler(base, { jobs, concurrency, sampler, signal })
  using note = dryRun === true ? undefined : new RunNote(base, command)
  const onProgress = (progress: Progress): void => {
    note?.report(progress)
    options.onProgress?.(progress)
  }
  const opened = { base, tools, compiler, signal, head, onProgress }
  const result = await work({
    ...opened,
    perform: async (result, documents) => {
      await perform(opened, options, result, documents)
      abort.abort()
      if (compiler.usage !== undefined) result.model = compiler.usage()
      result.head = (await tools.tip()) ?? ''
      if (review && tools.commits() > 0) result.review = reviewOf(await tools.branch())
    },
  })
  return { result, commits: tools.commits(), times: tools.times }
}

async function perform(
  { base, tools, compiler, signal, onProgress }: Omit<Run, 'perform'>,
  options: RunOptions,
  result: RunResult,
  work: () => Promise<void>,
): Promise<void> {
  const { dryRun } = options
  try {
    await work()
    if (dryRun !== true && !signal.aborted) {
      const { pages, ...rest } = await commitOverviews(tools, compiler, { base, signal, onProgress })
      result.overview = { ...result.overview, ...rest, pages: result.overview.pages + pages }
    }
  } catch (error) {
    result.stopped = stoppedBy(error, options.signal)
  }
  if (options.signal?.aborted === true) result.stopped ??= stoppedBy(options.signal.reason, options.signal)
}

/** Reports a finished document, with the failure if it failed. */
export function doneProgress(
  path: string,
  outcome: Extract<Progress, { kind: 'done' }>['outcome'],
  count: { done: number; total: number },
  failure?: Failure,
): Progress {
  const { message, hint } = failure ?? {}
  return {
    kind: 'done',
    path,
    outcome,
    ...count,
    message,
    hint,
  }
}
