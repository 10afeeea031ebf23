// The appearance of progress: events update a state, and the state becomes lines. Pure.
import type { Progress } from '../index.ts'
import type { Style } from './style.ts'
import { counted, cut, duration, inline, pad, size } from './text.ts'

type Work = { stage: 'prepare' | 'compile'; path: string }
export type ProgressState = {
  scanned?: { files: number; bytes: number }
  /** Documents found so far; all of them once `planned`. The scan may still be running when the first are done. */
  total?: number
  planned: boolean
  /** Clock time in milliseconds of the first event after the scan began: the rate is measured from here. */
  beganAt?: number
  /** Clock time of the last finished document, up to which the rate is measured. */
  doneAt?: number
  /** Milliseconds left as last shown: the next value is never higher. */
  leftShown?: number
  done: number
  failed: number
  skipped: number
  /** From a worker's name to its current work. */
  working: Map<string, Work>
  overview?: number
  sync?: { stage: string; percent: number }
  eval?: string
  purge?: { step: keyof typeof PURGE_STEPS; done: number | undefined }
}

/** With less time in milliseconds, or fewer documents, a rate would be random. */
const RATE_MS_MIN = 2_000
const RATE_DOCUMENTS_MIN = 2
const BAR_COLUMNS = 24

export function newState(): ProgressState {
  return { planned: false, done: 0, failed: 0, skipped: 0, working: new Map() }
}

/** Applies an event to the state. */
export function take(state: ProgressState, progress: Progress, now: number): void {
  if (progress.kind !== 'scan') state.beganAt ??= now
  switch (progress.kind) {
    case 'scan':
      state.scanned = { files: progress.files, bytes: progress.bytes }
      return
    case 'planned':
      state.total = progress.total
      state.skipped = progress.skipped
      state.planned = true
      return
    case 'prepare':
    case 'compile':
      forget(state, progress.path)
      state.working.set(`${progress.kind} ${progress.worker}`, { stage: progress.kind, path: progress.path })
      return
    case 'done':
      forget(state, progress.path)
      state.done = progress.done
      state.doneAt = now
      state.total = progress.total
      if (progress.outcome === 'failed') state.failed++
      if (progress.outcome === 'skipped') state.skipped++
      return
    case 'overview':
      state.working.clear()
      state.overview = progress.pages
      return
    case 'sync':
      state.sync = { stage: progress.stage, percent: progress.percent }
      return
    case 'eval':
      state.eval = progress.earlier ? `${EVAL_STEPS[progress.step]} of the revision before` : EVAL_STEPS[progress.step]
      return
    case 'purge':
      state.purge = { step: progress.step, done: progress.done }
      return
  }
}

function forget(state: ProgressState, path: string): void {
  for (const [worker, work] of state.working) if (work.path === path) state.working.delete(worker)
}

/**
 * Milliseconds left at the rate so far; undefined while that is unknown. Never more than when it was last asked for, and
 * while a document takes longer than others did, it stands still.
 */
export function msLeft(state: ProgressState, now: number): number | undefined {
  const { total, beganAt, doneAt, done, planned } = state
  if (total === undefined || beganAt === undefined || doneAt === undefined || !planned) return undefined
  if (done < RATE_DOCUMENTS_MIN || doneAt - beganAt < RATE_MS_MIN) return undefined
  const each = (doneAt - beganAt) / done
  const left = Math.max(0, each * (total - done) - Math.min(now - doneAt, each))
  state.leftShown = Math.min(left, state.leftShown ?? left)
  return state.leftShown
}

/** The progress in one line of text. */
export function sentence(state: ProgressState, now: number): string {
  return [progressed(state), ...remarks(state, now), ...inHand(state, now)].join(', ')
}

/** The live view: a bar, and a line per worker; at most `rows` lines of at most `columns`. */
export function picture(state: ProgressState, now: number, columns: number, rows: number, style: Style): string[] {
  const remarked = remarks(state, now).join(', ')
  const counts = progressed(state)
  const bar =
    state.total === undefined || columns < BAR_COLUMNS * 3
      ? ''
      : `${drawBar(state.done / Math.max(1, state.total), style)} `
  const room = columns - (bar === '' ? 0 : BAR_COLUMNS + 1)
  const head = bar + cut(remarked === '' ? counts : `${counts}, ${remarked}`, room)
  const workers = [...state.working.values()].slice(0, Math.max(0, rows - 1))
  return [head, ...workers.map((work) => workerLine(work, columns, style))]
}

const EVAL_STEPS = { pages: 'reading the pages', search: 'searching for documents' } as const

const PURGE_STEPS = {
  search: 'looking for the document in the history',
  rewrite: 'rewriting the history',
  clean: 'removing the old history',
  prove: 'searching what is left',
} as const

function progressed(state: ProgressState): string {
  if (state.sync !== undefined) return `${inline(state.sync.stage)} ${state.sync.percent} %`
  if (state.eval !== undefined) return state.eval
  if (state.purge !== undefined) {
    const { step, done } = state.purge
    return `${PURGE_STEPS[step]}${done === undefined ? '' : `, ${counted(done, step === 'prove' ? 'object' : 'commit')}`}`
  }
  if (state.overview !== undefined) return `writing ${counted(state.overview, 'overview')}`
  if (state.total !== undefined)
    return `${state.done} of ${counted(state.total, 'document')}${state.planned ? '' : ' found so far'}`
  if (state.scanned === undefined) return 'starting'
  return `scanning ${counted(state.scanned.files, 'file')} (${size(state.scanned.bytes)})`
}

function remarks(state: ProgressState, now: number): string[] {
  const left = msLeft(state, now)
  return [
    ...(state.failed > 0 ? [`${state.failed} failed`] : []),
    ...(state.skipped > 0 ? [`${state.skipped} skipped`] : []),
    ...(left !== undefined && left > 0 && state.overview === undefined
      ? [`about ${duration(Math.max(1000, Math.round(left / 1000) * 1000))} left`]
      : []),
  ]
}

/** The document that is worked on, while nothing is known of the time left. */
function inHand(state: ProgressState, now: number): string[] {
  const [work] = state.working.values()
  if (work === undefined || msLeft(state, now) !== undefined) return []
  return [`${work.stage === 'prepare' ? 'preparing' : 'compiling'} ${inline(work.path)}`]
}

function drawBar(share: number, style: Style): string {
  const full = Math.round(Math.min(1, share) * BAR_COLUMNS)
  return style('green', '█'.repeat(full)) + style('dim', '░'.repeat(BAR_COLUMNS - full))
}

function workerLine(work: Work, columns: number, style: Style): string {
  const label = `  ${pad(work.stage, 7)} `
  if (columns < label.length + 4) return cut(label.trim(), columns)
  return style('dim', label) + cutStart(inline(work.path), columns - label.length)
}

/** A long path is identified by its end. */
function cutStart(text: string, columns: number): string {
  const whole = cut(text, columns)
  if (whole === text) return text
  const backwards = cut([...text].reverse().join(''), columns)
  return [...backwards].reverse().join('')
}
