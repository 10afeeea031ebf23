// Markdown stays as it is; its front matter becomes metadata.
import { Fences, headingsOf } from '../markdown-lines.ts'
import type { Converted, Converter, ConvertTask } from './converter.ts'
import { linkedProperties, noteProperties, withoutLinkSyntax } from './note-properties.ts'
import { storedImage } from './stored-image.ts'
import { readText, streamText, WHOLE_TEXT_BYTES_MAX } from './text-source.ts'

/** Characters of a streamed piece after which the next blank line ends it. */
const PIECE_CHARACTERS = 64 * 1024
/** Characters after which a piece ends anyway: an unclosed fence must not absorb the whole file. */
const PIECE_CHARACTERS_MAX = 1024 * 1024

export const convert: Converter = async (task) => {
  if (task.size > WHOLE_TEXT_BYTES_MAX) return { body: { kind: 'flow', markdown: streamBlocks(task) } }
  const text = withStoredImages(await readText(task), task)
  const { front, body } = /^(?:---|\+\+\+)/.test(text) ? await splitFrontMatter(text) : { front: {}, body: text }
  const own = headingsOf(body, 1).find((entry) => entry.level === 1)?.title
  const { found, used } = facts(front, own)
  return {
    body: { kind: 'flow', markdown: withFacts(body, front) },
    ...found,
    ...noteProperties(front, used),
  }
}

/**
 * YAML (`---`) or TOML (`+++`). The parsers are loaded only when needed: loading takes longer than converting a note.
 */
async function splitFrontMatter(text: string): Promise<{ front: Record<string, unknown>; body: string }> {
  const toml = /^\+\+\+[ \t]*\n([\s\S]*?)(?:^|\n)\+\+\+[ \t]*(?:\n+|$)/.exec(text)
  if (toml !== null) {
    const { parse } = await import('smol-toml')
    try {
      const front = parse(toml[1] ?? '')
      // Zola keeps tags in a table of their own.
      const { taxonomies } = front
      const own = typeof taxonomies === 'object' && !Array.isArray(taxonomies) ? taxonomies : {}
      return { front: { ...own, ...front }, body: text.slice(toml[0].length) }
    } catch {
      return { front: {}, body: text }
    }
  }
  const page = await import('../../core/page/page.ts')
  return page.splitFrontMatter(text)
}

/** Metadata from the usual front matter keys, else from the text itself. */
function facts(
  front: Record<string, unknown>,
  heading: string | undefined,
): { found: Partial<Converted>; used: Set<string> } {
  const found: Partial<Converted> = {}
  const used = new Set<string>()
  const read = (key: 'title' | 'author' | 'date' | 'language' | 'url', ...names: string[]): void => {
    const name = names.find((one) => asText(front[one]) !== '')
    if (name === undefined) return
    found[key] = withoutLinkSyntax(asText(front[name]))
    used.add(name)
  }
  read('title', 'title', 'Title')
  read('author', 'author', 'authors', 'Author', 'by')
  read('date', 'date', 'created', 'published', 'Date')
  read('language', 'language', 'lang')
  read('url', 'url', 'canonical', 'canonical_url')
  if (found.title === undefined && heading !== undefined) found.title = withoutLinkSyntax(heading)
  return { found, used }
}

function asText(value: unknown): string {
  // A TOML date prints as it was written, with or without a time.
  if (value instanceof Date) return value.toISOString().replace(/T00:00:00\.000Z?$/, '')
  if (Array.isArray(value))
    return value
      .map(asText)
      .filter((text) => text !== '')
      .join(', ')
  if (typeof value === 'object' && value !== null) return asText((value as { name?: unknown }).name)
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''
}

/** Tags and links of the front matter, which would be lost with it, at the end of the text. */
function withFacts(body: string, front: Record<string, unknown>): string {
  const tags = asText(front['tags'])
  const lines = [...(tags === '' ? [] : [`Tags: ${tags}`]), ...linkedProperties(front)]
  return lines.length === 0 ? body : `${body.trimEnd()}\n\n${lines.join('\n\n')}\n`
}

/** Extracts pictures embedded in the text, outside of fenced code, and links them. */
function withStoredImages(text: string, task: ConvertTask): string {
  if (!/data:image\//i.test(text)) return text
  const fences = new Fences()
  return text
    .split('\n')
    .map((line) => (fences.feed(line) ? line : storeImages(line, task)))
    .join('\n')
}

/** A picture that is not stored (a decoration, not an image) leaves its description. */
function storeImages(line: string, task: ConvertTask): string {
  if (!/data:image\//i.test(line)) return line
  return line
    .replace(/!\[([^\]]*)\]\(\s*<?(data:image\/[^\s)>]*)>?[^)]*\)/gi, (_, alt: string, source: string) => {
      const stored = storedImage(source, task)
      return stored === undefined ? alt : `![${alt}](${stored})`
    })
    .replace(/^( {0,3}\[[^\]]+\]:\s*)<?(data:image\/[^\s>]*)>?.*$/i, (_, label: string, source: string) => {
      const stored = storedImage(source, task)
      return stored === undefined ? '' : `${label}${stored}`
    })
}

async function* streamBlocks(task: ConvertTask): AsyncGenerator<string> {
  const fences = new Fences()
  let piece: string[] = []
  let length = 0
  let partial = ''
  for await (const text of streamText(task)) {
    const lines = (partial + text).split('\n')
    partial = lines.pop() ?? ''
    if (partial.length > PIECE_CHARACTERS_MAX) {
      lines.push(partial)
      partial = ''
    }
    for (const line of lines) {
      const code = fences.feed(line)
      piece.push(code ? line : storeImages(line, task))
      length += line.length + 1
      if ((length > PIECE_CHARACTERS && !code && line.trim() === '') || length > PIECE_CHARACTERS_MAX) {
        yield piece.join('\n')
        piece = []
        length = 0
      }
    }
  }
  yield [...piece, partial].join('\n')
}
