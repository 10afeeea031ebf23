// What `--write` allows: add, edit, remove. Each request needs the token of the printed address in a header, which a page of
// another site can neither read nor send, and the viewer's own Origin.
import type { Context } from 'hono'
import { KbError } from '../../core/errors.ts'
import type { Progress } from '../../core/results.ts'
import { isToken } from './guard.ts'
import { askedMoment } from './asked-moment.ts'
import type { Viewer } from './viewer.ts'

/** What is sent back, one JSON value per line. */
type Line =
  | { kind: 'progress'; progress: Progress }
  | { kind: 'done'; result: unknown }
  | { kind: 'failed'; message: string; hint?: string | undefined }

export type WriteRoute = {
  /** Below `/api/write/`. */
  path: string
  run: (c: Context, viewer: Viewer, say: (progress: Progress) => void) => Promise<unknown>
}

const JSON_BYTES_MAX = 8 * 1024 ** 2

export const WRITE_ROUTES: readonly WriteRoute[] = [
  { path: 'add', run: addFile },
  {
    path: 'add-url',
    run: async (c, { source, signal, allowPrivate }, onProgress) => {
      const { url } = await fields(c, 'url')
      if (!/^https?:\/\//i.test(url)) throw new KbError('usage', 'Only http and https addresses can be added.')
      return source.kb.add([url], { signal, allowPrivate, onProgress })
    },
  },
  {
    path: 'edit',
    run: async (c, { source, signal }) => {
      const { page, read, text } = await fields(c, 'page', 'read', 'text')
      return source.kb.edit(page, { read, text, signal })
    },
  },
  {
    path: 'remove',
    run: async (c, { source, signal }) => {
      const { document } = await fields(c, 'document')
      return source.kb.remove(document, { exact: true, signal })
    },
  },
]

/** Progress as it happens, then the result. */
export async function answerWrite(c: Context, viewer: Viewer, route: WriteRoute): Promise<Response> {
  const own = c.req.header('origin') === `http://${c.req.header('host') ?? ''}`
  if (!own || !isToken(c.req.header('x-kbgit-token') ?? '', viewer.access.token))
    return c.text('Open the whole address that "kbgit view --write" printed: it has the token.\n', 403)
  const lines = new TransformStream<Uint8Array, Uint8Array>()
  const writer = lines.writable.getWriter()
  // A reader that is gone does not stop what it asked for.
  const say = (line: Line): Promise<void> => writer.write(Buffer.from(`${JSON.stringify(line)}\n`)).catch(() => {})
  void (async () => {
    try {
      const result = await route.run(c, viewer, (progress) => void say({ kind: 'progress', progress }))
      await say({ kind: 'done', result })
    } catch (error) {
      const known = error instanceof KbError ? error : undefined
      await say({ kind: 'failed', message: known?.message ?? String(error), hint: known?.hint })
    }
    await writer.close().catch(() => {})
  })()
  return c.body(lines.readable, 200, { 'Content-Type': 'application/x-ndjson', 'Cache-Control': 'no-store' })
}

/** The body is the file, so that one of any size is never held in memory. */
async function addFile(
  c: Context,
  { source, signal }: Viewer,
  onProgress: (progress: Progress) => void,
): Promise<unknown> {
  const name = (c.req.query('name') ?? '').split(/[\\/]/).at(-1) ?? ''
  const { body } = c.req.raw
  if (name === '' || body === null) throw new KbError('usage', 'A file needs a name and content.')
  return source.kb.add(['-'], { stdin: { bytes: body as AsyncIterable<Uint8Array>, name }, signal, onProgress })
}

/** Text fields of a JSON body. Throws `KbError` (`usage`). */
export async function fields<Name extends string>(c: Context, ...names: Name[]): Promise<Record<Name, string>> {
  const length = Number(c.req.header('content-length') ?? Infinity)
  if (!(length <= JSON_BYTES_MAX) || c.req.header('content-type') !== 'application/json')
    throw new KbError('usage', 'The request is too large, or not JSON.')
  const body: unknown = await c.req.json().catch(() => undefined)
  if (typeof body !== 'object' || body === null) throw new KbError('usage', 'The request is not JSON.')
  const values = body as Record<string, unknown>
  for (const name of names)
    if (typeof values[name] !== 'string') throw new KbError('usage', `The request needs "${name}".`)
  return values as Record<Name, string>
}

/** A page as it is written, to be edited. */
export async function pageText(c: Context, viewer: Viewer): Promise<Response> {
  const { commit } = await askedMoment(c, viewer)
  const path = c.req.query('path') ?? ''
  const text = path.startsWith('wiki/') && path.endsWith('.md') ? await viewer.source.text(commit, path) : undefined
  if (text === undefined) throw new KbError('notFound', `${path} is not a page at this moment.`)
  return c.json({ path, commit, text }, 200, { 'Cache-Control': 'no-store' })
}
