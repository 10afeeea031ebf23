// Lets a model look things up before it answers: call, tools, call again, up to a limit.
import type * as Ai from 'ai'
import type { LanguageModel, ModelMessage, SystemModelMessage, ToolSet } from 'ai'
import type { z } from 'zod'
import type { ModelUsage } from '../../core/document/compiled.ts'
import { DocumentError, KbError, messageOf } from '../../core/errors.ts'
import { isNonAnswer } from '../../core/non-answer.ts'
import { estimateTokens } from '../../core/context/tokens.ts'
import { mustAnswer, type Budget, type Spent } from './budget.ts'
import type { SchemaOf } from './schema.ts'

export type ModelTool = {
  name: string
  description: string
  input: SchemaOf<Record<string, unknown>>
  /** The tool's output for the model. Failures are reported as a sentence, too. */
  run: (input: Record<string, unknown>) => Promise<string>
}

export type ConverseRequest = {
  label: string
  system: string
  messages: { role: 'user' | 'assistant'; text: string }[]
  tools: ModelTool[]
  /** The last call that it allows has no tools and must answer. There is always one. */
  budget: Budget
  outputTokensMax: number
  signal: AbortSignal
  usage?: ModelUsage | undefined
  onText?: ((piece: string) => void) | undefined
  /** Called before a retry after a rejected answer; false if it is too late to retry. */
  onAgain?: () => boolean
  onTool?: (name: string, input: Record<string, unknown>) => void
}

/** `stallMs`: how long a stream may be silent once it has started; `spent`: on this request so far. */
export type LoopModel = {
  spent: () => Spent
  model: LanguageModel
  instructions: SystemModelMessage
  options: Record<string, Record<string, string | boolean>>
  stallMs: number
}

/**
 * The final text, or undefined if it is empty or was cut at the token limit. Throws `DocumentError`
 * (`modelUnavailable`) for a stream that breaks off: partial text is not an answer.
 */
export async function toolLoop(
  ai: typeof Ai,
  zod: typeof z,
  loop: LoopModel,
  request: ConverseRequest,
): Promise<string | undefined> {
  const { label, signal, budget, outputTokensMax, onText } = request
  const { model, instructions, options, stallMs, spent } = loop
  // A server may count nothing.
  let estimated = 0
  const failures: unknown[] = []
  const failedLooks: unknown[] = []
  const messages: ModelMessage[] = request.messages.map(({ role, text }) => ({ role, content: text }))
  const result = ai.streamText({
    model,
    instructions,
    messages,
    tools: toolSet(ai, zod, request, (error) => void failedLooks.push(error)),
    stopWhen: ai.isStepCount(Math.max(1, budget.stepsMax - spent().steps)),
    prepareStep: ({ messages: next }) => {
      const promptTokens = estimateTokens(`${instructions.content}${JSON.stringify(next)}`)
      const { steps, tokens } = spent()
      const last = mustAnswer({ steps, tokens: Math.max(tokens, estimated) }, promptTokens, outputTokensMax, budget)
      estimated += promptTokens
      return last ? { toolChoice: 'none' } : {}
    },
    maxOutputTokens: outputTokensMax,
    maxRetries: 0,
    abortSignal: signal,
    timeout: { chunkMs: stallMs },
    providerOptions: options,
    onError: ({ error }) => void failures.push(error),
  })
  try {
    for await (const piece of result.textStream) onText?.(piece)
    if (failures.length > 0 || failedLooks.length > 0) throw failures[0]
    signal.throwIfAborted()
    const { text, finishReason } = await result.finalStep
    if (finishReason === 'interrupted' || finishReason === 'error') throw new Error('The stream ended early.')
    return finishReason === 'length' || isNonAnswer(text) ? undefined : text.trim()
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (failedLooks.length > 0) throw failedLooks[0]
    const cause = failures[0] ?? error
    if (cause instanceof KbError || cause instanceof DocumentError) throw cause
    throw new DocumentError(
      'modelUnavailable',
      `${label}: the model's answer broke off. ${messageOf(cause)}`,
      'Ask again.',
    )
  }
}

function toolSet(
  ai: typeof Ai,
  zod: typeof z,
  { tools, onTool }: ConverseRequest,
  onFailure: (error: unknown) => void,
): ToolSet {
  return Object.fromEntries(
    tools.map((tool) => [
      tool.name,
      ai.tool({
        description: tool.description,
        inputSchema: tool.input(zod),
        execute: async (input) => {
          onTool?.(tool.name, input)
          // A thrown error would be shown to the model, which would talk its way around it.
          return tool.run(input).catch((error: unknown) => {
            onFailure(error)
            throw error
          })
        },
      }),
    ]),
  )
}
