// Markdown of PDF pages: which pages are laid out again, and headings that agree with the section tree.
import { joinLines } from './pdf-headings.ts'
import type { Line } from './pdf-lines.ts'
import type { LaidOut } from './pdf-native.ts'
import type { SectionMark } from './pdf-sections.ts'
import { sameTitle, titleKey } from './pdf-titles.ts'

const CAPTION =
  /^(?:figure|fig\.|table|algorithm|listing|abbildung|abb\.|tabelle|tab\.|tableau|figura|tabla|tabella)\s?\d/i

/** Whether a page's lines read better in our order: two columns, or fonts that do not tell their size. */
export function needsOwnOrder(lines: Line[], gutter: number | undefined): boolean {
  const guessed = lines.filter((line) => line.guessed).length
  return gutter !== undefined || guessed * 3 > lines.length
}

/** A page as blocks that are each laid out alone, in reading order: what spans the page, left column, right column. */
export function splitBlocks(lines: Line[], width: number, height: number): LaidOut[] {
  const blocks: { key: string; lines: Line[] }[] = []
  let caption = false
  let captions = 0
  for (const line of lines) {
    // The text below a bold caption would be read as its end.
    if (caption && !line.bold) captions++
    caption = line.bold && (caption || CAPTION.test(line.text))
    const key = `${line.band} ${line.column} ${captions}`
    const block = blocks.at(-1)
    if (block?.key === key) block.lines.push(line)
    else blocks.push({ key, lines: [line] })
  }
  return blocks.map((block) => ({
    width,
    height,
    items: block.lines.flatMap((line) =>
      line.parts.map((part) => ({
        text: part.text,
        x: part.x,
        y: line.baseline - line.size * 0.75,
        width: part.right - part.x,
        size: line.size,
        font: line.font,
        bold: line.bold,
      })),
    ),
  }))
}

/** Joins blocks; a paragraph that goes on in the next column goes on here. */
export function joinBlocks(blocks: string[]): string {
  let text = ''
  for (const block of blocks.map((part) => part.trim()).filter((part) => part !== '')) {
    const tail = text.slice(text.lastIndexOf('\n') + 1)
    const goesOn = /^\p{Ll}/u.test(block) && /[\p{L}\p{N},;-]$/u.test(tail) && !/^[#|>-]|^\d+\./.test(tail)
    if (goesOn) text = text.slice(0, text.length - tail.length) + joinLines([tail, block])
    else text += `${text === '' ? '' : '\n\n'}${block}`
  }
  return text.replace(/(\p{Lu}{2})- (\p{Lu}{2,})/gu, '$1$2')
}

/** Joins paragraphs that were parted in the middle of a sentence: a full line, then a small letter. */
export function joinParagraphs(markdown: string): string {
  const joined: string[] = []
  for (const block of markdown.split(/\n{2,}/)) {
    const last = joined.at(-1)
    const goesOn =
      last !== undefined &&
      last.length >= 40 &&
      /[\p{L},]$/u.test(last) &&
      /^\p{Ll}{2}/u.test(block) &&
      !/^[#|>`]|^[-*+] |^!\[|\n/.test(last)
    if (goesOn) joined[joined.length - 1] = `${last} ${block}`
    else joined.push(block)
  }
  return joined.join('\n\n')
}

/**
 * Makes the headings of a page those of the section tree: `#` is the document's title, `##` the tree's first level.
 * Text that was only set large becomes bold, a section's title that was not recognised as one becomes a heading.
 */
export function alignHeadings(markdown: string, marks: SectionMark[], title: string | undefined): string {
  const open = [...marks]
  const take = (text: string): SectionMark | undefined => {
    const at = open.findIndex((mark) => sameTitle(mark.title, text))
    return at < 0 ? undefined : open.splice(at, 1)[0]
  }
  const heading = (mark: SectionMark): string =>
    `${'#'.repeat(Math.min(6, mark.level + 1))} ${escapeHeading(mark.title)}`
  const blocks = markdown.split(/\n{2,}/).map((block) => {
    const match = /^(#{1,6})\s+(.*)$/s.exec(block)
    const text = match?.[2] ?? block
    if (match === null && (block.length > 300 || /^[|>`]|^[-*] /.test(block))) return block
    const mark = take(text)
    if (mark !== undefined) return heading(mark)
    if (match === null) return block
    if (title !== undefined && sameTitle(title, text)) return `# ${text}`
    return /\*\*|^\s*$/.test(text) ? text : `**${text.replace(/\*/g, '')}**`
  })
  return blocks.map((block) => splitRunIn(block, open, heading)).join('\n\n')
}

/** A title that was joined with the paragraph below it. */
function splitRunIn(block: string, open: SectionMark[], heading: (mark: SectionMark) => string): string {
  if (/^[#|>`]/.test(block)) return block
  const at = open.findIndex(
    ({ title }) => /^[\dA-Z]/.test(title) && titleKey(title).length >= 4 && block.startsWith(`${title} `),
  )
  const mark = at < 0 ? undefined : open.splice(at, 1)[0]
  return mark === undefined ? block : `${heading(mark)}\n\n${block.slice(mark.title.length).trim()}`
}

function escapeHeading(text: string): string {
  return text.replace(/([\\`*_[\]<>])/g, '\\$1')
}

/** The document's title by its looks: the largest letters in the upper half of the first page. */
export function findTitle(lines: Line[], height: number): string | undefined {
  const upper = lines.filter((line) => line.page === 1 && line.baseline < height * 0.6)
  const size = Math.max(
    0,
    ...upper.filter((line) => line.text.replace(/[^\p{L}]/gu, '').length >= 3).map((line) => line.size),
  )
  const first = upper.findIndex((line) => line.size >= size * 0.97 && /\p{L}{3}/u.test(line.text))
  const parts = [upper[first]]
  for (const line of upper.slice(first + 1, first + 4)) {
    const last = parts.at(-1)
    if (last === undefined || line.size < size * 0.95 || line.baseline - last.baseline > size * 2) break
    parts.push(line)
  }
  const title = joinLines(parts.flatMap((line) => (line === undefined ? [] : [line.text])))
  const others = upper.filter((line) => line.size < size * 0.93)
  return title.length >= 3 && title.length <= 300 && others.length > 0 ? title : undefined
}

/** `[3, 4, 5, 9]` → `3 to 5 and 9`. */
export function listPages(pages: number[]): string {
  const runs: [number, number][] = []
  for (const page of pages) {
    const run = runs.at(-1)
    if (run !== undefined && page === run[1] + 1) run[1] = page
    else runs.push([page, page])
  }
  const parts = runs.map(([from, to]) =>
    from === to ? `${from}` : to === from + 1 ? `${from} and ${to}` : `${from} to ${to}`,
  )
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}

/** Paragraphs of text that has line ends alone: for pages read without their layout. */
export function reflow(text: string): string {
  return text
    .split(/\n\s*\n/)
    .map((block) => joinLines(block.split('\n').map((line) => line.trim())).replace(/\s+/g, ' '))
    .filter((block) => block !== '')
    .map((block) => block.replace(/([\\`*_[\]<>])/g, '\\$1').replace(/^(#|[-+]\s|\d+[.)]\s)/, '\\$1'))
    .join('\n\n')
}
