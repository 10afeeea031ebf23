// Numbered tables as sections of an appendix that consists of them. In a section of text they are part of it.
import { joinLines } from './pdf-headings.ts'
import type { Line } from './pdf-lines.ts'
import type { SectionMark } from './pdf-sections.ts'

const CAPTION =
  /^(table|tabelle|tableau|tabla|tabella|tabel|quadro|exhibit|schedule|chart|figure|abbildung)\s+((?:[A-Z][.-]?)?\d{1,3}(?:[.-]\d{1,3})*[A-Z]?)[.:]?\s+(?=[\p{L}\d“"(])/iu
const CONTINUED =
  /^(?:table|tabelle|tableau|tabla|tabella|tabel|quadro|exhibit|schedule|chart|figure|abbildung)\s+\S+.{0,120}(?:continued|cont[’']?d|fortsetzung|suite|continuación|segue)/iu
const CAPTIONS_MIN = 3
/** Share of the pages that begin or continue a table. */
const PAGES_SHARE_MIN = 0.75
const TITLE_LINES_MAX = 4
const TITLE_CHARACTERS_MAX = 300

/** The sections, with the tables of those that have no sections inside and consist of tables. */
export function withTables(marks: SectionMark[], lines: Line[], pages: number): SectionMark[] {
  return marks.flatMap((mark, index) => {
    const next = marks[index + 1]
    if (next !== undefined && next.level > mark.level) return [mark]
    const last = next === undefined ? pages : next.page
    const from = lines.findIndex(({ page }) => page >= mark.page)
    return [mark, ...(from < 0 ? [] : tablesOf(mark, lines, Math.max(from, (mark.at ?? -1) + 1), next?.at, last))]
  })
}

function tablesOf(
  section: SectionMark,
  lines: Line[],
  from: number,
  to: number | undefined,
  lastPage: number,
): SectionMark[] {
  const found: SectionMark[] = []
  const covered = new Set<number>()
  let before = 0
  let kind = ''
  for (let at = from; at < (to ?? lines.length); at++) {
    const line = lines[at] as Line
    if (line.page > lastPage) break
    const [, word = '', label = ''] = CAPTION.exec(line.text) ?? []
    const isContinued = CONTINUED.test(line.text)
    if (isContinued || word !== '') covered.add(line.page)
    if (word === '' || isContinued) continue
    const own = placeOf(label)
    // A reference at the beginning of a line repeats a number or skips some.
    if (own <= before || own > Math.floor(before) + 1.01 || (kind !== '' && kind !== word.toLowerCase())) continue
    before = own
    kind = word.toLowerCase()
    found.push(captionAt(section, lines, at))
  }
  const first = found[0]?.page ?? lastPage
  const span = Math.max(1, lastPage - first + 1)
  return found.length >= CAPTIONS_MIN && covered.size >= span * PAGES_SHARE_MIN ? found : []
}

/** `G.5` → 5, `G.5A` → 5.01. */
function placeOf(label: string): number {
  const [, number = '', letter = ''] = /(\d+)([A-Z]?)$/i.exec(label) ?? []
  return Number(number) + (letter === '' ? 0 : (letter.toUpperCase().charCodeAt(0) - 64) / 100)
}

/** A caption of several lines in one style. */
function captionAt(section: SectionMark, lines: Line[], at: number): SectionMark {
  const first = lines[at] as Line
  let count = 1
  for (let last = first; count < TITLE_LINES_MAX; count++) {
    const next = lines[at + count]
    const step = (next?.baseline ?? 0) - last.baseline
    const alike =
      next?.page === first.page && next.font === first.font && Math.abs(next.size - first.size) < first.size * 0.05
    if (next === undefined || !alike || step <= 0 || step > first.size * 1.7) break
    last = next
  }
  const title = joinLines(lines.slice(at, at + count).map(({ text }) => text)).slice(0, TITLE_CHARACTERS_MAX)
  const opensPage = lines[at - 1]?.page !== first.page
  return { title, level: section.level + 1, page: first.page, opensPage, at, lines: count }
}
