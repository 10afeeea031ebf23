// A language model on this machine: speaks the providers' protocols over HTTP, answers from the document in the
// request, waits and fails as configured, and counts. Also a program: node test/support/model-server.ts --port 0 --delay 100
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'
import { answer, type Asked, type Manner } from './model-answers.ts'
import {
  answersByTool,
  cutPrompt,
  picturesIn,
  refusal,
  spoken,
  understood,
  withoutPictures,
  type Behaviour,
} from './model-behaviours.ts'
import { protocolOf, readAsked, writeError, writeEvents, writeReply, type Protocol } from './model-protocols.ts'

export type Fault =
  | 'rateLimit'
  | 'overloaded'
  | 'serverError'
  | 'timeout'
  | 'brokenConnection'
  | 'brokenBody'
  | 'brokenStream'
  | 'stalledStream'
  | 'auth'
  | 'quota'
  | 'unknownModel'
  | 'tokenLimit'
  | 'truncated'
  | 'empty'
  | 'nonAnswer'
  | 'wrongSchema'
  | 'ghostLinks'
  | 'hostile'

export type FaultRule = {
  fault: Fault
  /** Only calls whose prompt has this text. */
  match?: string
  /** Every n-th of the matching calls: 1 is all of them. */
  every?: number
  /** Maximum number of times. */
  times?: number
  /** Seconds, for `rateLimit` and `overloaded`; without it there is no `retry-after`. */
  retryAfter?: number
}
/** What the model sees on pictures whose prompt has `match`. */
export type Sight = { match: string; description?: string; text?: string }
export type ServerPlan = { delayMs?: number; faults?: FaultRule[]; behaviour?: Behaviour; sights?: Sight[] }

export type ServerCounts = {
  /** Requests, answered or not, and those answered with 200. */
  requests: number
  answered: number
  promptTokens: number
  completionTokens: number
  /** Maximum number of concurrent calls. */
  atOnce: number
  /** Calls with a picture. */
  withPictures: number
  /** Calls that offered tools. */
  withTools: number
  /** Calls whose stable part carried a cache mark. */
  cacheMarked: number
  faults: Partial<Record<Fault, number>>
}

export type ModelServer = {
  /** `http://127.0.0.1:<port>`. */
  url: string
  counts: () => ServerCounts
  /** Prompts as received, oldest first: the instructions and all turns. */
  prompts: () => string[]
  plan: (plan: ServerPlan) => void
  [Symbol.asyncDispose]: () => Promise<void>
}

const noCounts = (): ServerCounts => ({
  requests: 0,
  answered: 0,
  promptTokens: 0,
  completionTokens: 0,
  atOnce: 0,
  withPictures: 0,
  withTools: 0,
  cacheMarked: 0,
  faults: {},
})
/** As good an estimate as any, and always the same. */
const tokens = (text: string) => Math.ceil(Buffer.byteLength(text) / 4)

export async function startModelServer(first: ServerPlan = {}, port = 0): Promise<ModelServer> {
  let plan = first
  let counts = noCounts()
  let prompts: string[] = []
  let hits: number[] = []
  let times: number[] = []
  let busy = 0
  const waiting = new Set<NodeJS.Timeout>()

  const faultFor = (prompt: string): FaultRule | undefined =>
    plan.faults?.find((rule, index) => {
      if (rule.match !== undefined && !prompt.includes(rule.match)) return false
      hits[index] = (hits[index] ?? 0) + 1
      if ((hits[index] ?? 0) % (rule.every ?? 1) !== 0 || (times[index] ?? 0) >= (rule.times ?? Infinity)) return false
      times[index] = (times[index] ?? 0) + 1
      counts.faults[rule.fault] = (counts.faults[rule.fault] ?? 0) + 1
      return true
    })

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    const raw = await bodyOf(request)
    if (path === '/_plan') {
      plan = JSON.parse(raw)
      counts = noCounts()
      prompts = []
      hits = []
      times = []
      return send(response, 200, {})
    }
    if (path === '/_counts') return send(response, 200, counts)
    const protocol = protocolOf(path)
    if (protocol === undefined) return send(response, 404, { error: { message: 'no such address', code: 'not_found' } })
    const body = JSON.parse(raw)
    const asked = readAsked(protocol, body)
    const prompt = [asked.system, ...asked.turns.map(({ text }) => text)].join('\n\n')
    counts.requests++
    if (body.tools?.some((tool: { name?: string | undefined }) => tool.name !== 'json') === true) counts.withTools++
    const pictures = picturesIn(raw)
    if (pictures.length > 0) counts.withPictures++
    if (raw.includes('cache_control')) counts.cacheMarked++
    prompts.push(prompt)
    const rule = faultFor(prompt)
    busy++
    counts.atOnce = Math.max(counts.atOnce, busy)
    try {
      if (plan.delayMs !== undefined && plan.delayMs > 0) await pause(plan.delayMs, waiting)
      if (rule !== undefined && fail(protocol, rule, request, response)) return
      const now = behaviourTo(protocol, body, plan.behaviour)
      const refused = refusal(protocol, body, tokens(prompt), now)
      if (refused !== undefined) {
        const { status, code, message } = refused
        return send(response, status, writeError(protocol, status, code, message))
      }
      const sight =
        plan.behaviour?.pictures === 'drop' || pictures[0] === undefined
          ? undefined
          : { digest: pictures[0], ...plan.sights?.find(({ match }) => prompt.includes(match)) }
      const reply = replyTo(protocol, { ...asked, sight }, withoutPictures(raw), body, rule?.fault, now)
      counts.answered++
      counts.promptTokens += reply.usage.prompt
      counts.completionTokens += reply.usage.completion
      const streams = body.stream === true || path.endsWith(':streamGenerateContent')
      if (!streams) return send(response, 200, writeReply(protocol, reply, body.tools?.[0]?.name === 'json'))
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const events = writeEvents(protocol, reply)
      if (rule?.fault === 'stalledStream') return void response.write(events.slice(0, 3).join(''))
      if (rule?.fault !== 'brokenStream') return void response.end(events.join(''))
      response.write(events.slice(0, 3).join(''), () => response.destroy())
    } finally {
      busy--
    }
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) =>
      send(response, 500, { error: { message: String(error), code: 'broken_test_server' } }),
    )
  })
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts: () => counts,
    prompts: () => prompts,
    plan: (next) => {
      plan = next
      hits = []
      times = []
    },
    [Symbol.asyncDispose]: async () => {
      for (const timer of waiting) clearTimeout(timer)
      server.closeAllConnections()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    },
  }
}

