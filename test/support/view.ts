// A base to look at: documents of several kinds, and one that tries to run a script wherever a page shows its words.
import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type Server } from 'node:http'
import { join } from 'node:path'
import { initKb, openKb, type Kb } from '../../src/index.ts'
import { serveView } from '../../src/view/server/serve.ts'
import type { ViewOptions } from '../../src/core/options.ts'
import { png } from './documents.ts'
import { pdf } from './pdf.ts'
import { Workplace } from './workplace.ts'

export type ViewedBase = AsyncDisposable & { place: Workplace; kb: Kb }

const MATH =
  '# Falcon Engine\n\nThe Falcon Engine is a machine of Acme Corporation. Alice Smith built the Falcon Engine in Paris.\n\n## Power\n\nIts power is $P = \\frac{W}{t}$, which the Falcon Engine keeps for hours.\n\n| part | mass |\n| --- | --- |\n| Boiler | 30 |\n\n```sh\nstart --now\n```\n'
const HERON =
  '# Heron Engine\n\nThe Heron Engine is a machine of Acme Corporation. The Heron Engine follows the Falcon Engine, as Alice Smith planned.\n\n## Boiler\n\nThe boiler of the Heron Engine holds forty litres.\n'

/** Markup in every field that a page shows; `call` is an address that a script would ask for. */
export function hostileNote(call: string): string {
  const script = `<script>fetch('${call}')</script><img src=x onerror="fetch('${call}')">`
  return [
    '---',
    `title: ${JSON.stringify(`Canary ${script}`)}`,
    `author: ${JSON.stringify(script)}`,
    '---',
    `# Canary ${script}`,
    '',
    `The Canary Engine ${script} is a machine of Acme Corporation. [press](javascript:fetch('${call}'))`,
    '',
    `![picture](${call}) <svg onload="fetch('${call}')"></svg> $\\href{javascript:fetch('${call}')}{x}$`,
    '',
    `<iframe srcdoc="${script.replaceAll('"', '&quot;')}"></iframe>`,
    '',
    `\`\`\`html\n${script}\n\`\`\``,
    '',
  ].join('\n')
}

export const hostilePage = (call: string): string =>
  `<!doctype html><title>Canary page</title><body onload="fetch('${call}')"><p>A page about the Canary Engine of Acme Corporation, with words enough to be kept as text.</p><script>fetch('${call}')</script><img src="${call}"><iframe src="${call}"></iframe><form action="${call}"><button>Go</button></form></body>`

/** Documents for `kbgit add`, in a folder `in/`. */
export function writeViewDocuments(place: Workplace, call = 'http://127.0.0.1:9/canary'): string {
  place.write('in/falcon.md', MATH)
  place.write('in/heron.md', HERON)
  place.write('in/canary.md', hostileNote(call))
  place.write('in/page.html', hostilePage(call))
  place.write(
    'in/report.pdf',
    pdf([
      { lines: [{ text: 'Report on the Falcon Engine of Acme Corporation', y: 100, size: 20 }] },
      { lines: [{ text: 'The second page describes the Heron Engine.', y: 100 }] },
    ]),
  )
  place.write('in/data.csv', 'name,mass\nboiler,30\nwheel,12\n')
  place.write('pictures/plan.png', png(120, 2))
  return join(place.dir, 'in')
}

/** A base with these documents, opened as the viewer opens it. */
export async function viewedBase(call?: string): Promise<ViewedBase> {
  const place = new Workplace()
  const surroundings = { env: { ...process.env, ...place.env }, cwd: place.base }
  await initKb({ ...surroundings, dir: place.base, hooks: false })
  const kb = await openKb({ ...surroundings, dir: place.base, held: true })
  const { failed } = await kb.add([writeViewDocuments(place, call)])
  if (failed.length > 0) throw new Error(failed.map(({ error }) => error.message).join('\n'))
  return {
    place,
    kb,
    [Symbol.asyncDispose]: async () => {
      await kb[Symbol.asyncDispose]()
      place[Symbol.dispose]()
    },
  }
}

export type Shown = AsyncDisposable & {
  origin: string
  url: string
  get: (
    path: string,
    headers?: Record<string, string>,
    method?: string,
  ) => Promise<{ status: number; headers: Headers; text: string }>
}

/** The base behind a running viewer. Requests are sent with exactly these headers, which `fetch` would not do. */
export async function shown(kb: Kb, options: ViewOptions = {}): Promise<Shown> {
  const { url, close } = await serveView(kb, { port: 0, ...options })
  const { origin } = new URL(url)
  return {
    origin,
    url,
    get: (path, headers = {}, method = 'GET') => ask(path.startsWith('http') ? path : origin + path, headers, method),
    [Symbol.asyncDispose]: close,
  }
}

/** `post` sends to the viewer's API for writing as its own pages do; `headers` replace theirs. */
export type Writable = AsyncDisposable & {
  base: ViewedBase
  view: Shown
  post: (path: string, body: string, headers?: Record<string, string>) => Promise<Response>
}

/** A base in a viewer with `--write`. */
export async function writableView(): Promise<Writable> {
  const base = await viewedBase()
  const view = await shown(base.kb, { write: true })
  const token = new URL(view.url).hash.replace('#token=', '')
  return {
    base,
    view,
    post: (path, body, headers = {}) =>
      fetch(`${view.origin}/api/write/${path}`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', origin: view.origin, 'x-kbgit-token': token, ...headers },
      }),
    [Symbol.asyncDispose]: async () => {
      await view[Symbol.asyncDispose]()
      await base[Symbol.asyncDispose]()
    },
  }
}

async function ask(
  address: string,
  headers: Record<string, string>,
  method: string,
): Promise<{ status: number; headers: Headers; text: string }> {
  const { hostname, port, pathname } = new URL(address)
  // The path as written: a client would remove `..`.
  const path = address.slice(address.indexOf(port, address.indexOf('//')) + port.length) || pathname
  const sent = request({ hostname, port, path, method, headers })
  sent.end()
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk as Buffer)
  const given = Object.entries(answer.headers).map(([name, value]): [string, string] => [name, String(value)])
  return { status: answer.statusCode ?? 0, headers: new Headers(given), text: Buffer.concat(chunks).toString() }
}

/** A port that must never be called; `calls` is what was asked of it. */
export async function canaryPort(): Promise<Disposable & { address: string; calls: string[] }> {
  const calls: string[] = []
  const server: Server = createServer((request, response) => {
    calls.push(request.url ?? '')
    response.end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { address: `http://127.0.0.1:${port}/canary`, calls, [Symbol.dispose]: () => void server.close() }
}
