// The title of a PDF by its appearance.
import type { HeadingAt } from './pdf-blocks.ts'
import { joinLines } from './pdf-headings.ts'
import type { Line } from './pdf-lines.ts'
import { titleKey } from './pdf-titles.ts'

const TITLE_LINES_MAX = 4
/** Minimum letters of a part of the title to recognise it. */
const PREFIX_LETTERS_MIN = 12

/** The largest letters in the upper half of the first page. */
export function findTitle(lines: Line[], height: number): string | undefined {
  const upper = lines.filter((line) => line.page === 1 && line.baseline < height * 0.6)
  const size = Math.max(
    0,
    ...upper.filter((line) => line.text.replace(/[^\p{L}]/gu, '').length >= 3).map((line) => line.size),
  )
  const first = upper.findIndex((line) => line.size >= size * 0.97 && /\p{L}{3}/u.test(line.text))
  const parts = [upper[first]]
  for (const line of upper.slice(first + 1, first + TITLE_LINES_MAX)) {
    const last = parts.at(-1)
    if (last === undefined || line.size < size * 0.95 || line.baseline - last.baseline > size * 2) break
    parts.push(line)
  }
  const title = joinLines(parts.flatMap((line) => (line === undefined ? [] : [line.text])))
  const others = upper.filter((line) => line.size < size * 0.93)
  return title.length >= 3 && title.length <= 300 && others.length > 0 ? title : undefined
}

/** The lines of the first page that show the title, as a heading of level 1. */
export function headTitle(title: string, lines: Line[], headings: Map<Line, HeadingAt>, body: number): void {
  const key = titleKey(title)
  let best: { line: Line; count: number } | undefined
  for (let index = 0; index < lines.length && lines[index]?.page === 1 && best === undefined; index++) {
    const line = lines[index] as Line
    if (headings.has(line) || (line.size < body * 1.05 && !line.bold)) continue
    for (let count = 1; count <= TITLE_LINES_MAX; count++) {
      const own = lines.slice(index, index + count)
      if (own.some((each) => each.page !== 1) || own.slice(1).some((each) => headings.has(each))) break
      const shown = titleKey(joinLines(own.map(({ text }) => text)))
      if (shown === key || (shown.length >= PREFIX_LETTERS_MIN && key.startsWith(shown))) best = { line, count }
    }
  }
  if (best !== undefined) headings.set(best.line, { level: 1, lines: best.count })
}
