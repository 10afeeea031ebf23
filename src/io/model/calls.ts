// What happens around each call of a model: the form of the answer, the gate, and what the call used.
import type { LanguageModelMiddleware } from 'ai'
import type { ModelUsage } from '../../core/document/compiled.ts'
import type { ModelGate } from './gate.ts'

/** How an answer is asked for: by its schema, as some JSON object, or in words. Servers know the first ones or not. */
export const FORMS = ['schema', 'json', 'words'] as const
export type Form = (typeof FORMS)[number]

/** Why an answer that was cut off is rejected. */
export const CUT = 'it was cut off at the token limit'

export type Count = (usage: Partial<ModelUsage>) => void

type CallParams = Parameters<NonNullable<LanguageModelMiddleware['transformParams']>>[0]['params']

/** If the server does not take the schema itself, the instructions contain it. */
export function asForm(params: CallParams, form: Form): CallParams {
  const { responseFormat } = params
  if (form === 'schema' || responseFormat?.type !== 'json') return params
  const asked = `Answer with one JSON object and nothing else. It must fit this JSON schema:\n${JSON.stringify(responseFormat.schema)}`
  return {
    ...params,
    prompt: [{ role: 'system', content: asked }, ...params.prompt],
    responseFormat: form === 'json' ? { type: 'json' } : { type: 'text' },
  }
}

/** Sends each call through the gate and counts what it used. */
export function gateCalls(
  gate: ModelGate,
  call: Parameters<ModelGate['run']>[1],
  count: Count,
  onFinish: (reason: string) => void,
): LanguageModelMiddleware {
  return {
    specificationVersion: 'v4',
    wrapGenerate: ({ model, params }) =>
      gate.run(async (abortSignal) => {
        const answer = await model.doGenerate({ ...params, abortSignal })
        count(callUsage(answer.usage))
        onFinish(answer.finishReason.unified)
        return answer
      }, call),
    // Only the start can be retried: text that was shown cannot be taken back.
    wrapStream: ({ model, params }) =>
      gate.run(async () => {
        const answer = await model.doStream(params)
        return {
          ...answer,
          stream: answer.stream.pipeThrough(
            new TransformStream({
              transform: (part, controller) => {
                if (part.type === 'finish') count(callUsage(part.usage))
                controller.enqueue(part)
              },
            }),
          ),
        }
      }, call),
  }
}

type CallTokens = {
  inputTokens: { total: number | undefined; cacheRead: number | undefined }
  outputTokens: { total: number | undefined }
}

function callUsage({ inputTokens, outputTokens }: CallTokens): Partial<ModelUsage> {
  return {
    calls: 1,
    promptTokens: inputTokens.total ?? 0,
    cachedTokens: inputTokens.cacheRead ?? 0,
    completionTokens: outputTokens.total ?? 0,
  }
}

/** Why the SDK found no object in an answer. Errors that are not about the answer are rethrown. */
export function rejection(error: unknown): string {
  const name = error instanceof Error ? error.name : ''
  if (name === 'AI_NoOutputGeneratedError' || name === 'AI_NoContentGeneratedError') return 'it is empty or was cut off'
  if (name !== 'AI_NoObjectGeneratedError') throw error
  const { text, finishReason } = error as { text?: string; finishReason?: string }
  if (finishReason === 'length') return CUT
  if (text === undefined || text.trim() === '') return 'it is empty'
  return 'it does not have the requested form'
}
