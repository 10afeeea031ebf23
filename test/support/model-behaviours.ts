// Servers as they are: what they refuse, cut, ignore, and write around an answer.
import { createHash } from 'node:crypto'
import type { Asked } from './model-answers.ts'
import type { Protocol, Reply } from './model-protocols.ts'

export type Behaviour = {
  /** Forms of answer that it takes, besides words. Default: all. */
  forms?: ('schema' | 'json' | 'tool')[]
  /** What it does with the others: refuse them (the default), or answer in prose. */
  otherForms?: 'refuse' | 'ignore'
  contextTokens?: number
  /** With a prompt that is longer: refuse it (the default), answer 413, or drop its beginning without a word. */
  longPrompt?: 'refuse' | 'tooLarge' | 'cut'
  /** Tokens that it spends before it writes. */
  reasoningTokens?: number
  /** Characters of an answer that it has room for, whatever the limit. */
  answerMax?: number
  /** What is around the JSON. */
  around?: 'think' | 'closedThink' | 'prose' | 'fence' | 'comma'
  /** What it does with pictures: look at them (the default), refuse them, or drop them without a word. */
  pictures?: 'refuse' | 'drop'
  /** It refuses a temperature. */
  noSampling?: boolean
}

type Body = Record<string, unknown>
type Refusal = { status: number; code: string; message: string }

// Bodies are the SDK's own: read without ceremony.
// eslint-disable-next-line typescript/no-explicit-any
export function refusal(protocol: Protocol, body: any, promptTokens: number, now: Behaviour): Refusal | undefined {
  if (now.pictures === 'refuse' && picturesIn(JSON.stringify(body)).length > 0) return NO_PICTURES[protocol]
  if (now.noSampling === true && JSON.stringify(body).includes('"temperature":'))
    return {
      status: 400,
      code: 'invalid_request_error',
      message: "Unsupported value: 'temperature' does not support 0.2 with this model.",
    }
  if (promptTokens > (now.contextTokens ?? Infinity)) {
    if (now.longPrompt === 'tooLarge') return { status: 413, code: 'too_large', message: 'Request Entity Too Large' }
    if (now.longPrompt !== 'cut')
      return {
        status: 400,
        code: 'context_length_exceeded',
        message: `This model's maximum context length is ${now.contextTokens} tokens.`,
      }
  }
  const form = formOf(protocol, body)
  if (form === 'words' || takes(now, form) || now.otherForms === 'ignore') return undefined
  return { status: 400, code: 'invalid_request_error', message: REFUSALS[form][protocol] ?? REFUSALS[form].chat }
}

/** Base64 of the pictures in a request, whatever the protocol: PNG, JPEG, GIF and WebP by their first bytes. */
const PICTURE = /"(?:data:image\/[a-z]+;base64,)?((?:iVBORw0KGgo|\/9j\/|R0lGOD|UklGR)[\w+/=]*)"/g

/** SHA-256 of the pictures in a request. */
export function picturesIn(raw: string): string[] {
  return [...raw.matchAll(PICTURE)].map(([, base64 = '']) =>
    createHash('sha256').update(Buffer.from(base64, 'base64')).digest('hex'),
  )
}

export function withoutPictures(raw: string): string {
  return raw.replace(PICTURE, '"picture"')
}

/** As OpenAI, vLLM, OpenRouter and Ollama say it. */
const NO_PICTURES: Record<Protocol, Refusal> = {
  responses: {
    status: 400,
    code: 'invalid_request_error',
    message: 'Invalid content type. image_url is only supported by certain models.',
  },
  chat: { status: 404, code: 'not_found', message: 'No endpoints found that support image input' },
  anthropic: { status: 400, code: 'invalid_request_error', message: 'images are not supported by this model' },
  google: { status: 400, code: 'INVALID_ARGUMENT', message: 'Image input is not supported for this model' },
  ollama: { status: 500, code: 'error', message: 'this model is missing data required for image input' },
}

