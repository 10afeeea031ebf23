// The section tree of a PDF with page ranges: from its outline, its printed contents or its headings.
import type { OutlineEntry } from '../../core/document/compiled.ts'
import type { OutlineMark } from './pdf-facts.ts'
import { type Heading, numberOf } from './pdf-headings.ts'
import type { PrintedEntry } from './pdf-contents.ts'
import { sameTitle } from './pdf-titles.ts'

/** Where a section begins. */
export type SectionMark = {
  title: string
  level: number
  page: number
  opensPage: boolean
  /** The line of the document on which it begins, and its number of lines. */
  at?: number | undefined
  lines?: number
  /** The first words of the line are its title, this many; text follows them. */
  words?: number
}

export type SectionSources = {
  pages: number
  outline: OutlineMark[]
  printed: PrintedEntry[]
  headings: Heading[]
}

const OUTLINE_ENTRIES_MIN = 2
const PRINTED_ENTRIES_MIN = 4

/** Chooses the best source and completes it from the headings. In reading order; levels start at 1 and have no gaps. */
export function markSections({ outline, printed, headings }: SectionSources): SectionMark[] {
  const numbered = headings.filter((heading) => numberOf(heading.title) !== undefined)
  let marks: SectionMark[]
  if (outline.length >= OUTLINE_ENTRIES_MIN && outline.length * 2 >= numbered.length)
    marks = fromOutline(outline, headings)
  else if (printed.length >= PRINTED_ENTRIES_MIN && printed.length >= numbered.length)
    marks = fromPrinted(printed, headings)
  else marks = headings.map((heading) => ({ ...heading }))
  const ordered = marks
    .map((mark, i) => ({ mark, i }))
    .sort((a, b) => a.mark.page - b.mark.page || order(a.mark, b.mark) || a.i - b.i)
  const around: number[] = []
  return ordered.map(({ mark }) => {
    while ((around.at(-1) ?? 0) >= mark.level) around.pop()
    return { ...mark, level: around.push(mark.level) }
  })
}

function order(a: SectionMark, b: SectionMark): number {
  if (a.at !== undefined && b.at !== undefined) return a.at - b.at
  return Number(b.opensPage) - Number(a.opensPage)
}

function fromOutline(outline: OutlineMark[], headings: Heading[]): SectionMark[] {
  const used = new Set<Heading>()
  const marks = outline.map((entry): SectionMark => {
    const printed = headings.find(
      (heading) =>
        !used.has(heading) && Math.abs(heading.page - entry.page) <= 1 && sameTitle(heading.title, entry.title),
    )
    if (printed === undefined) return { title: entry.title, level: entry.level, page: entry.page, opensPage: false }
    used.add(printed)
    return {
      title: printed.title,
      level: entry.level,
      page: printed.page,
      opensPage: printed.opensPage,
      at: printed.at,
      lines: printed.lines,
    }
  })
  // Sections that authors omit from an outline are still on the pages: abstract, references, appendices.
  const missing = headings.filter(
    (heading) => !used.has(heading) && heading.level === 1 && numberOf(heading.title) === undefined,
  )
  const named = (heading: Heading): boolean => outline.some((entry) => sameTitle(entry.title, heading.title))
  const below = belowOutline(
    marks,
    headings.filter((heading) => !used.has(heading) && !named(heading)),
  )
  return [...marks, ...missing.filter((heading) => !named(heading)), ...below]
}

/** Numbered sections inside those of the outline: many outlines end at chapters. */
function belowOutline(marks: SectionMark[], others: Heading[]): SectionMark[] {
  const levels = new Map<string, number>()
  for (const { title, level } of marks) {
    const number = numberOf(title)?.join('.')
    if (number !== undefined && !levels.has(number)) levels.set(number, level)
  }
  return others.flatMap((heading): SectionMark[] => {
    const number = numberOf(heading.title) ?? []
    const above = levels.get(number.slice(0, -1).join('.'))
    if (above === undefined || levels.has(number.join('.'))) return []
    levels.set(number.join('.'), above + 1)
    return [{ ...heading, level: above + 1 }]
  })
}

function fromPrinted(printed: PrintedEntry[], headings: Heading[]): SectionMark[] {
  const used = new Set<Heading>()
  return printed.map((entry): SectionMark => {
    const heading = headings.find(
      (other) => !used.has(other) && other.page === entry.page && sameTitle(other.title, entry.title),
    )
    if (heading === undefined)
      return {
        title: entry.title,
        level: entry.level,
        page: entry.page,
        opensPage: entry.opensPage,
        at: entry.at,
      }
    used.add(heading)
    return { ...heading, level: entry.level, page: entry.page }
  })
}

/**
 * Page ranges: physical pages from 1, ends inclusive. A section ends where the next one of its level or above begins:
 * on the page before, if that one is at the top of its page.
 */
export function rangeSections(marks: SectionMark[], pages: number): OutlineEntry[] {
  return marks.map((mark, i) => {
    const next = marks.slice(i + 1).find((other) => other.level <= mark.level)
    const end = next === undefined ? pages : next.opensPage ? next.page - 1 : next.page
    return {
      title: mark.title,
      level: mark.level,
      startPage: mark.page,
      endPage: Math.max(mark.page, Math.min(end, pages)),
    }
  })
}
