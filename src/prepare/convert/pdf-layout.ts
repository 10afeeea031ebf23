// Markdown of a PDF page from its lines.
import { codeBlock, escapeCell, heading as headingOf, table as tableOf } from './markdown.ts'
import { blocksOf, isCaption, type Block, type HeadingAt } from './pdf-blocks.ts'
import { inlineMarkdown, type InlineOptions } from './pdf-inline.ts'
import { isParted, type Line } from './pdf-lines.ts'
import { rowsOf } from './pdf-rows.ts'
import type { Cell, Table } from './pdf-tables.ts'
import type { Word } from './pdf-words.ts'

export type LayoutOptions = InlineOptions & {
  height: number
  headings: Map<Line, HeadingAt>
  /** The document's usual font size. */
  body: number
}

export type PlacedImage = { target: string; x: number; y: number; right: number }

/** The page's text as Markdown; every line is included. */
export function layOut(lines: Line[], images: PlacedImage[], options: LayoutOptions): string {
  const blocks = joinBlocks(deferNotes(blocksOf(rowsOf(lines), options.headings, options.mono === true), options))
  const pieces = blocks.map((block, index) => ({
    block,
    text: render(block, options),
    tight: isTight(block, blocks[index - 1]),
  }))
  const before = placeImages(
    blocks,
    images,
    pieces.map(({ text }) => text),
  )
  let markdown = ''
  pieces.forEach(({ text, tight }, index) => {
    const pictures = (before.get(index) ?? []).join('\n\n')
    if (pictures !== '') markdown += `${markdown === '' ? '' : '\n\n'}${pictures}`
    if (text !== '') markdown += `${markdown === '' ? '' : tight && pictures === '' ? '\n' : '\n\n'}${text}`
  })
  const last = (before.get(blocks.length) ?? []).join('\n\n')
  return [markdown, last].filter((part) => part !== '').join('\n\n')
}

/** Items of one list are not separated by blank lines. */
function isTight(block: Block, before: Block | undefined): boolean {
  const listed = (each: Block | undefined): boolean => each?.kind === 'item' || each?.kind === 'contents'
  return listed(block) && before?.kind === block.kind
}

/**
 * Footnotes of a column come between its text and the next column's: they move to the end of the page, so that the
 * sentence continues.
 */
function deferNotes(blocks: Block[], { height, body }: LayoutOptions): Block[] {
  const columns = new Set(blocks.map((block) => block.rows[0]?.lines[0]?.column))
  if (columns.size < 2) return blocks
  const notes = new Set<Block>()
  blocks.forEach((block, index) => {
    const line = block.rows[0]?.lines[0]
    const next = blocks.slice(index + 1).find((other) => !notes.has(other))?.rows[0]?.lines[0]
    const rest = blocks.slice(index).filter((other) => sameColumn(other.rows[0]?.lines[0], line))
    const small = rest.every(({ kind, size }) => (kind === 'paragraph' || kind === 'item') && size < body * 0.94)
    if (small && next !== undefined && (line?.baseline ?? 0) > height * 0.55) notes.add(block)
  })
  return [...blocks.filter((block) => !notes.has(block)), ...notes]
}

function sameColumn(a: Line | undefined, b: Line | undefined): boolean {
  return a?.band === b?.band && a?.column === b?.column
}

/** Rejoins a paragraph that was split in mid-sentence, e.g. by the end of a column. */
function joinBlocks(blocks: Block[]): Block[] {
  const joined: Block[] = []
  for (const block of blocks) {
    const last = joined.at(-1)
    const [tail, head] = [last?.rows.at(-1), block.rows[0]]
    const cut = /[\p{L}\p{N}][-\u2010\u00ad]$/u.test(tail?.text ?? '')
    const goesOn =
      last !== undefined &&
      (last.kind === 'paragraph' || last.kind === 'item') &&
      block.kind === 'paragraph' &&
      Math.abs(last.size - block.size) < block.size * 0.1 &&
      /^\p{Ll}/u.test(head?.text ?? '') &&
      (cut ||
        (/[\p{L}\p{N},;)’”]$/u.test(tail?.text ?? '') && last.rows.map(({ text }) => text).join(' ').length >= 30)) &&
      !sameRow(tail?.lines[0], head?.lines[0])
    if (goesOn) {
      last.rows.push(...block.rows)
      last.lines.push(...block.lines)
    } else joined.push(block)
  }
  return joined
}

