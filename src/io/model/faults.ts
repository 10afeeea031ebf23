// Classifies failed calls to a provider: which wait, which are retried, which end the run.
import { messageOf } from '../../core/errors.ts'

export type ModelFault =
  /** The provider asks us to wait, for `waitMs` if it says how long. */
  | { kind: 'busy'; message: string; waitMs?: number | undefined }
  /** Likely temporary: a problem of the provider, a time-out, a broken connection, an incomplete answer. */
  | { kind: 'transient'; message: string }
  /** This request will never succeed. */
  | { kind: 'refused'; message: string }
  /** The prompt is longer than the model, or the server, takes. */
  | { kind: 'tooLong'; message: string }
  /** The server does not know the form of answer that was asked for. */
  | { kind: 'noSchema'; message: string }
  /** The server does not take a temperature or a seed for this model. */
  | { kind: 'noSampling'; message: string }
  /** The model, or its server, takes no pictures. */
  | { kind: 'noPictures'; message: string }
  | { kind: 'auth'; message: string }
  | { kind: 'quota'; message: string }
  | { kind: 'unknownModel'; message: string }

/** The relevant fields of the SDK's `APICallError`. */
type CallError = {
  statusCode?: number
  responseHeaders?: Record<string, string>
  responseBody?: string
  isRetryable?: boolean
}

const QUOTA =
  /insufficient_quota|billing_hard_limit|billing_not_active|credit balance is too low|payment required|exceeded your current quota/i
const TOO_LONG =
  /context[_ ](?:length|window|size)|maximum context|too many (?:input )?tokens|prompt is too long|input is too long|exceeds? .{0,40}tokens|token limit|reduce the length/i
const NO_SCHEMA =
  /response_format|json_schema|json_object|structured[_ ]outputs?|output_config|response_?(?:json_?)?schema|grammar|ChatRequest\.format|tool_choice|tools? (?:is|are|calls?|use|calling)?\s*(?:not|un)\s*supported|not support tools?|no support for tools?/i
const NO_SAMPLING = /['"`]?\b(?:temperature|seed)\b['"`]?/i
/** As OpenAI, OpenRouter, vLLM, llama.cpp, LM Studio, Ollama, Groq and DeepSeek say it. */
const NO_PICTURES =
  /(?:image_url|image content|vision|multi-?modal)\W.{0,60}\bonly supported|support image input|support (?:images?|vision)\b|(?:images?|image input|image content|vision|multi-?modal\w*) (?:input )?(?:is|are) not supported|not a multi-?modal model|data required for image input|mmproj|at most 0 image|unknown variant `image_url`|content must be a string/i
const NO_PICTURES_STATUS = new Set([400, 404, 415, 422, 500, 501])
/** Names of errors that the SDK and fetch use for an answer that was cut off or never came. */
const BROKEN =
  /^(?:AI_APICallError|AI_EmptyResponseBodyError|AI_InvalidResponseDataError|AI_JSONParseError|AI_TypeValidationError|TimeoutError|SocketError)$/

/** `now` in milliseconds since 1970, for a `retry-after` date. Undefined for errors that are not a provider failure. */
export function classifyFault(error: unknown, now: number): ModelFault | undefined {
  const call = callErrorOf(error)
  const message = sentence(error, call)
  const status = call?.statusCode
  if (call === undefined) {
    return error instanceof Error && (BROKEN.test(error.name) || isNetworkError(error))
      ? { kind: 'transient', message }
      : undefined
  }
  const waitMs = retryAfterMs(call, now)
  const wait = { waitMs }
  const body = call.responseBody ?? ''
  if (NO_PICTURES_STATUS.has(status ?? 0) && NO_PICTURES.test(body)) return { kind: 'noPictures', message }
  if (status === undefined || (status >= 200 && status < 300)) return { kind: 'transient', message }
  if (status === 401 || status === 403) return { kind: 'auth', message }
  if (status === 402) return { kind: 'quota', message }
  if (status === 429) {
    return waitMs === undefined && QUOTA.test(body) ? { kind: 'quota', message } : { kind: 'busy', message, ...wait }
  }
  if (QUOTA.test(body)) return { kind: 'quota', message }
  if (status >= 500 && waitMs !== undefined) return { kind: 'busy', message, waitMs }
  if (status >= 500 || status === 408 || status === 409 || status === 425) return { kind: 'transient', message }
  if (status === 413 || TOO_LONG.test(body)) return { kind: 'tooLong', message }
  if ([400, 415, 422, 501].includes(status)) {
    if (NO_SCHEMA.test(body)) return { kind: 'noSchema', message }
    if (NO_SAMPLING.test(body)) return { kind: 'noSampling', message }
  }
  if (status === 404) return { kind: 'unknownModel', message }
  return { kind: 'refused', message }
}

function callErrorOf(error: unknown): CallError | undefined {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; current = current.cause, depth++) {
    if (current.name === 'AI_APICallError') return current as CallError
  }
  return undefined
}

function isNetworkError(error: Error): boolean {
  for (
    let current: unknown = error, depth = 0;
    current instanceof Error && depth < 5;
    current = current.cause, depth++
  ) {
    const code = (current as { code?: unknown }).code
    if (typeof code === 'string' && /^(?:E[A-Z]+|UND_ERR_\w+)$/.test(code)) return true
    if (current instanceof TypeError && /^(?:fetch failed|terminated|network error)/i.test(current.message)) return true
  }
  return false
}

/** Milliseconds, from the headers of RFC 9110 and of the providers, or from Google's `RetryInfo` in the body. */
function retryAfterMs(call: CallError, now: number): number | undefined {
  const headers = call.responseHeaders ?? {}
  const exact = Number(headers['retry-after-ms'])
  if (headers['retry-after-ms'] !== undefined && Number.isFinite(exact)) return Math.max(0, exact)
  const after = headers['retry-after']?.trim()
  if (after !== undefined && after !== '') {
    const seconds = Number(after)
    if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000)
    const date = Date.parse(after)
    if (!Number.isNaN(date)) return Math.max(0, date - now)
  }
  const delay = /"retryDelay"\s*:\s*"(\d+(?:\.\d+)?)s"/.exec(call.responseBody ?? '')?.[1]
  return delay === undefined ? undefined : Number(delay) * 1000
}

/** One line, truncated: error bodies can be whole pages. They contain no keys, since they do not repeat the request. */
function sentence(error: unknown, call: CallError | undefined): string {
  const status = call?.statusCode === undefined ? '' : `${call.statusCode}: `
  // Ollama's errors are texts, which its package does not read.
  const said = /^\{"error":("(?:[^"\\]|\\.){1,1000}")\}$/.exec(call?.responseBody?.trim() ?? '')?.[1]
  return `${status}${said === undefined ? messageOf(error) : String(JSON.parse(said))}`
    .replace(/\s+/g, ' ')
    .slice(0, 300)
}
