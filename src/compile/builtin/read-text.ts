// A prepared document's text, bounded: of a larger text, evenly spaced parts are read, never the whole.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { TextPage } from './text-blocks.ts'

/** Bytes of text that an analysis reads. */
const TEXT_BYTES_MAX = 1_500_000
const WINDOW_BYTES = 64 * 1024

/** Pages of `source.json` (one page per line), or one page with the Markdown of `source.md`. */
export function readText(path: string, format: 'source.md' | 'source.json'): TextPage[] {
  const file = openSync(path, 'r')
  try {
    return textPages(file, fstatSync(file).size, format)
  } finally {
    closeSync(file)
  }
}

function textPages(file: number, size: number, format: 'source.md' | 'source.json'): TextPage[] {
  if (format === 'source.md') {
    if (size <= TEXT_BYTES_MAX) return [{ content: readAt(file, 0, size) }]
    return windows(file, size).map((part, index) => ({
      content: part.slice(index === 0 ? 0 : part.indexOf('\n') + 1, part.lastIndexOf('\n') + 1),
    }))
  }
  const texts = size <= TEXT_BYTES_MAX ? [readAt(file, 0, size)] : windows(file, size)
  const pages = new Map<number, TextPage>()
  for (const [index, text] of texts.entries()) {
    for (const { page = -1 - index, content } of pagesOf(text))
      pages.set(page, page < 0 ? { content } : { page, content })
  }
  return [...pages.values()]
}

function* pagesOf(text: string): Generator<TextPage> {
  let found = false
  for (const line of text.split('\n')) {
    const page =
      parseLine(
        line
          .trim()
          .replace(/^\[/, '')
          .replace(/[,\]]$/, ''),
      ) ?? parseLine(line.trim().replace(/^\[/, '').replace(/\],?$/, ''))
    if (page === undefined) continue
    found = true
    yield page
  }
  // A window within one huge page: its text without the JSON around it.
  if (!found && text.length > 1_000) yield { content: text.replace(/\\n/g, '\n').replace(/\\u[0-9a-f]{4}|\\./gi, ' ') }
}

function parseLine(line: string): TextPage | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    const value = JSON.parse(line) as { page?: unknown; content?: unknown }
    if (typeof value.content !== 'string') return undefined
    return typeof value.page === 'number' ? { page: value.page, content: value.content } : { content: value.content }
  } catch {
    return undefined
  }
}

/** Evenly spaced parts of a large file, the first at its beginning. */
function windows(file: number, size: number): string[] {
  const count = Math.floor(TEXT_BYTES_MAX / WINDOW_BYTES)
  const parts: string[] = []
  for (let index = 0; index < count; index++)
    parts.push(readAt(file, Math.floor((index * (size - WINDOW_BYTES)) / (count - 1)), WINDOW_BYTES))
  return parts
}

function readAt(file: number, position: number, length: number): string {
  const buffer = Buffer.alloc(length)
  let filled = 0
  while (filled < length) {
    const bytesRead = readSync(file, buffer, filled, length - filled, position + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return buffer.toString('utf8', 0, filled)
}
