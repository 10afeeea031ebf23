// Progress on stderr: a live view on a terminal, a plain line from time to time elsewhere.
import type { Progress } from '../index.ts'
import type { TextSink, Ticker } from './host.ts'
import { newState, picture, sentence, take, type ProgressState } from './progress-picture.ts'
import { FAILURES_SHOWN_MAX, failureLines, moreFailures } from './sentences.ts'
import type { Style } from './style.ts'
import { width } from './text.ts'

/** Milliseconds between two updates of the live view. */
const REPAINT_MS = 100
/** A shorter run prints no progress. */
const FIRST_LINE_MS = 1_000
const LINE_EVERY_MS = 5_000
const COLUMNS_DEFAULT = 80
const ROWS_MAX = 12

const UP = (lines: number) => (lines > 0 ? `\x1b[${lines}A` : '')
const CLEAR_BELOW = '\r\x1b[J'

/** Shows the progress of a run. `end` removes the live view; it may be called twice. */
export interface ProgressView {
  take(progress: Progress): void
  /** A permanent line. */
  note(line: string): void
  end(): void
}

export type ProgressOptions = { style: Style; live: boolean; quiet: boolean }

export function progressView(stderr: TextSink, ticker: Ticker, options: ProgressOptions): ProgressView {
  if (options.quiet) return new QuietView(stderr, options.style)
  return options.live ? new LiveView(stderr, ticker, options.style) : new PlainView(stderr, ticker, options.style)
}

/** The failures of a run as they come: the first ones with their reasons, the others counted at the end. */
class Failures {
  readonly #style: Style
  #count = 0

  constructor(style: Style) {
    this.#style = style
  }

  /** What to write now. */
  linesOf(progress: Progress): string | undefined {
    if (progress.kind !== 'done' || progress.outcome !== 'failed' || ++this.#count > FAILURES_SHOWN_MAX)
      return undefined
    return failureLines(progress.path, progress.message ?? 'It could not be added.', progress.hint, this.#style)
  }

  /** What to write in the end. */
  get rest(): string {
    return moreFailures(this.#count, this.#style)
  }
}

/** Reports only failures. */
class QuietView implements ProgressView {
  readonly #stderr: TextSink
  readonly #failures: Failures
  #ended = false

  constructor(stderr: TextSink, style: Style) {
    this.#stderr = stderr
    this.#failures = new Failures(style)
  }

  take(progress: Progress): void {
    const failure = this.#failures.linesOf(progress)
    if (failure !== undefined) this.#stderr.write(failure)
  }

  note(line: string): void {
    this.#stderr.write(`${line}\n`)
  }

  end(): void {
    if (!this.#ended) this.#stderr.write(this.#failures.rest)
    this.#ended = true
  }
}

class PlainView implements ProgressView {
  readonly #stderr: TextSink
  readonly #ticker: Ticker
  readonly #failures: Failures
  readonly #state: ProgressState
  readonly #startedAt: number
  readonly #stop: () => void
  #saidAt: number | undefined
  #lastLine = ''
  #ended = false

  constructor(stderr: TextSink, ticker: Ticker, style: Style) {
    this.#stderr = stderr
    this.#ticker = ticker
    this.#failures = new Failures(style)
    this.#startedAt = ticker.now()
    this.#state = newState()
    this.#stop = ticker.every(FIRST_LINE_MS, () => this.#sayIfDue())
  }

  take(progress: Progress): void {
    take(this.#state, progress, this.#ticker.now())
    const failure = this.#failures.linesOf(progress)
    if (failure !== undefined) this.#stderr.write(failure)
    this.#sayIfDue()
  }

  note(line: string): void {
    this.#stderr.write(`${line}\n`)
  }

  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#stop()
    this.#stderr.write(this.#failures.rest)
    if (this.#ticker.now() - this.#startedAt >= FIRST_LINE_MS) this.#say()
  }

  #sayIfDue(): void {
    const now = this.#ticker.now()
    const due =
      this.#saidAt === undefined ? now - this.#startedAt >= FIRST_LINE_MS : now - this.#saidAt >= LINE_EVERY_MS
    if (due && !this.#ended) this.#say()
  }

  #say(): void {
    const now = this.#ticker.now()
    this.#saidAt = now
    const line = sentence(this.#state, now)
    if (line !== this.#lastLine) this.#stderr.write(`${line}\n`)
    this.#lastLine = line
  }
}

class LiveView implements ProgressView {
  readonly #stderr: TextSink
  readonly #ticker: Ticker
  readonly #style: Style
  readonly #failures: Failures
  readonly #state: ProgressState
  readonly #stop: () => void
  #painted: string[] = []
  #ended = false

  constructor(stderr: TextSink, ticker: Ticker, style: Style) {
    this.#stderr = stderr
    this.#ticker = ticker
    this.#style = style
    this.#failures = new Failures(style)
    this.#state = newState()
    this.#stop = ticker.every(REPAINT_MS, () => this.#paint())
  }

  take(progress: Progress): void {
    take(this.#state, progress, this.#ticker.now())
    const failure = this.#failures.linesOf(progress)
    if (failure !== undefined) this.#above(failure)
  }

  note(line: string): void {
    this.#above(`${line}\n`)
  }

  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#stop()
    this.#stderr.write(this.#erasure() + this.#failures.rest)
    this.#painted = []
  }

  #above(text: string): void {
    const below = this.#painted
    this.#stderr.write(`${this.#erasure()}${text}${below.map((line) => `${line}\n`).join('')}`)
  }

  #paint(): void {
    if (this.#ended) return
    // A full-width line would wrap on some terminals and be miscounted.
    const columns = (this.#stderr.columns ?? COLUMNS_DEFAULT) - 1
    const rows = Math.min(ROWS_MAX, (this.#stderr.rows ?? ROWS_MAX) - 1)
    const lines = picture(this.#state, this.#ticker.now(), columns, rows, this.#style)
    if (lines.length === this.#painted.length && lines.every((line, index) => line === this.#painted[index])) return
    this.#stderr.write(this.#erasure() + lines.map((line) => `${line}\n`).join(''))
    this.#painted = lines
  }

  /** Erases the painted lines, even if the terminal became narrower and wrapped them. */
  #erasure(): string {
    if (this.#painted.length === 0) return ''
    const columns = Math.max(1, this.#stderr.columns ?? COLUMNS_DEFAULT)
    const rows = this.#painted.reduce((sum, line) => sum + Math.max(1, Math.ceil(width(line) / columns)), 0)
    return UP(rows) + CLEAR_BELOW
  }
}
