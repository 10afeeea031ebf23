// The printed table of contents of a PDF, with the real pages of its entries.
import type { Line } from './pdf-lines.ts'
import { numberOf } from './pdf-headings.ts'
import { titleKey } from './pdf-titles.ts'

export type PrintedEntry = { title: string; level: number; page: number; opensPage: boolean; at?: number | undefined }

type Row = { text: string; x: number; page: number }
type Listed = { title: string; x: number; printed: number }

const CONTENTS =
  /^(?:table of )?contents$|^inhalt(?:sverzeichnis)?$|^table des matières$|^sommaire$|^índice$|^contenido$|^indice$|^目\s*[录次]$/i
const LEADER = /^(.{2,200}?)[\s.·…]*(?:\.\s?){3,}[\s.·…]*(\d{1,4})$/u
const TRAILING = /^(.{2,200}?)\s+(\d{1,4})$/u
/** Contents are near the front and take a limited number of pages. */
const FRONT_PAGES_MAX = 30
const ENTRIES_MIN = 4

/**
 * Entries whose title was found in the text, or whose page follows from those that were. None if fewer than half were
 * found: then it is not a table of contents.
 */
export function readPrintedContents(lines: Line[], pages: number): PrintedEntry[] {
  const { listed, last } = gatherEntries(lines)
  if (listed.length < ENTRIES_MIN) return []
  const places = new Map<string, number[]>()
  const known = new Set(listed.map(({ title }) => titleKey(title)))
  for (const [index, line] of lines.entries()) {
    const key = titleKey(line.text)
    if (line.page > last && known.has(key)) places.set(key, [...(places.get(key) ?? []), index])
  }
  const offsets = new Map<number, number>()
  for (const entry of listed) {
    for (const index of places.get(titleKey(entry.title)) ?? []) {
      const offset = (lines[index]?.page ?? 0) - entry.printed
      offsets.set(offset, (offsets.get(offset) ?? 0) + 1)
    }
  }
  const [offset, votes] = [...offsets].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0] ?? [0, 0]
  if (votes * 2 < listed.length) return []
  const indents = [...new Set(listed.map(({ x }) => Math.round(x / 6)))].sort((a, b) => a - b)
  return listed.flatMap(({ title, x, printed }): PrintedEntry[] => {
    const page = printed + offset
    if (page < 1 || page > pages) return []
    const index = (places.get(titleKey(title)) ?? []).find((place) => lines[place]?.page === page)
    const level = numberOf(title)?.length ?? indents.indexOf(Math.round(x / 6)) + 1
    const opensPage = index !== undefined && lines[index - 1]?.page !== page
    return [{ title, level, page, opensPage, at: index }]
  })
}

function gatherEntries(lines: Line[]): { listed: Listed[]; last: number } {
  const listed: Listed[] = []
  let last = 0
  for (const rows of rowsByPage(lines)) {
    const page = rows[0]?.page ?? 0
    if (page > FRONT_PAGES_MAX || (last > 0 && page > last + 1)) break
    const headed = rows.slice(0, 8).some(({ text }) => CONTENTS.test(text))
    const dotted = rows.filter(({ text }) => /\d$/.test(text) && LEADER.test(text)).length
    if (!headed && dotted < ENTRIES_MIN && last === 0) continue
    const found = rows.flatMap((row): Listed[] => {
      const match =
        LEADER.exec(row.text) ??
        (dotted < ENTRIES_MIN || numberOf(row.text) !== undefined ? TRAILING.exec(row.text) : null)
      const title = match?.[1]?.replace(/[\s.·…]+$/u, '')
      return title === undefined || !/\p{L}{2}/u.test(title) ? [] : [{ title, x: row.x, printed: Number(match?.[2]) }]
    })
    if (found.length < (headed ? ENTRIES_MIN : rows.length * 0.4)) {
      if (last > 0) break
      continue
    }
    listed.push(...found)
    last = page
  }
  return { listed, last }
}

/** Lines on one baseline as one row: a title and its page number are far apart. */
function rowsByPage(lines: Line[]): Row[][] {
  const pages = new Map<number, Map<number, Line[]>>()
  for (const line of lines) {
    if (line.page > FRONT_PAGES_MAX + 1) break
    const rows = pages.get(line.page) ?? new Map<number, Line[]>()
    pages.set(line.page, rows)
    const key = [...rows.keys()].find((baseline) => Math.abs(baseline - line.baseline) <= 1.5) ?? line.baseline
    rows.set(key, [...(rows.get(key) ?? []), line])
  }
  return [...pages].map(([page, rows]) =>
    [...rows]
      .sort((a, b) => a[0] - b[0])
      .map(([, parts]) => {
        const sorted = parts.sort((a, b) => a.x - b.x)
        return { page, x: sorted[0]?.x ?? 0, text: sorted.map(({ text }) => text).join(' ') }
      }),
  )
}
