// The white space between two columns of a PDF page.
import type { Word } from './pdf-words.ts'

/** Points of white space before the right column. */
const GUTTER_POINTS_MIN = 6
const COLUMN_ROWS_MIN = 8
/** Share of rows that may cross the gutter: headings and figures. In single-column text nearly all do. */
const ACROSS_MAX = 0.35

/**
 * The x just left of the right column, if the page has one: where many rows begin again after a gap that few rows
 * cross. Titles, figures and wide tables cross it; in single-column text nearly every row does.
 */
export function findGutter(rows: Word[][], width: number): number | undefined {
  const starts = new Map<number, number>()
  for (const row of rows) {
    let right = -Infinity
    for (const word of row) {
      if (word.x - right >= GUTTER_POINTS_MIN) starts.set(Math.round(word.x), (starts.get(Math.round(word.x)) ?? 0) + 1)
      right = Math.max(right, word.x + word.width)
    }
  }
  const near = (x: number): number => (starts.get(x - 1) ?? 0) + (starts.get(x) ?? 0) + (starts.get(x + 1) ?? 0)
  const edges = [...starts.keys()]
    .filter((x) => x > width * 0.3 && x < width * 0.7 && near(x) >= COLUMN_ROWS_MIN)
    .sort((a, b) => near(b) - near(a) || a - b)
  for (const edge of edges) {
    const gutter = edge - 2
    const ends = rows.filter((row) => row.some((word) => word.x + word.width <= gutter)).length
    const across = rows.filter((row) =>
      row.some((word) => word.x < gutter && word.x + word.width > gutter - GUTTER_POINTS_MIN + 3),
    )
    const begins = rows.filter((row) => row.some((word) => word.x >= gutter)).length
    if (
      across.length <= rows.length * ACROSS_MAX &&
      isText(rows, (word) => word.x + word.width <= gutter) &&
      isText(rows, (word) => word.x >= gutter) &&
      ends >= rows.length * 0.25 &&
      begins >= rows.length * 0.25 &&
      near(edge) >= begins * 0.3
    )
      return gutter
  }
  return undefined
}

/** Minimum average number of letters per line of running text; table cells have fewer. */
const LINE_LETTERS_MIN = 16

/**
 * Whether the words of rows selected by `within` are running text, as in a column of the page, rather than a column of
 * a table.
 */
function isText(rows: Word[][], within: (word: Word) => boolean): boolean {
  const pieces = rows.map((row) => row.filter(within)).filter((piece) => piece.length > 0)
  const letters = pieces.map((piece) => piece.reduce((sum, { text }) => sum + (text.match(/\p{L}/gu)?.length ?? 0), 0))
  return letters.reduce((sum, count) => sum + count, 0) >= pieces.length * LINE_LETTERS_MIN
}

/** Whether some rows of a page begin again just right of `gutter`, after a gap. */
export function fitsGutter(rows: Word[][], gutter: number): boolean {
  const begins = rows.filter((row) =>
    row.some(
      (word, index) =>
        Math.abs(word.x - gutter - 2) <= 2 &&
        word.x - ((row[index - 1]?.x ?? 0) + (row[index - 1]?.width ?? 0)) > word.size * 0.6,
    ),
  )
  return begins.length >= 5
}

/** The usual gutter of two-column pages, if a third of all pages have one there. */
export function usualGutter(gutters: (number | undefined)[]): number | undefined {
  const counts = new Map<number, number>()
  for (const gutter of gutters)
    if (gutter !== undefined) counts.set(Math.round(gutter), (counts.get(Math.round(gutter)) ?? 0) + 1)
  const [gutter, count] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [0, 0]
  return count >= 3 && count * 3 >= gutters.length ? gutter : undefined
}