const REFUSALS: Record<'schema' | 'json' | 'tool', Partial<Record<Protocol, string>> & { chat: string }> = {
  schema: {
    chat: 'This response_format type is unavailable now',
    anthropic: 'output_config: structured outputs are not supported by this model',
    google: 'Invalid JSON payload received. Unknown name "responseSchema" at generation_config',
    ollama: 'json: cannot unmarshal object into Go struct field ChatRequest.format of type string',
  },
  json: { chat: "'response_format.type' must be 'text'", ollama: 'ChatRequest.format is not supported' },
  tool: { chat: 'this model does not support tools' },
}

const takes = ({ forms }: Behaviour, form: 'schema' | 'json' | 'tool') => forms === undefined || forms.includes(form)

// eslint-disable-next-line typescript/no-explicit-any
function formOf(protocol: Protocol, body: any): 'schema' | 'json' | 'tool' | 'words' {
  const tools = JSON.stringify(body.tools ?? [])
  if (tools.includes('"answer"') || tools.includes('"name":"json"')) return 'tool'
  const type: Record<Protocol, unknown> = {
    chat: body.response_format?.type,
    responses: body.text?.format?.type,
    anthropic: body.output_config?.format?.type,
    google: body.generationConfig?.responseSchema ?? body.generationConfig?.responseJsonSchema,
    ollama: body.format,
  }
  const asked = type[protocol]
  if (asked === 'json_schema' || (typeof asked === 'object' && asked !== null)) return 'schema'
  const json = protocol === 'google' ? body.generationConfig?.responseMimeType === 'application/json' : asked
  return json === true || json === 'json_object' || json === 'json' ? 'json' : 'words'
}

/** What the model makes of the request. */
export function understood(protocol: Protocol, asked: Asked, body: Body, now: Behaviour): Asked {
  const form = formOf(protocol, body)
  const told = /must fit this JSON schema:\n(\{.*\})/.exec(asked.system)?.[1]
  if (told !== undefined) return { ...asked, schema: JSON.parse(told) as Asked['schema'] }
  return form === 'words' || takes(now, form) ? asked : { ...asked, schema: undefined, tools: [] }
}

/** Whether the answer is made of the tool that takes answers. */
export function answersByTool(protocol: Protocol, body: Body): boolean {
  return JSON.stringify(body['tools'] ?? []).includes('"answer"') && formOf(protocol, body) === 'tool'
}

/** The end of the prompt, as servers keep it. */
export function cutPrompt(asked: Asked, keptTokens: number): Asked {
  const turns = asked.turns.map((turn) => ({ ...turn, text: turn.text.slice(-4 * keptTokens) }))
  return { ...asked, system: '', turns }
}

export function spoken(reply: Reply, { outputTokensMax }: Asked, now: Behaviour): Reply {
  if (!('text' in reply.answer)) return reply
  const { reasoningTokens = 0, answerMax = Infinity } = now
  if (reasoningTokens >= outputTokensMax || reply.answer.text.length > answerMax) {
    const completion = Math.min(reasoningTokens, outputTokensMax)
    return { ...reply, answer: { text: '' }, cut: true, usage: { ...reply.usage, completion } }
  }
  return { ...reply, answer: { text: AROUND[now.around ?? 'nothing'](reply.answer.text) } }
}

const AROUND: Record<NonNullable<Behaviour['around']> | 'nothing', (json: string) => string> = {
  nothing: (json) => json,
  think: (json) => `<think>\nThe user wants {"json": true}. Let me see.\n</think>\n\n${json}`,
  closedThink: (json) => `I think about [this] first.\n</think>\n${json}`,
  prose: (json) => `Sure! Here is the JSON that you asked for:\n\n${json}\n\nLet me know if it helps.`,
  fence: (json) => `\`\`\`json\n${json}\n\`\`\``,
  comma: (json) => json.replace(/\}$/, ',}'),
}
