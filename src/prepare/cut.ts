// Cuts a long text that has no pages of its own into pages: at headings and paragraphs, the same way every time.
import { blocksOf, Fences, isHeading } from './markdown-lines.ts'

/** Characters of Markdown that count as one page wherever a format has none: a densely printed page of a book. */
export const PAGE_CHARACTERS = 3_000
/** A heading begins a page of its own once the page before it has this much. */
const HEADING_CUT_CHARACTERS = PAGE_CHARACTERS / 2
/** A block longer than this is cut inside. */
const BLOCK_CHARACTERS_MAX = PAGE_CHARACTERS * 2
/** A line of code is left whole up to here. */
const CODE_LINE_CHARACTERS_MAX = 65_536

/** Pages of about 3,000 characters. Pieces are whole blocks, as converters give them. Memory: one piece and one page. */
export async function* cutPages(pieces: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  let page: string[] = []
  let length = 0
  for await (const piece of pieces) {
    for (const whole of blocksOf(piece)) {
      for (const block of whole.length > BLOCK_CHARACTERS_MAX ? cutBlock(whole) : [whole]) {
        const full = length >= PAGE_CHARACTERS || length + block.length > PAGE_CHARACTERS * 1.25
        if (full || (length >= HEADING_CUT_CHARACTERS && isHeading(block))) {
          // Headings at the end belong to what follows; a page of nothing else goes on.
          const kept = page.findLastIndex((each) => !isHeading(each)) + 1
          if (kept > 0) yield page.slice(0, kept).join('\n\n')
          if (kept > 0) page = page.slice(kept)
          length = page.reduce((sum, each) => sum + each.length + 2, 0)
        }
        page.push(block)
        length += block.length + 2
      }
    }
  }
  if (page.length > 0) yield page.join('\n\n')
}

/** Parts of one long block, each a block that means the same alone: fences reopened, table heads repeated. */
function* cutBlock(block: string): Generator<string> {
  const lines = block.split('\n')
  const isTable = lines[0]?.includes('|') === true && /^[\s|:-]+$/.test(lines[1] ?? '') && lines[1]?.includes('-') === true
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
    for (const line of whole.length > longest ? cutLine(whole, longest) : [whole]) {
      part.push(line)
      length += line.length + 1
      if (length < PAGE_CHARACTERS) continue
      const open = fences.open
      yield [...part, ...(open === undefined ? [] : [open])].join('\n')
      part = open === undefined ? [...head] : [opening]
      length = 0
    }
  }
  if (length > 0) yield part.join('\n')
}

/** Parts of one line of at most `longest` characters, cut after a sentence, else at a space, else between characters. */
function cutLine(line: string, longest: number): string[] {
  const parts: string[] = []
  for (let at = 0; at < line.length; ) {
    let end = Math.min(line.length, at + longest)
    if (end < line.length) {
      const half = at + Math.floor(longest / 2)
      const window = line.slice(half, end)
      let sentence = 0
      for (const match of window.matchAll(/[.!?]["')\]]*\s|[。！？]/g)) sentence = match.index + match[0].length
      if (sentence > 0) end = half + sentence
      else if (window.includes(' ')) end = half + window.lastIndexOf(' ') + 1
      else if (/[\udc00-\udfff]/.test(line[end] ?? '')) end--
    }
    parts.push(line.slice(at, end))
    at = end
  }
  return parts
}
