// Starts the viewer: a server of pages, and one of originals.
import { randomBytes } from 'node:crypto'
import { basename } from 'node:path'
import type { Server } from 'node:http'
import { networkInterfaces } from 'node:os'
import { createAdaptorServer } from '@hono/node-server'
import type { Kb } from '../../api.ts'
import { KbError, messageOf, systemCode } from '../../core/errors.ts'
import type { RunningViewer, ViewOptions } from '../../core/options.ts'
import { ViewSource } from '../source.ts'
import { viewerApp } from './app.ts'
import { Assets } from './assets.ts'
import { LOOPBACK } from './guard.ts'
import { originalsApp } from './originals.ts'

/** Tried first if no port is named; another free one is taken if it is in use. */
const PORT_DEFAULT = 4114

/** Throws `KbError`: `usage` if the port cannot be had, `notFound` if `at` names no commit. */
export async function serveView(kb: Kb, options: ViewOptions = {}): Promise<RunningViewer> {
  const assets = await Assets.load()
  const source = new ViewSource(kb)
  await source.moment(options.at)
  const host = options.host ?? LOOPBACK
  const open = options.host !== undefined
  const token = randomBytes(24).toString('base64url')
  const secret = randomBytes(12).toString('base64url')
  const stop = new AbortController()
  const pages = await listening(host, options.port ?? PORT_DEFAULT, options.port === undefined)
  const files = await listening(host, 0, false)
  const origin = `http://${printedName(host)}:${pages.port}`
  pages.answer(
    viewerApp({
      source,
      assets,
      access: { port: pages.port, open, token },
      originals: { port: files.port, secret },
      name: basename(kb.root),
      at: options.at,
      writable: options.write === true,
      allowPrivate: options.allowPrivate === true,
      answers: false,
      version: options.version ?? '',
      signal: stop.signal,
    }).fetch,
  )
  files.answer(originalsApp(source, secret, pages.port, { port: files.port, open, token }).fetch)
  // Lists are read before the first request asks for them.
  void source.moment(options.at).then(
    ({ commit }) => source.contents(commit),
    () => {},
  )
  return {
    url: `${origin}/${open ? `?token=${token}` : ''}${options.write === true ? `#token=${token}` : ''}`,
    close: async () => {
      stop.abort()
      await Promise.all([pages.close(), files.close()])
    },
  }
}

/** For all addresses of this machine, the first that others reach. */
function printedName(host: string): string {
  const own = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses)
  const name =
    host === '0.0.0.0' || host === '::'
      ? (own.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? LOOPBACK)
      : host
  return name.includes(':') ? `[${name}]` : name
}

type Fetch = (request: Request) => Response | Promise<Response>
type Listening = { port: number; answer: (fetch: Fetch) => void; close: () => Promise<void> }

/** Listens before the address that pages must know is known to them. */
async function listening(host: string, port: number, orAnother: boolean): Promise<Listening> {
  let answer: Fetch = () => new Response('Starting.\n', { status: 503 })
  const server = createAdaptorServer({ fetch: (request) => answer(request) }) as Server
  await listen(server, host, port).catch(async (error: unknown) => {
    if (!orAnother || systemCode(error) !== 'EADDRINUSE') throw portProblem(host, port, error)
    await listen(server, host, 0)
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    answer: (fetch) => {
      answer = fetch
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function portProblem(host: string, port: number, cause: unknown): KbError {
  if (systemCode(cause) === 'EADDRINUSE')
    return new KbError('usage', `Port ${port} is in use.`, { hint: 'Name another one with --port, or none.', cause })
  return new KbError('usage', `The viewer cannot listen at ${host}, port ${port}: ${messageOf(cause)}.`, { cause })
}
