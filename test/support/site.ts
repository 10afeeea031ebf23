// A web site on this machine whose pages a test changes. It answers conditional requests, and counts what it is asked.
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

type Page = { body: string | Buffer; type: string }
type Answer = (request: IncomingMessage, response: ServerResponse) => void

export type FeedItem = { id?: string; title: string; link?: string; text?: string; date?: string }

export class Site implements Disposable {
  readonly url: string
  /** `GET /path 200`, in order. */
  readonly asked: string[] = []
  readonly #server: Server
  readonly #pages = new Map<string, Page | Answer>()

  private constructor(server: Server) {
    this.#server = server
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  static async start(): Promise<Site> {
    const server = createServer()
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    const site = new Site(server)
    server.on('request', (request: IncomingMessage, response: ServerResponse) => site.#answer(request, response))
    return site
  }

  /** A page about a machine. */
  page(path: string, name: string, more = ''): void {
    const text = `The ${name} Engine is a machine. Alice Smith of Acme Corporation built it in Paris. ${more}`
    this.put(path, `<!doctype html><title>On the ${name}</title><main><h1>On the ${name}</h1><p>${text}</p></main>`)
  }

  put(path: string, body: string | Buffer, type = 'text/html'): void {
    this.#pages.set(path, { body, type })
  }

  answer(path: string, answer: Answer): void {
    this.#pages.set(path, answer)
  }

  drop(path: string): void {
    this.#pages.delete(path)
  }

  rss(path: string, items: FeedItem[]): void {
    const entries = items.map(({ id, title, link, text = '', date }) =>
      [
        `<item><title>${title}</title>`,
        ...(link === undefined ? [] : [`<link>${this.url}${link}</link>`]),
        ...(id === undefined ? [] : [`<guid isPermaLink="false">${id}</guid>`]),
        ...(date === undefined ? [] : [`<pubDate>${date}</pubDate>`]),
        `<description><![CDATA[${text}]]></description></item>`,
      ].join(''),
    )
    const channel = `<channel><title>News</title>${entries.join('\n')}</channel>`
    this.put(path, `<?xml version="1.0"?><rss version="2.0">${channel}</rss>`, 'application/rss+xml')
  }

  /** What was asked since the last call. */
  requests(): string[] {
    return this.asked.splice(0)
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '/'
    response.once('close', () => this.asked.push(`${path} ${response.statusCode}`))
    const page = this.#pages.get(path)
    if (typeof page === 'function') return page(request, response)
    if (page === undefined) return void response.writeHead(404).end('not here')
    const etag = `"${createHash('sha256').update(page.body).digest('hex').slice(0, 12)}"`
    response.setHeader('etag', etag).setHeader('content-type', page.type)
    if (request.headers['if-none-match'] === etag) response.writeHead(304).end()
    else response.end(page.body)
  }

  [Symbol.dispose](): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }
}
