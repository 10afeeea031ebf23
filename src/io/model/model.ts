// The one interface to a language model: validated structured answers, tool loops, streamed text. Loads nothing until a
// model is opened.
import { createHash } from 'node:crypto'
import type * as Ai from 'ai'
import type { LanguageModel, LanguageModelMiddleware } from 'ai'
import type { z as Zod, ZodType } from 'zod'
import { addUsage, emptyUsage, type ModelUsage } from '../../core/document/compiled.ts'
import { DocumentError } from '../../core/errors.ts'
import { jsonIn } from './answer-text.ts'
import { asForm, CUT, FORMS, gateCalls, rejection, type Count, type Form } from './calls.ts'
import { FormNotSupported, ModelGate, SYSTEM_CLOCK, type ModelClock, type ModelWait } from './gate.ts'
import type { SchemaOf } from './schema.ts'
import { toolLoop, type ConverseRequest } from './tool-loop.ts'
import { openProvider, type ModelEnvironment, type TreeAddress } from './provider.ts'

/**
 * Cached answers by the hash of the request: JSON values. Losing one costs money; a wrong one is rejected when read.
 */
export type AnswerCache = {
  get: (hash: string) => Promise<unknown>
  put: (hash: string, answer: unknown) => Promise<void>
}

export type { ConverseRequest, ModelTool } from './tool-loop.ts'

export type ModelRequest = {
  /** What the call is for, used in messages: a document or a page. */
  label: string
  /** Instructions shared by many calls: the provider may cache them. */
  system: string
  prompt: string
  /**
   * Hints that are not part of the question: an answer given with other hints is equally valid, so the cache ignores
   * them.
   */
  hints?: string | undefined
  outputTokensMax: number
  signal: AbortSignal
  /** The cost of the call is added here, even if it fails. */
  usage?: ModelUsage | undefined
}

export type ObjectRequest<T> = ModelRequest & {
  /** Letters and `_`. */
  schemaName: string
  schema: SchemaOf<T>
  /** Returns why a well-formed answer is rejected, or undefined. */
  refuse?: (answer: T) => string | undefined
}

export type Model = {
  /** `provider/model`. */
  readonly id: string
  /**
   * A validated answer. Throws `DocumentError` (`modelUnavailable`, `modelAnswerRejected`), or `KbError`, which ends
   * the run.
   */
  object: <T>(request: ObjectRequest<T>) => Promise<T>
  /** The answer to `object` if it is in the cache. Makes no call. */
  cached: <T>(request: ObjectRequest<T>) => Promise<T | undefined>
  /** The final text of a loop in which the model may use tools. Throws like `object`. */
  converse: (request: ConverseRequest) => Promise<string>
  /** Usage of all calls so far. */
  usage: () => ModelUsage
}

export type ModelOptions = {
  id: string
  /** `base_url` in kbgit.yaml. */
  address?: TreeAddress | undefined
  env: ModelEnvironment
  /** Maximum number of concurrent calls. */
  concurrency: number
  retries: number
  answers?: AnswerCache | undefined
  /** Ends the run: every wait and every call in progress. */
  signal: AbortSignal
  onWait?: ((wait: ModelWait) => void) | undefined
  clock?: ModelClock
  /** Time limit for one call. */
  timeoutMs?: number
}

const TIMEOUT_MS = 300_000
/** Attempts per question: one retry if the answer is rejected. */
const ASKED_MAX = 2
/** Attempts with twice the tokens each: a model that reasons may need most of them before it begins to write. */
const LONGER_MAX = 2

/**
 * Opens a model without calling it. Throws `KbError`: `config`, also for an address that is not trusted, or `modelAuth`
 * if the key is missing.
 */
export async function openModel(options: ModelOptions): Promise<Model> {
  const [provider, ai, { z: zod }, { default: Queue }] = await Promise.all([
    openProvider(options.id, options.address, options.env),
    import('ai'),
    import('zod'),
    import('p-queue'),
  ])
  // By default the SDK prints warnings to the console.
  ;(globalThis as { AI_SDK_LOG_WARNINGS?: boolean }).AI_SDK_LOG_WARNINGS = false
  const { clock = SYSTEM_CLOCK, timeoutMs = TIMEOUT_MS, concurrency, retries, signal, onWait } = options
  const gate = new ModelGate(new Queue({ concurrency }), { concurrency, retries, timeoutMs, clock, signal, onWait })
  return new GatedModel({ ai, zod, provider, gate, answers: options.answers, timeoutMs }, options.id)
}

type ModelTools = {
  ai: typeof Ai
  zod: typeof Zod
  provider: Awaited<ReturnType<typeof openProvider>>
  gate: ModelGate
  answers: AnswerCache | undefined
  timeoutMs: number
}

/** Why the last call of a request ended, e.g. `stop` or `length`. */
type Ending = { reason: string | undefined }

class GatedModel implements Model {
  readonly id: string
  readonly #tools: ModelTools
  readonly #total = emptyUsage()
  /** Remembered for the run once the server has refused a better one. */
  #form: Form = 'schema'

  constructor(tools: ModelTools, id: string) {
    this.#tools = tools
    this.id = id
  }

