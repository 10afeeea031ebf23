// Ollama's own API. Its OpenAI-compatible one has no field for the size of the context, which is 4096 tokens by default:
// longer prompts lose their beginning, without an error.
import type { wrapLanguageModel } from 'ai'
import { estimateTokens } from '../../core/context/tokens.ts'
import { PICTURE_TOKENS } from './limits.ts'

type OllamaOptions = {
  /** Ends in `/api`. */
  baseURL: string
  apiKey?: string | undefined
  name: string
  contextTokens: number
  /** The package does not pass it on. */
  seed: number
}

/** Contexts grow by doubling, so that the server rarely loads the model again. */
const CONTEXT_TOKENS_MIN = 8_192
/** The server's template around the messages. */
const FRAME_TOKENS = 256

export async function openOllama({
  baseURL,
  apiKey,
  name,
  contextTokens,
  seed,
}: OllamaOptions): Promise<Parameters<typeof wrapLanguageModel>[0]['model']> {
  const { createOllama } = await import('ollama-ai-provider-v2')
  let context = Math.min(CONTEXT_TOKENS_MIN, contextTokens)
  const provider = createOllama({
    baseURL,
    headers: apiKey === undefined ? {} : { Authorization: `Bearer ${apiKey}` },
    fetch: (url, init) => {
      const body = parseBody(init?.body)
      if (body === undefined) return fetch(url, init)
      const needed =
        estimateTokens(textOf(body)) + picturesIn(body) * PICTURE_TOKENS + (body.max_output_tokens ?? 0) + FRAME_TOKENS
      while (context < needed && context < contextTokens) context = Math.min(2 * context, contextTokens)
      return fetch(url, { ...init, body: JSON.stringify(asOllama(body, { num_ctx: context, seed })) })
    },
  })
  return provider(name)
}

type Message = { content?: unknown; images?: unknown[]; tool_calls?: { function: { arguments: unknown } }[] }
type Body = {
  messages: Message[]
  tools?: unknown
  format?: unknown
  temperature?: number
  max_output_tokens?: number
  options?: Record<string, unknown>
}

function parseBody(body: unknown): Body | undefined {
  return typeof body === 'string' ? (JSON.parse(body) as Body) : undefined
}

function picturesIn({ messages }: Body): number {
  return messages.reduce((sum, { images }) => sum + (images?.length ?? 0), 0)
}

/** What the server counts: images have a fixed number of tokens that no text shows. */
function textOf({ messages, tools, format }: Body): string {
  return JSON.stringify([messages.map((message) => ({ ...message, images: undefined })), tools, format])
}

/** The provider's package names these options as OpenAI does, and leaves the arguments of tools as text. */
function asOllama(
  { temperature, max_output_tokens: tokens, messages, ...body }: Body,
  more: Record<string, number>,
): unknown {
  const options = { ...body.options, ...more, num_predict: tokens, temperature }
  return { ...body, messages: messages.map(withArguments), options }
}

function withArguments(message: Message): Message {
  if (message.tool_calls === undefined) return message
  const calls = message.tool_calls.map((call) => {
    const { arguments: input } = call.function
    return { ...call, function: { ...call.function, arguments: typeof input === 'string' ? JSON.parse(input) : input } }
  })
  return { ...message, tool_calls: calls }
}
