// The model that a client offers: asked while one of its calls is under way.
import type { CreateMessageRequestParams, McpServer, ServerContext } from '@modelcontextprotocol/server'
import { KbError } from '../core/errors.ts'
import type { Sampler, SamplingAnswer, SamplingQuestion } from '../core/sampling.ts'

/** The caller has its own, shorter limit. In milliseconds. */
const ANSWER_TIMEOUT_MS = 3_600_000

/** In revisions without a handshake each request says what its client offers, and a server cannot ask while it works. */
export function offersRounds({ mcpReq: { envelope } }: ServerContext): boolean {
  const said: Record<string, unknown> = { ...envelope }
  const capabilities = said['io.modelcontextprotocol/clientCapabilities'] as { sampling?: unknown } | undefined
  return capabilities?.sampling !== undefined
}

/** For revisions with a handshake. Undefined if the client offers no model. */
export function samplerOf(server: McpServer, { mcpReq }: ServerContext, client: string): Sampler | undefined {
  if (mcpReq.envelope !== undefined || server.server.getClientCapabilities()?.sampling === undefined) return undefined
  return {
    client,
    ask: async (question, signal) =>
      answerOf(
        // Over HTTP the question travels on the stream of the call.
        await mcpReq.requestSampling(messageOf(question), {
          signal,
          timeout: ANSWER_TIMEOUT_MS,
          relatedRequestId: mcpReq.id,
        }),
      ),
  }
}

export function messageOf(question: SamplingQuestion): CreateMessageRequestParams {
  const { system, prompt, outputTokensMax, temperature } = question
  return {
    systemPrompt: system,
    messages: [{ role: 'user', content: { type: 'text', text: prompt } }],
    maxTokens: outputTokensMax,
    ...(temperature === undefined ? {} : { temperature }),
  }
}

type Block = { type: string; text?: unknown }

/** Throws `KbError` (`usage`) for an answer without text. */
export function answerOf({ content, stopReason }: { content: unknown; stopReason?: unknown }): SamplingAnswer {
  const blocks = (Array.isArray(content) ? content : [content]) as (Block | null)[]
  const texts = blocks.flatMap((block) =>
    block?.type === 'text' && typeof block.text === 'string' ? [block.text] : [],
  )
  if (texts.length === 0) throw new KbError('usage', 'The answer has no text.')
  return { text: texts.join(''), isCut: stopReason === 'maxTokens' }
}
