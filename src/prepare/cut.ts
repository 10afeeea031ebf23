// Cuts a long text without pages of its own into pages: at headings and paragraphs, deterministically.
import { blocksOf, Fences, isHeading } from './markdown-lines.ts'

/**
 * Characters of Markdown per page if a format has no pages: a densely printed page of a book. A page of Chinese,
 * Japanese or Korean has fewer; see `lengthOf`.
 */
export const PAGE_CHARACTERS = 3_000
/** A heading begins a new page once the current page has this much. */
const HEADING_CUT_CHARACTERS = PAGE_CHARACTERS / 2
/** A longer block is cut inside. */
const BLOCK_CHARACTERS_MAX = PAGE_CHARACTERS * 2
/** A line of code is kept whole up to this length. */
const CODE_LINE_CHARACTERS_MAX = 65_536

/** What a wide character counts beyond one: 1,200 of them fill a page. */
const WIDE_MORE = PAGE_CHARACTERS / 1_200 - 1

/** Length in characters, where wide ones (East Asian Width W and F; Unicode UAX 11) count as two and a half. */
export function lengthOf(text: string): number {
  if (!MAY_BE_WIDE.test(text)) return text.length
  let wide = 0
  for (let offset = 0; offset < text.length; offset++) if (isWide(text.charCodeAt(offset))) wide++
  return text.length + wide * WIDE_MORE
}

/** No unit outside of these is wide; most texts have none of them. */
const MAY_BE_WIDE = /[\u1100-\u115F\u2E80-\uFF60]/

/** By UTF-16 unit. Characters beyond U+20000 are two units, which nearly makes up for their width. */
function isWide(unit: number): boolean {
  if (unit < 0x1100) return false
  return (
    unit <= 0x115f ||
    (unit >= 0x2e80 && unit <= 0xa4cf) ||
    (unit >= 0xac00 && unit <= 0xd7a3) ||
    (unit >= 0xf900 && unit <= 0xfaff) ||
    (unit >= 0xfe30 && unit <= 0xfe6f) ||
    (unit >= 0xff01 && unit <= 0xff60)
  )
}

/**
 * Pages of about 3,000 characters. Pieces are whole blocks, as converters return them. Memory: one piece and one page.
 */
export async function* cutPages(pieces: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  let page: string[] = []
  let length = 0
  // Blocks of the page up to its last one that is not a heading.
  let kept = 0
  for await (const piece of pieces) {
    for (const whole of blocksOf(piece)) {
      for (const block of lengthOf(whole) > BLOCK_CHARACTERS_MAX ? cutBlock(whole) : [whole]) {
        const added = lengthOf(block)
        const full = length >= PAGE_CHARACTERS || length + added > PAGE_CHARACTERS * 1.25
        if (full || (length >= HEADING_CUT_CHARACTERS && isHeading(block))) {
          // Headings at the end belong to what follows; a page with nothing else continues until it is full.
          const end = kept === 0 && length >= PAGE_CHARACTERS ? page.length : kept
          if (end > 0) {
            yield page.slice(0, end).join('\n\n')
            page = page.slice(end)
            length = page.reduce((sum, each) => sum + lengthOf(each) + 2, 0)
            kept = 0
          }
        }
        page.push(block)
        if (!isHeading(block)) kept = page.length
        length += added + 2
      }
    }
  }
  if (page.length > 0) yield page.join('\n\n')
}

/** Parts of one long block, each a block with the same meaning on its own: fences reopened, table heads repeated. */
function* cutBlock(block: string): Generator<string> {
  const lines = block.split('\n')
  const isTable =
    lines[0]?.includes('|') === true && /^[\s|:-]+$/.test(lines[1] ?? '') && lines[1]?.includes('-') === true
  const head = isTable ? lines.splice(0, 2) : []
  const fences = new Fences()
  let opening = ''
  let part: string[] = [...head]
  let length = 0
  for (const whole of lines) {
    const before = fences.open
    fences.feed(whole)
    if (before === undefined && fences.open !== undefined) opening = whole
    const longest = fences.open === undefined ? PAGE_CHARACTERS : CODE_LINE_CHARACTERS_MAX
    for (const line of lengthOf(whole) > longest ? cutLine(whole, longest) : [whole]) {
      const open = fences.open
      const added = lengthOf(line) + 1
      if (length >= PAGE_CHARACTERS / 2 && length + added > PAGE_CHARACTERS * 1.25) {
        yield [...part, ...(before === undefined ? [] : [before])].join('\n')
        part = before === undefined ? [...head] : [opening]
        length = 0
      }
      part.push(line)
      length += added
      if (length < PAGE_CHARACTERS) continue
      yield [...part, ...(open === undefined ? [] : [open])].join('\n')
      part = open === undefined ? [...head] : [opening]
      length = 0
    }
  }
  if (length > 0) yield part.join('\n')
}

/** Parts of one line, each at most `longest` long, cut after a sentence, else at a space, else between characters. */
function cutLine(line: string, longest: number): string[] {
  const parts: string[] = []
  for (let offset = 0; offset < line.length;) {
    let end = endOf(line, offset, longest)
    if (end < line.length) {
      const half = offset + Math.floor((end - offset) / 2)
      const window = line.slice(half, end)
      let sentence = 0
      for (const match of window.matchAll(/[.!?]["')\]]*\s|[。！？]/g)) sentence = match.index + match[0].length
      if (sentence > 0) end = half + sentence
      else if (window.includes(' ')) end = half + window.lastIndexOf(' ') + 1
      else if (/[\udc00-\udfff]/.test(line[end] ?? '')) end--
    }
    parts.push(line.slice(offset, end))
    offset = end
  }
  return parts
}

/** Where a part that begins at `at` reaches this length. */
function endOf(line: string, index: number, longest: number): number {
  let end = index
  for (let length = 0; end < line.length && length < longest; end++)
    length += isWide(line.charCodeAt(end)) ? 1 + WIDE_MORE : 1
  return end
}