  usage(): ModelUsage {
    return { ...this.#total }
  }

  async cached<T>(request: ObjectRequest<T>): Promise<T | undefined> {
    const schema = request.schema(this.#tools.zod)
    const kept = schema.safeParse(await this.#tools.answers?.get(this.#hashOf(request, schema)))
    return kept.success && request.refuse?.(kept.data) === undefined ? kept.data : undefined
  }

  async object<T>(request: ObjectRequest<T>): Promise<T> {
    const { model, count, ending } = this.#gated(request)
    const known = await this.cached(request)
    if (known !== undefined) {
      count({ cachedAnswers: 1 })
      return known
    }
    let reason: string | undefined
    let longer = 0
    for (let asked = 1; asked <= ASKED_MAX; asked++) {
      const outputTokensMax = request.outputTokensMax * 2 ** longer
      const answer = await this.#askInForm({ model, ending }, { ...request, outputTokensMax }, reason)
      if ('output' in answer) return answer.output
      reason = answer.refused
      if (reason === CUT && longer === LONGER_MAX) break
      if (reason === CUT) {
        longer++
        asked = 0
      }
      if (asked < ASKED_MAX) count({ retries: 1 })
    }
    const message = `${request.label}: the model's answer was rejected: ${reason ?? ''}.`
    const hint =
      reason === CUT
        ? 'It was cut off even with a higher limit: the model may be spending its tokens on reasoning. Name another model in kbgit.yaml.'
        : 'Try again, or name a larger model in kbgit.yaml.'
    throw new DocumentError('modelAnswerRejected', message, hint)
  }

  /** Asks in the best form that the server knows, finding out which that is. */
  async #askInForm<T>(
    call: { model: LanguageModel; ending: Ending },
    request: ObjectRequest<T>,
    reason: string | undefined,
  ): Promise<{ output: T } | { refused: string }> {
    for (;;) {
      const form = this.#form
      try {
        return await this.#ask(call, request, reason)
      } catch (error) {
        const next = FORMS[FORMS.indexOf(form) + 1]
        if (!(error instanceof FormNotSupported)) throw error
        if (next === undefined) {
          const message = `${request.label}: the model's provider rejected the request. ${error.message}`
          throw new DocumentError('modelUnavailable', message)
        }
        // Another call may have found out meanwhile.
        if (this.#form === form) this.#form = next
      }
    }
  }

  /** One question for an object. `reason`: why an earlier answer was rejected. */
  async #ask<T>(
    { model, ending }: { model: LanguageModel; ending: Ending },
    request: ObjectRequest<T>,
    reason: string | undefined,
  ): Promise<{ output: T } | { refused: string }> {
    const { ai, zod, provider, answers } = this.#tools
    ending.reason = undefined
    const schema = request.schema(zod)
    const question = request.hints === undefined ? request.prompt : `${request.prompt}\n\n${request.hints}`
    try {
      const { output, finishReason } = await ai.generateText({
        model,
        instructions: this.#instructions(request.system),
        prompt:
          reason === undefined
            ? question
            : `${question}\n\nYour earlier answer was rejected: ${reason}. Answer again, in full.`,
        output: ai.Output.object({ schema, name: request.schemaName }),
        maxOutputTokens: request.outputTokensMax,
        maxRetries: 0,
        abortSignal: request.signal,
        providerOptions: provider.options,
      })
      const refused = finishReason === 'length' ? CUT : request.refuse?.(output)
      if (refused !== undefined) return { refused }
      // A failure to cache the answer does not invalidate it.
      await answers?.put(this.#hashOf(request, schema), output).catch(() => {})
      return { output }
    } catch (error) {
      if (request.signal.aborted) throw request.signal.reason
      return { refused: ending.reason === 'length' ? CUT : rejection(error) }
    }
  }

  async converse(request: ConverseRequest): Promise<string> {
    const { ai, zod, provider, timeoutMs } = this.#tools
    const { model, count } = this.#gated(request)
    const instructions = this.#instructions(request.system)
    for (let asked = 1; asked <= ASKED_MAX; asked++) {
      if (asked > 1) count({ retries: 1 })
      const loop = { model, instructions, options: provider.options, stallMs: timeoutMs }
      const text = await toolLoop(ai, zod, loop, request)
      if (text !== undefined) return text
      if (request.onAgain?.() === false) break
    }
    throw new DocumentError(
      'modelAnswerRejected',
      `${request.label}: the model returned no answer.`,
      'Rephrase the question and try again.',
    )
  }

  #instructions(system: string) {
    return { role: 'system' as const, content: system, providerOptions: this.#tools.provider.stable }
  }

  #hashOf<T>({ system, prompt }: ObjectRequest<T>, schema: ZodType<T>): string {
    return hashRequest([this.id, system, prompt, this.#tools.zod.toJSONSchema(schema)])
  }

  /** The provider's model for one request: each of its calls, including those of a tool loop, goes through the gate. */
  #gated({ label, signal, usage, schemaName }: Gated): {
    model: LanguageModel
    count: Count
    ending: Ending
  } {
    const { ai, provider, gate } = this.#tools
    const count: Count = (more) => {
      addUsage(this.#total, more)
      if (usage !== undefined) addUsage(usage, more)
    }
    const ending: Ending = { reason: undefined }
    const call = { label, signal, onAgain: () => count({ retries: 1 }) }
    const form: LanguageModelMiddleware = {
      specificationVersion: 'v4',
      transformParams: ({ params }) => Promise.resolve(asForm(params, this.#form)),
    }
    const reading =
      schemaName === undefined
        ? ai.extractReasoningMiddleware({ tagName: 'think' })
        : ai.extractJsonMiddleware({ transform: jsonIn })
    const middleware = [form, gateCalls(gate, call, count, (reason) => (ending.reason = reason)), reading]
    return { model: ai.wrapLanguageModel({ model: provider.model, middleware }), count, ending }
  }
}

/** `schemaName` only for an answer that is JSON. */
type Gated = Pick<ModelRequest, 'label' | 'signal' | 'usage'> & { schemaName?: string }

/** Hex sha256 of a request. Increase the number in front when earlier answers must not be reused. */
function hashRequest(parts: unknown[]): string {
  return createHash('sha256')
    .update(JSON.stringify([1, ...parts]))
    .digest('hex')
}
