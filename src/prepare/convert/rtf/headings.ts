// The headings of an RTF file: by style or outline level, else by the size of the letters.
import { heading } from '../markdown.ts'
import type { Headings } from './paragraph.ts'

/** Headings are larger than the text by at least this factor, and short. */
const LARGER = 1.15
const HEADING_CHARACTERS_MAX = 150
/** Sizes of headings that are told apart. */
const LEVELS_MAX = 4
/** Maximum share of paragraphs that are headings. */
const SHARE_MAX = 0.5

/** Makes the paragraphs that are headings Markdown headings. Below a title, headings are one level deeper. */
export function applyHeadings(headings: Headings): void {
  const { marked } = headings
  const deeper = marked.some(({ level }) => level === 0) ? 1 : 0
  for (const { block, level, text } of marked) block.markdown = heading(level === 0 ? 1 : level + deeper, text)
  if (marked.length === 0) applySizes(headings)
}

function applySizes({ sized, letters }: Headings): void {
  const [body] = [...letters].sort(([, a], [, b]) => b - a)
  if (body === undefined) return
  const found = sized.filter(
    ({ size, text }) => size >= body[0] * LARGER && text.length <= HEADING_CHARACTERS_MAX && /\p{L}/u.test(text),
  )
  if (found.length > sized.length * SHARE_MAX) return
  const sizes = [...new Set(found.map(({ size }) => size))].sort((a, b) => b - a)
  for (const { block, size, text } of found)
    block.markdown = heading(Math.min(LEVELS_MAX, sizes.indexOf(size) + 1), text.replace(/\\\n/g, ' '))
}
