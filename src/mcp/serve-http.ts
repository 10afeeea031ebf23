// MCP over streamable HTTP, on this machine alone: with a token, and only for requests that name this server as their host
// and come from no page of another site. Clients of 2025 have sessions; later ones say everything with each request.
import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import type { Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import {
  createMcpHandler,
  isLegacyRequest,
  WebStandardStreamableHTTPServerTransport,
  type McpServer,
} from '@modelcontextprotocol/server'
import { KbError, messageOf, systemCode } from '../core/errors.ts'
import { connectedServer } from './connection.ts'
import type { NewsFeed } from './news.ts'
import { urisOf } from './resources.ts'
import { mcpServer, type McpHost } from './server.ts'

const LOOPBACK = '127.0.0.1'
const PORT_DEFAULT = 4115
/** An idle connection ends after this time; a client that sends just then would fail. */
const KEEP_ALIVE_MS = 120_000
const PATH = '/mcp'
const BODY_BYTES_MAX = 32 * 1024 ** 2
/** Open sessions; the one that was idle longest makes room for another. */
const SESSIONS_MAX = 64

export type HttpOptions = { port?: number | undefined; token?: string | undefined }
export type RunningHttp = { url: string; token: string; close: () => Promise<void> }

/** Throws `KbError` (`usage`) if the port cannot be had. */
export async function startHttp(
  host: McpHost,
  feed: NewsFeed,
  options: HttpOptions,
  onError: (error: Error) => void,
): Promise<RunningHttp> {
  const token = options.token ?? randomBytes(24).toString('base64url')
  const modern = createMcpHandler(() => mcpServer(host), {
    legacy: 'reject',
    maxRequestBodySize: BODY_BYTES_MAX,
    onerror: onError,
  })
  const leave = await feed.listen(({ pages }) => {
    modern.notify.resourcesChanged()
    for (const uri of new Set((pages ?? []).flatMap(urisOf))) modern.notify.resourceUpdated(uri)
  })
  const sessions = new Sessions(host, feed)
  let port = 0
  const server = createAdaptorServer({
    fetch: async (request: Request) => {
      const refusal = refused(request, port, token)
      if (refusal !== undefined) return refusal
      const legacy = await isLegacyRequest(request, undefined, { maxRequestBodySize: BODY_BYTES_MAX })
      return legacy ? sessions.answer(request) : modern.fetch(request)
    },
  }) as Server
  server.keepAliveTimeout = KEEP_ALIVE_MS
  await listen(server, options.port ?? PORT_DEFAULT).catch(async (error: unknown) => {
    if (options.port !== undefined || systemCode(error) !== 'EADDRINUSE') throw portProblem(options.port, error)
    await listen(server, 0)
  })
  const address = server.address()
  port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://${LOOPBACK}:${port}${PATH}`,
    token,
    close: async () => {
      leave()
      await Promise.all([modern.close(), sessions.close()])
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

/** The answer to a request that may not come in. */
function refused(request: Request, port: number, token: string): Response | undefined {
  const own = [LOOPBACK, 'localhost', '[::1]'].map((name) => `${name}:${port}`)
  const host = request.headers.get('host') ?? ''
  if (!own.includes(host)) return problem(403, 'This address is not one of the server.')
  const origin = request.headers.get('origin')
  if (origin !== null && origin !== `http://${host}`)
    return problem(403, 'The request comes from a page of another site.')
  if (new URL(request.url).pathname !== PATH) return problem(404, `The server is at ${PATH}.`)
  const [, shown = ''] = /^Bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '') ?? []
  if (!isSame(shown, token)) return problem(401, 'The token is missing or wrong.', { 'WWW-Authenticate': 'Bearer' })
  return undefined
}

function problem(status: number, message: string, headers: Record<string, string> = {}): Response {
  return Response.json({ jsonrpc: '2.0', id: null, error: { code: -32000, message } }, { status, headers })
}

/** Compares in the same time for any guess. */
function isSame(guess: string, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(guess), digest(token))
}

type Session = { transport: WebStandardStreamableHTTPServerTransport; server: McpServer }

/** Connections of clients that begin with a handshake. */
class Sessions {
  readonly #host: McpHost
  readonly #feed: NewsFeed
  /** The one that was used last is last. */
  readonly #open = new Map<string, Session>()

  constructor(host: McpHost, feed: NewsFeed) {
    this.#host = host
    this.#feed = feed
  }

  async answer(request: Request): Promise<Response> {
    const id = request.headers.get('mcp-session-id')
    if (id === null) return this.#first(request)
    const session = this.#open.get(id)
    if (session === undefined) return problem(404, 'The session has ended.')
    this.#open.delete(id)
    this.#open.set(id, session)
    return session.transport.handleRequest(request)
  }

  async #first(request: Request): Promise<Response> {
    const { transport, server } = await this.#begin()
    const answer = await transport.handleRequest(request)
    // Only a handshake begins a session.
    if (transport.sessionId === undefined) await server.close()
    return answer
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map(({ server }) => server.close().catch(() => {})))
    this.#open.clear()
  }

  async #begin(): Promise<Session> {
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      maxRequestBodySize: BODY_BYTES_MAX,
      onsessioninitialized: async (id) => {
        this.#open.set(id, session)
        const [oldest] = this.#open
        if (this.#open.size <= SESSIONS_MAX || oldest === undefined) return
        this.#open.delete(oldest[0])
        await oldest[1].server.close()
      },
      onsessionclosed: (id) => void this.#open.delete(id),
    })
    const server = await connectedServer(this.#host, this.#feed, 'legacy')
    const session = { transport, server }
    await server.connect(transport)
    return session
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, LOOPBACK, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function portProblem(port: number | undefined, cause: unknown): KbError {
  if (systemCode(cause) === 'EADDRINUSE')
    return new KbError('usage', `Port ${port} is in use.`, { hint: 'Name another one with --port, or none.', cause })
  return new KbError('usage', `The server cannot listen: ${messageOf(cause)}.`, { cause })
}
