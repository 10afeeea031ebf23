// Markdown in blocks, as far as citations need them: paragraphs, items, headings and block quotes; no code, no front matter.

export type Block = {
  kind: 'text' | 'heading' | 'quote'
  /** Without the marks of a block quote. */
  text: string
  /** Of its beginning, from 1. */
  line: number
}

/** Characters of a block; the rest is left out. */
const BLOCK_CHARACTERS_MAX = 20_000

const FENCE = /^\s{0,3}(`{3,}|~{3,})/
const HEADING = /^ {0,3}#{1,6}\s/
const QUOTED = /^\s*>\s?/
/** Begins a block of its own: an item, a row of a table, a source or a footnote. */
const ITEM = /^\s*(?:[-*+]\s|\d{1,9}[.)]\s|\||\[\^?[\w.-]{1,20}\]:?\s)/
/** Ends a quote: where it is from. Another one may follow without a blank line. */
const ATTRIBUTION = /(?:\]\]\)?|\((?:page|p\.) \d{1,6}\)|”\))\s*$/

export function markdownBlocks(text: string): Block[] {
  const blocks: Block[] = []
  let open: Block | undefined
  let fence: string | undefined
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n?|\n/)
  const start = bodyStart(lines)
  for (const [index, line] of lines.entries()) {
    if (index < start) continue
    const mark = FENCE.exec(line)?.[1]
    if (fence !== undefined || mark !== undefined) {
      open = undefined
      if (fence === undefined) fence = mark
      else if (mark?.startsWith(fence) === true) fence = undefined
      continue
    }
    const kind = HEADING.test(line) ? 'heading' : QUOTED.test(line) ? 'quote' : 'text'
    const said = (kind === 'quote' ? line.replace(/^(?:\s*>\s?)+/, '') : line).replace(/[^\S\n]{2,}/g, ' ')
    const begins = kind === 'heading' || (kind === 'text' && ITEM.test(line))
    if (said.trim() === '' && kind === 'text') open = undefined
    else if (open?.kind === kind && !begins) open.text += said.trim() === '' ? '' : `\n${said}`
    else blocks.push((open = { kind, text: said, line: index + 1 }))
    if (kind === 'heading' || (kind === 'quote' && ATTRIBUTION.test(said))) open = undefined
  }
  for (const block of blocks) block.text = block.text.slice(0, BLOCK_CHARACTERS_MAX)
  return blocks
}

/** Front matter is data, not text. */
function bodyStart(lines: readonly string[]): number {
  const isRule = (line: string | undefined): boolean => /^---\s*$/.test(line ?? '')
  return isRule(lines[0]) ? lines.findIndex((line, index) => index > 0 && isRule(line)) + 1 : 0
}
