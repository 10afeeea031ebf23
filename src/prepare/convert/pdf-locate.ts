// Finds the titles of a PDF's sections in its lines.
import type { HeadingAt } from './pdf-blocks.ts'
import type { Line } from './pdf-lines.ts'
import type { SectionMark } from './pdf-sections.ts'
import { titleKey } from './pdf-titles.ts'

const TITLE_LINES_MAX = 4
/** Minimum letters of a title that may be followed by text on its line; shorter ones begin too many lines. */
const RUN_IN_LETTERS_MIN = 4

/** The bookmarks, with the lines of their titles if the pages show them. */
export function locateMarks(marks: SectionMark[], lines: Line[]): SectionMark[] {
  const taken = new Set(marks.flatMap(({ at }) => at ?? []))
  const starts = new Map<number, number>()
  lines.forEach(({ page }, index) => {
    if (!starts.has(page)) starts.set(page, index)
  })
  return marks.map((mark) => {
    if (mark.at !== undefined) return mark
    const start = starts.get(mark.page)
    if (start === undefined) return mark
    const found = findTitle(mark.title, lines, start, taken)
    if (found === undefined) return mark
    taken.add(found.at)
    return { ...mark, ...found, opensPage: found.at === start }
  })
}

type Found = { at: number; lines: number; words?: number }

function findTitle(title: string, lines: Line[], start: number, taken: Set<number>): Found | undefined {
  const key = titleKey(title)
  if (key === '') return undefined
  const page = lines[start]?.page
  let runIn: Found | undefined
  for (let index = start; lines[index]?.page === page; index++) {
    if (taken.has(index)) continue
    let text = ''
    for (let count = 1; count <= TITLE_LINES_MAX && lines[index + count - 1]?.page === page; count++) {
      text += ` ${lines[index + count - 1]?.text ?? ''}`
      const shown = titleKey(text.trim())
      if (shown === key) return { at: index, lines: count }
      if (!key.startsWith(shown)) break
    }
    runIn ??= key.length < RUN_IN_LETTERS_MIN ? undefined : beginsWith(key, lines[index], index)
  }
  return runIn
}

/**
 * A title followed by text on its line: if its words are set apart they are only the title, else they are part of the
 * text as well.
 */
function beginsWith(key: string, line: Line | undefined, index: number): Found | undefined {
  const words = line?.parts.flatMap((part) => part.words) ?? []
  let text = ''
  for (let count = 1; count < words.length && text.length < 200; count++) {
    text += ` ${words[count - 1]?.text ?? ''}`
    const shown = titleKey(text.trim())
    if (shown === key) {
      const title = words.slice(0, count)
      const apart = title.every(({ bold, italic }) => bold || italic === true)
      const next = words[count]
      return { at: index, lines: 1, words: apart && next?.bold !== true ? count : 0 }
    }
    // A number alone has no key yet.
    if (count > 1 && !key.startsWith(shown)) return undefined
  }
  return undefined
}

/** Headings by their first line; `#` is the document's title, `##` the tree's first level. */
export function headingsByLine(marks: SectionMark[], lines: Line[]): Map<Line, HeadingAt> {
  const headings = new Map<Line, HeadingAt>()
  for (const { at, level, title, lines: count = 1, words } of marks) {
    const line = at === undefined ? undefined : lines[at]
    if (line === undefined || headings.has(line)) continue
    const heading = { level: Math.min(6, level + 1), lines: count }
    headings.set(line, words === undefined ? heading : { ...heading, title, words })
  }
  return headings
}
