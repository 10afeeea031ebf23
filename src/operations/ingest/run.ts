// The frame of a run over many documents: opens resources, does the work, writes overviews, reports how it ended.
import { openWriter, type OpenWriter } from '../../commit/open-writer.ts'
import type { Defer } from '../../core/deferred.ts'
import type { Failure } from '../../core/errors.ts'
import type { StepTimes } from '../../core/logger.ts'
import type { AddResult, Progress } from '../../core/results.ts'
import type { Base } from '../../io/base.ts'
import { packIfMany } from '../../io/git/maintenance.ts'
import { openCompiler } from './open-compiler.ts'
import type { OpenCompiler } from './compiler-types.ts'
import { commitOverviews } from './overviews.ts'
import { stoppedBy } from './stopped.ts'

export type RunOptions = {
  jobs?: number | undefined
  concurrency?: number | undefined
  dryRun?: boolean
  signal?: AbortSignal | undefined
  onProgress?: ((progress: Progress) => void) | undefined
}

/** The resources of a run. `signal` is aborted with the caller's signal and when the run ends. */
export type Run = {
  base: Base
  tools: OpenWriter
  compiler: OpenCompiler
  signal: AbortSignal
  /** The commit that the run started from; null if there is none. */
  head: string | null
}

/** The result fields common to all runs. */
type RunResult = Pick<AddResult, 'overview' | 'model' | 'base' | 'head' | 'elapsedMs' | 'stopped'>

export type Course<T> = {
  result: T
  work: () => Promise<void>
  /** The number of commits, once the work is done. */
  commits: () => number
  /** Final steps, run no matter how the work ended. */
  end?: () => Promise<void>
}

/** Throws `KbError` only if the run cannot start; later failures are reported in `stopped`. */
export async function runDocuments<T extends RunResult>(
  base: Base,
  command: string,
  options: RunOptions,
  begin: (run: Run) => Course<T> | Promise<Course<T>>,
): Promise<T> {
  const started = performance.now()
  const deferred: Promise<void>[] = []
  let followed: Followed<T>
  try {
    followed = await follow(base, command, options, begin, (work) => void deferred.push(work))
    // All writers are closed by now: repacking skips packs that a running fast-import still holds.
    if (options.dryRun !== true) await packIfMany(base, followed.course.commits(), options.signal)
  } finally {
    await Promise.all(deferred)
  }
  base.logger.debug({ steps: followed.times.toJSON() }, `${command} is done`)
  const { result } = followed.course
  result.elapsedMs = Math.round(performance.now() - started)
  return result
}

type Followed<T> = { course: Course<T>; times: StepTimes }

async function follow<T extends RunResult>(
  base: Base,
  command: string,
  options: RunOptions,
  begin: (run: Run) => Course<T> | Promise<Course<T>>,
  defer: Defer,
): Promise<Followed<T>> {
  const { jobs, concurrency, dryRun, onProgress } = options
  const abort = new AbortController()
  const signal = options.signal === undefined ? abort.signal : AbortSignal.any([options.signal, abort.signal])
  await using tools = await openWriter({
    base,
    command,
    defer,
    signal: options.signal,
  })
  const { commit: head } = await tools.writer.locked((session) => session.head())
  await using compiler = await openCompiler(base, { jobs, concurrency, signal, catalog: tools.catalog })
  const course = await begin({ base, tools, compiler, signal, head })
  const { result } = course
  try {
    await course.work()
    if (dryRun !== true && !signal.aborted) {
      const { pages, ...rest } = await commitOverviews(tools, compiler, { base, signal, onProgress })
      result.overview = { ...result.overview, ...rest, pages: result.overview.pages + pages }
    }
  } catch (error) {
    result.stopped = stoppedBy(error, options.signal)
  }
  if (options.signal?.aborted === true) result.stopped ??= stoppedBy(options.signal.reason, options.signal)
  abort.abort()
  if (compiler.usage !== undefined) result.model = compiler.usage()
  result.head = (await tools.objects.resolve('HEAD')) ?? ''
  await course.end?.()
  return { course, times: tools.times }
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
