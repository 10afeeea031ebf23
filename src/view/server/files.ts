// Files: those that come with the viewer, and pictures of documents.
import type { Context } from 'hono'
import { IMAGES } from '../../core/layout.ts'
import type { ViewSource } from '../source.ts'
import type { Assets } from './assets.ts'

const FOR_GOOD = 'private, max-age=31536000, immutable'

/** Raster pictures alone: an SVG file may have scripts. */
const PICTURE_TYPES: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  bmp: 'image/bmp',
}

export async function serveAsset(c: Context, assets: Assets): Promise<Response> {
  const asset = await assets.read(c.req.param('file') ?? '')
  if (asset === undefined) return c.text('There is no such file.\n', 404)
  return c.body(asset.body, 200, { 'Content-Type': asset.type, 'Cache-Control': FOR_GOOD })
}

/** A picture of a document's text at a commit. Nothing else of the base is served as a file. */
export async function serveFile(c: Context, source: ViewSource): Promise<Response> {
  const commit = c.req.param('commit') ?? ''
  const path = decodeURIComponent(c.req.path.slice(`/files/${commit}/`.length))
  const type = PICTURE_TYPES[path.slice(path.lastIndexOf('.') + 1).toLowerCase()]
  const found =
    /^[0-9a-f]{40,64}$/.test(commit) && path.startsWith(`${IMAGES}/`) && type !== undefined
      ? await source.kb.file(path, { at: commit })
      : undefined
  if (found === undefined || type === undefined) return c.text('There is no such picture.\n', 404)
  return c.body(new Uint8Array(found), 200, { 'Content-Type': type, 'Cache-Control': FOR_GOOD })
}
