// The originals, from a port of their own: another origin than the pages, so that nothing in a document can reach them.
import { Hono } from 'hono'
import { KbError } from '../../core/errors.ts'
import { hostName, hostOf, originalHeaders, refusal, type Access } from './guard.ts'
import type { ViewSource } from '../source.ts'

/** What a browser is told an original is. Markup other than HTML is text: nothing in it is rendered. */
const TYPES: Record<string, string> = {
  pdf: 'application/pdf',
  png: 'image/png',
  jpg: 'image/jpeg',
  webp: 'image/webp',
  html: 'text/html; charset=utf-8',
}
const TEXTS = new Set(['md', 'txt', 'csv', 'tsv', 'json', 'jsonl', 'xml', 'rss', 'ipynb'])

/** @param viewerPort of the pages, which alone may show an original in a frame */
export function originalsApp(source: ViewSource, secret: string, viewerPort: number, access: Access): Hono {
  const app = new Hono()
  app.get(`/${secret}/:commit/:name`, async (c) => {
    const { commit, name } = c.req.param()
    // A frame of the viewer is a request from another site's page to this one: only the Host is checked.
    const headers = new Headers({ host: hostOf(c) })
    const reason = refusal(headers, 'GET', access)
    if (reason !== undefined) return c.text(`${reason}\n`, 403)
    if (!/^[0-9a-f]{40,64}$/.test(commit)) return c.text('There is no such original.\n', 404)
    const { documentNamed } = await source.contents(commit)
    const document = documentNamed.get(name)
    if (document === undefined) return c.text('There is no such original.\n', 404)
    const original = await source.kb.showRaw(document.name, { at: commit })
    const download = c.req.query('download') !== undefined
    const type = TEXTS.has(document.format) ? 'text/plain; charset=utf-8' : TYPES[document.format]
    const shown = download || type === undefined ? 'application/octet-stream' : type
    const file = document.raw.slice(document.raw.lastIndexOf('/') + 1)
    const body = ReadableStream.from(original.chunks) as ReadableStream<Uint8Array>
    return c.body(body, 200, {
      ...originalHeaders(`http://${hostName(hostOf(c))}:${viewerPort}`, shown),
      'Content-Type': shown,
      'Content-Length': String(original.size),
      'Content-Disposition': `${download || type === undefined ? 'attachment' : 'inline'}; filename*=UTF-8''${encodeURIComponent(file)}`,
      'Cache-Control': 'private, max-age=3600',
    })
  })
  app.notFound((c) => c.text('There is no such original.\n', 404))
  app.onError((error, c) => {
    const known = error instanceof KbError ? error : undefined
    const text = [known?.message ?? 'The original cannot be read.', known?.hint].filter((line) => line !== undefined)
    return c.text(`${text.join('\n')}\n`, known?.code === 'notFound' ? 404 : 500)
  })
  return app
}