function replyTo(
  protocol: Protocol,
  asked: Asked,
  raw: string,
  body: { model?: string | undefined },
  fault: Fault | undefined,
  now: Behaviour,
) {
  const kept = Math.min(tokens(raw), now.contextTokens ?? Infinity)
  const heard = understood(protocol, asked, body, now)
  const read = kept < tokens(raw) ? cutPrompt(heard, kept) : heard
  const made = answer(read, mannerOf(fault))
  const cut = fault === 'tokenLimit'
  const said = 'text' in made && cut ? { text: made.text.slice(0, Math.floor(made.text.length / 2)) } : made
  const usage = { prompt: kept, cached: 0, completion: tokens(JSON.stringify(said)) }
  const id = createHash('sha256').update(raw).digest('hex').slice(0, 12)
  const reply = spoken({ answer: said, cut, usage, id, model: body.model ?? protocol }, asked, now)
  if (!answersByTool(protocol, body) || !('text' in reply.answer) || reply.cut) return reply
  return { ...reply, answer: { call: { name: 'answer', input: JSON.parse(reply.answer.text) } } }
}

/** Ollama drops the beginning of a prompt that does not fit into the context that the request names. */
function behaviourTo(protocol: Protocol, body: { options?: { num_ctx?: number } }, plan: Behaviour = {}): Behaviour {
  if (protocol !== 'ollama') return plan
  const contextTokens = Math.min(body.options?.num_ctx ?? 4096, plan.contextTokens ?? Infinity)
  return { ...plan, contextTokens, longPrompt: plan.longPrompt ?? 'cut' }
}

function mannerOf(fault: Fault | undefined): Manner {
  const manners: Manner[] = ['nonAnswer', 'ghostLinks', 'hostile', 'wrongSchema', 'empty', 'truncated']
  return manners.find((manner) => manner === fault) ?? 'good'
}

/** True if the fault is the whole answer. */
function fail(
  protocol: Protocol,
  { fault, retryAfter }: FaultRule,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const after: Record<string, string> = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }
  const refuse = (status: number, code: string, message: string) => {
    send(response, status, writeError(protocol, status, code, message), after)
    return true
  }
  switch (fault) {
    case 'rateLimit':
      return refuse(429, 'rate_limit_exceeded', 'Rate limit reached.')
    case 'overloaded':
      return refuse(529, 'overloaded_error', 'Overloaded.')
    case 'serverError':
      return refuse(500, 'server_error', 'The server had an error.')
    case 'auth':
      return refuse(401, 'invalid_api_key', 'Incorrect API key provided.')
    case 'quota':
      return refuse(
        429,
        'insufficient_quota',
        'You exceeded your current quota, please check your plan and billing details.',
      )
    case 'unknownModel':
      return refuse(404, 'model_not_found', 'The model does not exist.')
    case 'timeout':
      return true
    case 'brokenConnection':
      request.socket.destroy()
      return true
    case 'brokenBody':
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"x","choices":[{"mess')
      return true
    case 'brokenStream':
    case 'stalledStream':
    case 'tokenLimit':
    case 'truncated':
    case 'empty':
    case 'nonAnswer':
    case 'wrongSchema':
    case 'ghostLinks':
    case 'hostile':
      return false
  }
}

function send(response: ServerResponse, status: number, value: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value))
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

function pause(ms: number, waiting: Set<NodeJS.Timeout>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      waiting.delete(timer)
      resolve()
    }, ms)
    waiting.add(timer)
  })
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      delay: { type: 'string', default: '0' },
      faults: { type: 'string', default: '[]' },
    },
  })
  const server = await startModelServer(
    { delayMs: Number(values.delay), faults: JSON.parse(values.faults) },
    Number(values.port),
  )
  process.stdout.write(`${JSON.stringify({ url: server.url, pid: process.pid })}\n`)
  // Ends with the process that started it.
  process.stdin.resume().on('end', () => void server[Symbol.asyncDispose]())
}
