// The one interface to a language model: validated structured answers, tool loops, streamed text. Loads nothing until a
// model is opened.
import { createHash } from 'node:crypto'
import type * as Ai from 'ai'
import type { LanguageModel, LanguageModelMiddleware } from 'ai'
import type { z as Zod, ZodType } from 'zod'
import { addUsage, emptyUsage, type ModelUsage } from '../../core/document/compiled.ts'
import { DocumentError } from '../../core/errors.ts'
import type { Sampler } from '../../core/sampling.ts'
import { jsonIn } from './answer-text.ts'
import type { Spent } from './budget.ts'
import { CUT, gateCalls, type Count } from './calls.ts'
import { asForm } from './forms.ts'
import { ModelGate, SYSTEM_CLOCK, type ModelClock, type ModelWait } from './gate.ts'
import type { TokenLimits } from './limits.ts'
import { instructionsOf, ObjectQuestions, withRoom, type Course } from './object-questions.ts'
import { AnswerCut } from './refused.ts'
import type { ModelRequest, ObjectRequest } from './request.ts'
import { toolLoop, type ConverseRequest } from './tool-loop.ts'
import { openProvider, type ModelEnvironment, type ProviderModel, type TreeAddress } from './provider.ts'

/**
 * Cached answers by the hash of the request: JSON values. Losing one costs money; a wrong one is rejected when read.
 */
export type AnswerCache = {
  get: (hash: string) => Promise<unknown>
  put: (hash: string, answer: unknown) => Promise<void>
}

export type { ConverseRequest, ModelTool } from './tool-loop.ts'
export type { ObjectRequest } from './request.ts'

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
  /** Answers instead of a provider. */
  sampler?: Sampler | undefined
  /** `base_url` in kbgit.yaml. */
  address?: TreeAddress | undefined
  env: ModelEnvironment
  /** Default: what is known of the provider. */
  limits?: Partial<TokenLimits> | undefined
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
    providerOf(options),
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

async function providerOf({ id, sampler, address, env, limits }: ModelOptions): Promise<ProviderModel> {
  if (sampler === undefined) return openProvider(id, address, env, limits)
  return (await import('./sampling.ts')).samplingProvider(sampler, id, limits)
}

type ModelTools = {
  ai: typeof Ai
  zod: typeof Zod
  provider: ProviderModel
  gate: ModelGate
  answers: AnswerCache | undefined
  timeoutMs: number
}

class GatedModel implements Model {
  readonly id: string
  readonly #tools: ModelTools
  readonly #total = emptyUsage()
  readonly #questions: ObjectQuestions

  constructor(tools: ModelTools, id: string) {
    this.#tools = tools
    this.id = id
    this.#questions = new ObjectQuestions(tools)
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
    const { model, count, course } = this.#gated(request)
    const known = await this.cached(request)
    if (known !== undefined) {
      count({ cachedAnswers: 1 })
      return known
    }
    let reason: string | undefined
    let outputTokensMax = request.outputTokensMax
    for (let asked = 1, longer = 0; asked <= ASKED_MAX; asked++) {
      const asking = withRoom({ ...request, outputTokensMax }, this.#tools.provider.limits)
      const answer = await this.#questions.ask(asking, { model, course, reason })
      if ('output' in answer) {
        // A failure to cache the answer does not invalidate it.
        await this.#tools.answers
          ?.put(this.#hashOf(request, request.schema(this.#tools.zod)), answer.output)
          .catch(() => {})
        return answer.output
      }
      reason = answer.refused
      if (reason === CUT) {
        if (longer++ === LONGER_MAX || asking.outputTokensMax < outputTokensMax)
          throw new AnswerCut(request.label, asking.outputTokensMax)
        outputTokensMax *= 2
        asked = 0
      }
      if (asked < ASKED_MAX) count({ retries: 1 })
    }
    const message = `${request.label}: the model's answer was rejected: ${reason ?? ''}.`
    throw new DocumentError('modelAnswerRejected', message, 'Try again, or name a larger model in kbgit.yaml.')
  }

  async converse(request: ConverseRequest): Promise<string> {
    const { ai, zod, provider, timeoutMs } = this.#tools
    const used = emptyUsage()
    const { model, count } = this.#gated({ ...request, usage: used })
    const spent = (): Spent => ({ steps: used.calls, tokens: used.promptTokens + used.completionTokens })
    const instructions = instructionsOf(request.system, provider)
    const loop = { model, instructions, options: provider.options, stallMs: timeoutMs, spent }
    try {
      for (let asked = 1; asked <= ASKED_MAX; asked++) {
        if (asked > 1) count({ retries: 1 })
        const text = await toolLoop(ai, zod, loop, request)
        if (text !== undefined) return text
        const { stepsMax, tokensMax } = request.budget
        const isSpent = spent().steps >= stepsMax || spent().tokens >= tokensMax
        if (request.onAgain?.() === false || isSpent) break
      }
    } finally {
      if (request.usage !== undefined) addUsage(request.usage, used)
    }
    throw new DocumentError(
      'modelAnswerRejected',
      `${request.label}: the model returned no answer.`,
      'Rephrase the question and try again.',
    )
  }

  #hashOf<T>({ system, prompt }: ObjectRequest<T>, schema: ZodType<T>): string {
    return hashRequest([this.id, system, prompt, this.#tools.zod.toJSONSchema(schema)])
  }

  /** The provider's model for one request: each of its calls, including those of a tool loop, goes through the gate. */
  #gated({ label, signal, usage, schemaName }: Gated): { model: LanguageModel; count: Count; course: Course } {
    const { ai, provider, gate } = this.#tools
    const count: Count = (more) => {
      addUsage(this.#total, more)
      if (usage !== undefined) addUsage(usage, more)
    }
    const course: Course = { form: 'schema', ending: undefined, promptTokens: undefined }
    const form: LanguageModelMiddleware = {
      specificationVersion: 'v4',
      transformParams: ({ params }) => Promise.resolve(asForm(params, course.form)),
    }
    const call = { label, signal, onAgain: () => count({ retries: 1 }) }
    const reading =
      schemaName === undefined
        ? ai.extractReasoningMiddleware({ tagName: 'think' })
        : ai.extractJsonMiddleware({ transform: jsonIn })
    const middleware = [form, gateCalls(gate, call, count, (end) => Object.assign(course, end)), reading]
    return { model: ai.wrapLanguageModel({ model: provider.model, middleware }), count, course }
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