function sameRow(a: Line | undefined, b: Line | undefined): boolean {
  return sameColumn(a, b) && Math.abs((a?.baseline ?? 0) - (b?.baseline ?? 0)) < 1
}

function render(block: Block, options: LayoutOptions): string {
  switch (block.kind) {
    case 'heading':
      return headingOf(block.level ?? 2, block.title ?? headingText(block, options))
    case 'code':
      return codeBlock(codeText(block))
    case 'table':
      return block.table === undefined ? '' : renderTable(block.table, options)
    case 'contents':
      return `- ${inlineMarkdown(block.lines, options).replace(/(?:\s?\.){4,}\s*/g, ' ')}`
    case 'item':
      return `${'    '.repeat(block.depth ?? 0)}${block.marker} ${inlineMarkdown(block.lines, options)}`
    case 'paragraph': {
      const large = block.size > options.body * 1.15 && block.lines.length < 5
      const text = inlineMarkdown(block.lines, large ? { ...options, bold: true } : options)
      return large && /\p{L}/u.test(text) && !/[*`]/.test(text) ? `**${text}**` : text
    }
  }
}

/** Nothing begins a list after the marks of a heading. */
function headingText({ lines }: Block, options: LayoutOptions): string {
  return inlineMarkdown(lines, { ...options, bold: true, italic: true, mono: true }).replace(
    /^(\d+)\\(?=[.)])|^\\(?=[-+>|])/,
    '$1',
  )
}

function renderTable({ head, body }: Table, options: LayoutOptions): string {
  const cell = (lines: Cell): string => escapeBars(inlineMarkdown(lines, options))
  const plain = (lines: Cell): string =>
    escapeCell(inlineMarkdown(lines, { ...options, bold: true, italic: true }).replace(/\\(?=[-+#>.|*_])/g, ''))
  return tableOf(
    body.map((row) => row.map(cell)),
    { head: head.map(plain) },
  )
}

function escapeBars(text: string): string {
  return text.replace(/(?<!\\)\|/g, '\\|')
}

/** Code keeps its indentation and spacing. */
function codeText({ rows }: Block): string {
  const widths = rows
    .flatMap(({ words }) => words.map((word) => word.width / Math.max(1, word.text.length)))
    .filter((width) => width > 0)
    .sort((a, b) => a - b)
  const width = widths[widths.length >> 1] ?? 5
  const left = Math.min(...rows.map(({ x }) => x))
  return rows.map(({ words }) => codeLine(words, left, width)).join('\n')
}

function codeLine(words: Word[], left: number, width: number): string {
  let text = ''
  words.forEach((word, index) => {
    const before = words[index - 1]
    const column = Math.round((word.x - left) / width)
    const least = before !== undefined && isParted(before, word) ? 1 : 0
    text +=
      ' '.repeat(Math.max(least, Math.min(200, before === undefined || least === 1 ? column - text.length : 0))) +
      word.text
  })
  return text.trimEnd()
}

/** Pictures by the block that they precede: their caption, else what is below them in their column. */
function placeImages(blocks: Block[], images: PlacedImage[], texts: string[]): Map<number, string[]> {
  const before = new Map<number, string[]>()
  const seen = new Set<string>()
  for (const image of images) {
    if (seen.has(image.target)) continue
    seen.add(image.target)
    const below = blocks.findIndex(({ rows }) => {
      const row = rows[0]
      return row !== undefined && row.baseline > image.y && row.x < image.right && row.right > image.x
    })
    const index = below < 0 ? blocks.length : below
    const block = blocks[index]
    const caption =
      block !== undefined && isCaption(block) ? (texts[index] ?? '').replace(/[*[\]\\`]/g, '').slice(0, 200) : ''
    before.set(index, [...(before.get(index) ?? []), `![${caption}](${image.target})`])
  }
  return before
}
