// Writes a converter's output into the staging folder: one Markdown file, or for a long document pages and their tree.
import { writeFileSync } from 'node:fs'
import { open, writeFile, type FileHandle } from 'node:fs/promises'
import type { OutlineEntry } from '../core/document/compiled.ts'
import type { Prepared } from '../core/document/prepared.ts'
import { piecesOf } from './conserve.ts'
import type { Converted } from './convert/converter.ts'
import { cutPages, lengthOf, PAGE_CHARACTERS } from './cut.ts'
import { IMAGE_SCHEME } from './images.ts'
import { headingsOf } from './markdown-lines.ts'
import type { DocumentLinks } from './document-links.ts'
import { completeOutline, outlineOfHeadings, treeOfOutline, OUTLINE_ENTRIES_MAX, type Heading } from './tree.ts'

export type Destination = {
  staging: string
  /** Minimum number of pages, or the equivalent amount of text, of a long document. */
  longPages: number
  /** What makes text from a document harmless. */
  sanitize: (markdown: string, linked?: boolean) => Promise<string>
  /** Is shown each piece of the text before anything is removed from it. */
  inspect?: (markdown: string) => void
  /** Links to other documents, which are taken out of the text. */
  links?: DocumentLinks | undefined
}

export type Written = Pick<Prepared, 'kind' | 'text' | 'textSize' | 'outline'> & {
  pages?: number | undefined
  tree?: 'tree.json' | undefined
}

/** Bytes of pages that are buffered before they are written. */
const GATHER_BYTES = 256 * 1024

/** Consumes the body. Memory: the pages of a short document, or one page of a long one. */
export async function writeConverted(converted: Converted, destination: Destination): Promise<Written> {
  const { body } = converted
  const pieces = withoutSoftHyphens(piecesOf(body), destination.inspect)[Symbol.asyncIterator]()
  const physical = body.kind === 'pages' && body.physical
  const held: string[] = []
  let characters = 0
  let long = false
  for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) {
    held.push(next.value)
    characters += lengthOf(next.value)
    long = characters >= destination.longPages * PAGE_CHARACTERS || (physical && held.length >= destination.longPages)
    if (long) break
  }
  if (!long) return writeShort(held, physical, converted, destination)
  const rest = chain(held, pieces)
  return writeLong(body.kind === 'flow' ? cutPages(rest) : rest, converted, destination)
}

async function writeShort(held: string[], physical: boolean, converted: Converted, to: Destination): Promise<Written> {
  const pages = physical ? held.length : undefined
  const trimmed = held.map(trimBlank)
  // Sanitized as one text: a list at the end of one piece would absorb the beginning of the next.
  const safe = trimBlank(await to.sanitize(trimmed.filter((piece) => piece !== '').join('\n\n')))
  // A rule in the first line would be read as front matter; another form of rule means the same.
  const ruled = safe.replace(/^---[ \t]*(?=\n|$)/, '***')
  const joined = await withoutLinks(ruled, to)
  const headings =
    pages === undefined ? headingsOf(joined, 1) : trimmed.flatMap((piece, index) => headingsOf(piece, index + 1))
  const text = `${joined}\n`
  writeFileSync(`${to.staging}/source.md`, text, { flag: 'wx', mode: 0o600 })
  const outline =
    converted.outline === undefined
      ? outlineOfHeadings(headings, pages ?? 1)
      : completeOutline(converted.outline, pages ?? 1)
  return {
    kind: 'short',
    text: 'source.md',
    textSize: Buffer.byteLength(text),
    // Without pages there is nothing to point to but the headings themselves.
    outline: pages === undefined ? outline.map(({ title, level }) => ({ title, level })) : outline,
    pages,
  }
}

async function writeLong(pages: AsyncIterable<string>, converted: Converted, to: Destination): Promise<Written> {
  const headings: Heading[] = []
  let count = 0
  let textSize = 0
  {
    await using file = await open(`${to.staging}/source.json`, 'wx', 0o600)
    let gathered = '['
    for await (const page of pages) {
      count++
      const safe = trimBlank(await to.sanitize(page))
      const content = await withoutLinks(safe, to, count)
      if (headings.length < OUTLINE_ENTRIES_MAX) headings.push(...headingsOf(content, count))
      gathered += `${count === 1 ? '' : ','}\n${JSON.stringify({ page: count, content, images: imagesOf(content) })}`
      if (gathered.length < GATHER_BYTES) continue
      textSize += await append(file, gathered)
      gathered = ''
    }
    textSize += await append(file, `${gathered}\n]\n`)
  }
  const outline: OutlineEntry[] =
    converted.outline === undefined ? outlineOfHeadings(headings, count) : completeOutline(converted.outline, count)
  const tree = JSON.stringify({ structure: treeOfOutline(outline, count) }, null, 1)
  await writeFile(`${to.staging}/tree.json`, `${tree}\n`, { flag: 'wx', mode: 0o600 })
  return { kind: 'long', text: 'source.json', textSize, outline, tree: 'tree.json', pages: count }
}

/** Takes the links out of a text. What is left must be as safe as before; if it is not, they stay text. */
async function withoutLinks(safe: string, { links, sanitize }: Destination, page?: number): Promise<string> {
  if (links === undefined) return safe
  const taken = links.take(safe, page)
  if (taken.text === safe) return safe
  const again = await sanitize(taken.text, false)
  if (again !== taken.text) return again
  links.keep(taken.links)
  return again
}

/** Without surrounding blank lines; the first line's indentation is significant. */
function trimBlank(text: string): string {
  return text.trimEnd().replace(/^(?:[ \t]*\n)+/, '')
}

async function append(file: FileHandle, text: string): Promise<number> {
  const bytes = Buffer.from(text)
  await file.appendFile(bytes)
  return bytes.length
}

/** Images by their links, in order, without duplicates. */
function imagesOf(content: string): string[] {
  if (!content.includes(IMAGE_SCHEME)) return []
  return [...new Set([...content.matchAll(/kbgit-image:(\d+\.[a-z]+)/g)].map((match) => match[1] ?? ''))]
}

/** Soft hyphens mark where a word may be broken. They are invisible, and search would not find the word. */
async function* withoutSoftHyphens(
  pieces: AsyncIterable<string>,
  inspect: Destination['inspect'],
): AsyncGenerator<string> {
  for await (const piece of pieces) {
    inspect?.(piece)
    yield piece.includes('\u00ad') ? piece.replaceAll('\u00ad', '') : piece
  }
}

async function* chain(held: string[], rest: AsyncIterator<string>): AsyncGenerator<string> {
  yield* held.splice(0)
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value
}
