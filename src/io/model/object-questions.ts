// One question for an object, in a form that the server knows.
import type * as Ai from 'ai'
import type { LanguageModel, SystemModelMessage, UserModelMessage } from 'ai'
import type { z as Zod } from 'zod'
import { estimateTokens } from '../../core/context/tokens.ts'
import { DocumentError } from '../../core/errors.ts'
import { CUT, FORMLESS, rejection, type CallEnd } from './calls.ts'
import { FORMS, type Form } from './forms.ts'
import { isPromptCut, PICTURE_TOKENS, roomFor, type TokenLimits } from './limits.ts'
import type { ProviderModel, Sampling } from './provider.ts'
import { FormNotSupported, PromptCut, PromptTooLong, REJECTED, SamplingNotSupported } from './refused.ts'
import type { ObjectRequest } from './request.ts'

/** The form of the current call, and how it ended. */
export type Course = CallEnd & { form: Form }
/** `reason`: why an earlier answer was rejected. */
type Asking = { model: LanguageModel; course: Course; reason: string | undefined }
export type Answered<T> = { output: T } | { refused: string }

type QuestionTools = { ai: typeof Ai; zod: typeof Zod; provider: ProviderModel }

export class ObjectQuestions {
  readonly #tools: QuestionTools
  /** Remembered for the run once the server has refused a better one, or did not keep to it. */
  #form: Form
  /** Whether an answer in that form was right. */
  #isFormGood = false
  #sampling: Sampling

  constructor(tools: QuestionTools) {
    this.#tools = tools
    this.#form = tools.provider.form ?? 'schema'
    this.#sampling = tools.provider.sampling
  }

  /** In the best form that the server knows, finding out which that is. Throws as `Model.object` does. */
  async ask<T>(request: ObjectRequest<T>, asking: Asking): Promise<Answered<T>> {
    for (;;) {
      // A server may ignore the form instead of refusing it. Then the model does not know the schema.
      const isIgnored = asking.reason === FORMLESS && asking.course.form === this.#form
      const form = isIgnored ? nextForm(this.#form) : this.#form
      const sampling = this.#sampling
      try {
        const answer = await this.#askOnce(request, { ...asking, form, sampling })
        if ('output' in answer) this.#remember(form)
        return answer
      } catch (error) {
        const noSampling = error instanceof SamplingNotSupported
        if (!noSampling && !(error instanceof FormNotSupported)) throw error
        if (noSampling && Object.keys(sampling).length > 0) this.#sampling = {}
        else if (noSampling || form === 'words') throw rejected(request.label, error)
        // Another call may have found out meanwhile.
        else if (FORMS.indexOf(this.#form) <= FORMS.indexOf(form)) this.#form = nextForm(form)
      }
    }
  }

  #remember(form: Form): void {
    if (form === this.#form) this.#isFormGood = true
    else if (!this.#isFormGood) this.#form = form
  }

  async #askOnce<T>(
    request: ObjectRequest<T>,
    { model, course, reason, form, sampling }: Asking & { form: Form; sampling: Sampling },
  ): Promise<Answered<T>> {
    const { ai, zod, provider } = this.#tools
    Object.assign(course, { form, ending: undefined, promptTokens: undefined })
    const question = request.hints === undefined ? request.prompt : `${request.prompt}\n\n${request.hints}`
    const asked =
      reason === undefined
        ? question
        : `${question}\n\nYour earlier answer was rejected: ${reason}. Answer again, in full.`
    try {
      const { output, finishReason } = await ai.generateText({
        model,
        instructions: instructionsOf(request.system, provider),
        prompt: withPicture(asked, request.picture),
        output: ai.Output.object({ schema: request.schema(zod), name: request.schemaName }),
        maxOutputTokens: request.outputTokensMax,
        ...sampling,
        maxRetries: 0,
        abortSignal: request.signal,
        providerOptions: provider.options,
      })
      refuseCutPrompt(request, course)
      const refused = finishReason === 'length' ? CUT : request.refuse?.(output)
      return refused === undefined ? { output } : { refused }
    } catch (error) {
      if (request.signal.aborted) throw request.signal.reason
      const refused = rejection(error)
      refuseCutPrompt(request, course)
      return { refused: course.ending === 'length' ? CUT : refused }
    }
  }
}

function withPicture(text: string, picture: ObjectRequest<unknown>['picture']): string | UserModelMessage[] {
  if (picture === undefined) return text
  const { bytes, mediaType } = picture
  const content = [
    // Ollama's package takes no bytes.
    { type: 'file' as const, data: Buffer.from(bytes).toString('base64'), mediaType },
    { type: 'text' as const, text },
  ]
  return [{ role: 'user', content }]
}

/** Marked for providers that cache only what is marked. */
export function instructionsOf(system: string, { stable }: Pick<ProviderModel, 'stable'>): SystemModelMessage {
  return { role: 'system', content: system, providerOptions: stable }
}

/** With as many tokens for the answer as the prompt leaves. Throws `PromptTooLong`. */
export function withRoom<T>(request: ObjectRequest<T>, limits: TokenLimits): ObjectRequest<T> {
  const promptTokens = estimateTokens(promptOf(request)) + (request.picture === undefined ? 0 : PICTURE_TOKENS)
  const room = roomFor(limits, promptTokens, request.outputTokensMax)
  if (room !== undefined) return { ...request, outputTokensMax: room }
  throw new PromptTooLong(
    `${request.label}: a prompt of about ${promptTokens} tokens leaves no room for an answer in a context of ${limits.contextTokens}.`,
  )
}

type Prompt = Pick<ObjectRequest<unknown>, 'label' | 'system' | 'prompt' | 'hints'>

/** Throws `PromptCut`. */
function refuseCutPrompt(request: Prompt, { promptTokens }: CallEnd): void {
  const prompt = promptOf(request)
  if (promptTokens !== undefined && isPromptCut(prompt, promptTokens))
    throw new PromptCut(request.label, promptTokens, estimateTokens(prompt))
}

function promptOf({ system, prompt, hints = '' }: Prompt): string {
  return `${system}\n\n${prompt}\n\n${hints}`
}

function nextForm(form: Form): Form {
  return FORMS[FORMS.indexOf(form) + 1] ?? 'words'
}

function rejected(label: string, { message }: Error): DocumentError {
  return new DocumentError(
    'modelUnavailable',
    `${label}: the model's provider rejected the request. ${message}`,
    REJECTED,
  )
}
