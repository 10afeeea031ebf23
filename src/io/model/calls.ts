// What happens around each call of a model: the gate, and what the call used.
import type { LanguageModelMiddleware } from 'ai'
import type { ModelUsage } from '../../core/document/compiled.ts'
import { fromForm } from './forms.ts'
import type { ModelGate } from './gate.ts'

/** Why an answer that was cut off is rejected. */
export const CUT = 'it was cut off at the token limit'
/** Why an answer that is no JSON, or other JSON, is rejected. */
export const FORMLESS = 'it does not have the requested form'

/** Why a call ended, e.g. `stop` or `length`, and the tokens of its prompt as the server counted them. */
export type CallEnd = { ending: string | undefined; promptTokens: number | undefined }

export type Count = (usage: Partial<ModelUsage>) => void

/** Sends each call through the gate and counts what it used. */
export function gateCalls(
  gate: ModelGate,
  call: Parameters<ModelGate['run']>[1],
  count: Count,
  onEnd: (end: CallEnd) => void,
): LanguageModelMiddleware {
  return {
    specificationVersion: 'v4',
    wrapGenerate: ({ model, params }) =>
      gate.run(async (abortSignal) => {
        const answer = await model.doGenerate({ ...params, abortSignal })
        count(callUsage(answer.usage))
        onEnd({ ending: answer.finishReason.unified, promptTokens: answer.usage.inputTokens.total })
        return fromForm(answer)
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
  return FORMLESS
}
