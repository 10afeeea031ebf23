// Calls that need answers of the client's model, in revisions in which a server cannot ask while it works: the call returns its
// questions, and the client calls again with the answers. Meanwhile the work waits in this process.
import { randomUUID } from 'node:crypto'
import { inputRequired, inputResponse, type InputRequiredResult } from '@modelcontextprotocol/server'
import { KbError } from '../core/errors.ts'
import type { Sampler, SamplingAnswer, SamplingQuestion } from '../core/sampling.ts'
import { answerOf, messageOf } from './sampling.ts'

/** The usual client ends a call after ten rounds, so that each has many questions. */
const QUESTIONS_MAX = 32
/** No further question for so long: the round is complete. */
const QUIET_MS = 100
/** For a client that does not come back. */
const ANSWERS_WITHIN_MS = 600_000
const OPEN_MAX = 64

/** One request of the client: the first of a call, or one that brings answers. */
export type Leg<P> = {
  /** What the client sends back unchanged; undefined in the first. */
  state: string | undefined
  responses: Record<string, unknown> | undefined
  /** Aborts when the client cancels this request. */
  signal: AbortSignal
  progress: (progress: P) => void
}
export type RoundWork<R, P> = (how: {
  sampler: Sampler
  signal: AbortSignal
  progress: (progress: P) => void
}) => Promise<R>

type Asked = {
  question: SamplingQuestion
  answer: (answer: SamplingAnswer) => void
  fail: (error: Error) => void
  /** The client has it. */
  isSent: boolean
}

export class Rounds<R, P> {
  readonly #open = new Map<string, Round<R, P>>()

  /** The result of the work, or questions. Throws `KbError`: `usage` for answers that nobody waits for. */
  async run(leg: Leg<P>, client: string, work: RoundWork<R, P>): Promise<R | InputRequiredResult> {
    const round = leg.state === undefined ? this.#begin(client, work) : this.#open.get(leg.state)
    if (round === undefined)
      throw new KbError('usage', 'The call that these answers are for has ended.', {
        hint: 'Call the tool again without them: what is done is kept.',
      })
    const ended = await round.next(leg)
    if (ended === undefined) return inputRequired({ inputRequests: round.questions(), requestState: round.id })
    this.#open.delete(round.id)
    return ended()
  }

  #begin(client: string, work: RoundWork<R, P>): Round<R, P> {
    if (this.#open.size >= OPEN_MAX)
      throw new KbError('usage', `${OPEN_MAX} calls are waiting for answers already.`, { hint: 'Try again later.' })
    const round = new Round(client, work, () => this.#open.delete(round.id))
    this.#open.set(round.id, round)
    return round
  }
}

/** A call under way. */
class Round<R, P> {
  readonly id = randomUUID()
  readonly #abort = new AbortController()
  readonly #asked = new Map<string, Asked>()
  readonly #work: Promise<() => R>
  readonly #onLost: () => void
  #count = 0
  #progress: (progress: P) => void = () => {}
  #onQuestion: () => void = () => {}
  #lost: NodeJS.Timeout | undefined
  #isAnswering = false

  constructor(client: string, work: RoundWork<R, P>, onLost: () => void) {
    this.#onLost = onLost
    const sampler: Sampler = {
      client,
      concurrency: QUESTIONS_MAX,
      ask: (question, signal) => this.#ask(question, signal),
    }
    this.#work = work({ sampler, signal: this.#abort.signal, progress: (progress) => this.#progress(progress) }).then(
      (result) => () => result,
      (error: unknown) => () => {
        throw error
      },
    )
  }

  questions() {
    return Object.fromEntries(
      [...this.#asked].map(([key, asked]) => {
        asked.isSent = true
        return [key, inputRequired.createMessage(messageOf(asked.question))]
      }),
    )
  }

  /** Hands in the answers and waits for the end of the work, as a function that returns or throws, or for more questions. */
  async next({ responses, signal, progress }: Leg<P>): Promise<(() => R) | undefined> {
    if (this.#isAnswering) throw new KbError('usage', 'This call is answered by another request already.')
    this.#isAnswering = true
    clearTimeout(this.#lost)
    const cancel = (): void => this.#abort.abort(signal.reason)
    signal.addEventListener('abort', cancel, { once: true })
    if (signal.aborted) cancel()
    this.#progress = progress
    try {
      if (responses !== undefined) this.#hand(responses)
      const ended = await Promise.race([this.#work, this.#quiet()])
      if (ended === undefined) this.#waitForClient()
      return ended
    } finally {
      this.#isAnswering = false
      this.#progress = () => {}
      signal.removeEventListener('abort', cancel)
    }
  }

  #hand(responses: Record<string, unknown>): void {
    for (const [key, { answer, fail, isSent }] of this.#asked) {
      if (!isSent) continue
      this.#asked.delete(key)
      const response = inputResponse(responses, key)
      if (response.kind !== 'sampling') fail(new KbError('usage', 'The client sent no answer.'))
      else
        try {
          answer(answerOf(response.result))
        } catch (error) {
          fail(error as Error)
        }
    }
  }

  /** Resolves when questions have been asked and no more come. */
  #quiet(): Promise<undefined> {
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined
      this.#onQuestion = () => {
        clearTimeout(timer)
        timer = setTimeout(() => resolve(undefined), QUIET_MS)
      }
      if (this.#asked.size > 0) this.#onQuestion()
    })
  }

  #waitForClient(): void {
    this.#onQuestion = () => {}
    this.#lost = setTimeout(() => {
      this.#onLost()
      this.#abort.abort(new KbError('interrupted', 'The client did not come back with answers.'))
    }, ANSWERS_WITHIN_MS)
    this.#lost.unref()
  }

  #ask(question: SamplingQuestion, signal: AbortSignal): Promise<SamplingAnswer> {
    return new Promise((answer, fail) => {
      const key = `question-${++this.#count}`
      this.#asked.set(key, { question, answer, fail, isSent: false })
      signal.addEventListener(
        'abort',
        () => {
          this.#asked.delete(key)
          fail(signal.reason as Error)
        },
        { once: true },
      )
      this.#onQuestion()
    })
  }
}
