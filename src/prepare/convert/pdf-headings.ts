// Finds the sections of a PDF by what its pages show: numbering, fonts, white space.
import { jointOf } from './pdf-inline.ts'
import { isCaptionTitle } from './pdf-titles.ts'
import type { Line, Part } from './pdf-lines.ts'

export type Heading = {
  /** As printed, including the number. */
  title: string
  /** 1 is the top level. */
  level: number
  page: number
  /** No text precedes it on its page. */
  opensPage: boolean
  /** The line of the document on which it starts, and its number of lines. */
  at: number
  lines: number
}

type Candidate = Heading & { number: number[] | undefined; size: number; style: string; bold: boolean }

const TITLE_CHARS_MAX = 200
/** Maximum number of candidates: beyond it, the pages are nothing but numbered headings. */
const CANDIDATES_MAX = 4_000
const LEVELS_MAX = 6

/** Sections usually without a number, in common languages of PDFs. */
const NAMED =
  /^(?:abstract|summary|executive summary|introduction|foreword|preface|acknowledge?ments?|references|bibliography|literature|conclusions?|glossary|index|appendix(?: [a-z0-9])?\b.*|appendices|annex\b.*|list of (?:figures|tables)|zusammenfassung|vorwort|einleitung|danksagung|literatur(?:verzeichnis)?|anhang\b.*|résumé|remerciements|bibliographie|références|annexe\b.*|resumen|agradecimientos|bibliografía|referencias|sommario|ringraziamenti|bibliografia|riferimenti)$/i

/** Headings of a document, given its pages' lines in reading order without running heads. */
export function findHeadings(lines: Line[]): Heading[] {
  const body = bodyStyle(lines)
  const candidates = gather(lines, body)
  const numbered = chain(candidates.filter((candidate) => candidate.number !== undefined))
  const chosen = numbered.length >= 3 ? [...numbered, ...unnumbered(candidates, numbered)] : bySize(candidates, body)
  return chosen
    .sort((a, b) => a.at - b.at)
    .map(({ title, level, page, opensPage, at, lines }) => ({ title, level, page, opensPage, at, lines }))
}

export type BodyStyle = { size: number; bold: boolean; font: string }

/** The style of most letters. */
export function bodyStyle(lines: Line[]): BodyStyle {
  const letters = new Map<string, number>()
  for (const line of lines) {
    const key = `${line.font}\n${Math.round(line.size)}\n${line.bold}`
    letters.set(key, (letters.get(key) ?? 0) + line.text.length)
  }
  const [key = ''] = [...letters].sort((a, b) => b[1] - a[1])[0] ?? []
  const [font = '', size = '0', bold = ''] = key.split('\n')
  const rounded = Number(size)
  const exact = lines
    .filter((line) => line.font === font && Math.round(line.size) === rounded)
    .map((line) => line.size)
    .sort((a, b) => a - b)
  return { size: exact[exact.length >> 1] ?? rounded, bold: bold === 'true', font }
}

const NUMBERED =
  /^(?:(?:chapter|section|part|appendix|kapitel|abschnitt|teil|chapitre|partie|capítulo|capitolo)\s+)?((?:\d{1,3}|[A-Z])(?:\.\d{1,3}){0,5})[.:)]?\s+(\S.*)$/i

function gather(lines: Line[], body: BodyStyle): Candidate[] {
  const found: Candidate[] = []
  let page = 0
  let pageStart = 0
  for (let index = 0; index < lines.length && found.length < CANDIDATES_MAX; index++) {
    const line = lines[index]
    if (line === undefined) continue
    if (line.page !== page) {
      page = line.page
      pageStart = index
    }
    // A row with three parts belongs to a table.
    if (line.wide || !stands(line, body) || !follows(lines[index - 1], line)) continue
    const taken = wrap(lines, index, body)
    const title = joinLines(lines.slice(index, index + taken).map((part) => part.text))
    if (title.length > TITLE_CHARS_MAX || title.length < 2 || !/\p{L}{2}/u.test(title) || /[,;]$/.test(title)) continue
    if (isCaptionTitle(title)) {
      index += taken - 1
      continue
    }
    const number = numberOf(title)
    found.push({
      title,
      level: number?.length ?? 1,
      page: line.page,
      opensPage: index === pageStart,
      at: index,
      lines: taken,
      number,
      size: line.size,
      style: `${line.font} ${Math.round(line.size)} ${line.bold}`,
      bold: line.bold,
    })
    index += taken - 1
  }
  return found
}

/** Whether a line's style distinguishes it from the text. */
function stands(line: Line, body: BodyStyle): boolean {
  if (line.size > body.size * 1.09) return true
  if (line.size < body.size * 0.9) return false
  if (line.bold && !body.bold && line.parts.every(isBold)) return true
  return /^[^\p{Ll}]*\p{Lu}{3}[^\p{Ll}]*$/u.test(line.text) && line.text.length > 3
}

/** A bold word at the start of a line of text does not make it a heading. */
function isBold({ words }: Part): boolean {
  return words.every(({ bold, text }) => bold || !/[\p{L}\p{N}]/u.test(text))
}

/** Whether `line` begins something, rather than being the middle of a row or of a paragraph in the same style. */
function follows(before: Line | undefined, line: Line): boolean {
  if (before === undefined || before.page !== line.page || before.column !== line.column) return true
  return !(
    Math.abs(before.baseline - line.baseline) < line.size * 0.3 &&
    before.right < line.x &&
    line.x - before.right < line.size * 8
  )
}

/** How many lines the heading at `at` has. */
function wrap(lines: Line[], index: number, body: BodyStyle): number {
  let taken = 1
  for (let last = lines[index]; last !== undefined && taken < 4; taken++) {
    const next = lines[index + taken]
    if (next === undefined || next.page !== last.page || next.column !== last.column) break
    const near = next.baseline - last.baseline
    const cut = last.guessed && /\p{Ll}-$/u.test(last.text)
    const rough = cut ? 0.25 : last.guessed ? 0.13 : 0.08
    const alike =
      Math.abs(next.size - last.size) <= last.size * rough && next.bold === last.bold && (cut || stands(next, body))
    if (!alike || near <= 0 || near > last.size * 1.7 || numberOf(next.text) !== undefined) break
    last = next
  }
  return taken
}

/** Joins the lines of one title, and a word hyphenated at a line end. */
export function joinLines(texts: string[]): string {
  return texts.reduce((title, text) => {
    if (title === '') return text
    const { cut, space } = jointOf(title, text, NO_HYPHENS)
    return title.slice(0, title.length - cut) + space + text
  }, '')
}

const NO_HYPHENS: ReadonlySet<string> = new Set()

/** `3.1 Names` → [3, 1]; `A.2 Proofs` → [1001, 2], so that appendices come after chapters. */
export function numberOf(title: string): number[] | undefined {
  const match = NUMBERED.exec(title)
  const [, number = '', rest = ''] = match ?? []
  if (match === null || !/^\p{L}|^[«"'“‘(¿¡]/u.test(rest)) return undefined
  const lettered = /^[A-Z]/i.test(number)
  if (lettered && !number.includes('.') && !/^(?:appendix|part|[A-Z][.:)])/i.test(title)) return undefined
  const parts = number
    .split('.')
    .map((part) => (/^\d/.test(part) ? Number(part) : 1000 + part.toUpperCase().charCodeAt(0) - 64))
  return parts.length > LEVELS_MAX ? undefined : parts
}

/**
 * The heaviest sequence of numbers that counts like sections: 1, 1.1, 1.2, 2, … Enumerations break it and are excluded.
 */
function chain(candidates: Candidate[]): Candidate[] {
  const best: { weight: number; from: number }[] = []
  for (const [i, here] of candidates.entries()) {
    const number = here.number ?? []
    const begins = number.length === 1 && (number[0] === 1 || number[0] === 0 || number[0] === 1001)
    let top = { weight: begins ? 2 : 0.2, from: -1 }
    for (let j = i - 1; j >= 0 && i - j < 400; j--) {
      const step = stepWeight(candidates[j]?.number ?? [], number)
      const kept = best[j]
      if (step > 0 && kept !== undefined && kept.weight + step > top.weight)
        top = { weight: kept.weight + step, from: j }
    }
    best.push(top)
  }
  let index = best.reduce((top, { weight }, i) => (weight > (best[top]?.weight ?? 0) ? i : top), 0)
  const chosen: Candidate[] = []
  while (index >= 0 && index < candidates.length) {
    const candidate = candidates[index]
    if (candidate !== undefined) chosen.unshift(candidate)
    index = best[index]?.from ?? -1
  }
  return chosen
}

/** How well `next` follows `before`: 2 if it is the next number, 0.6 if one is missing in between, 0 otherwise. */
function stepWeight(before: number[], next: number[]): number {
  const depth = next.length
  if (depth === 1 && next[0] === 1001 && (before[0] ?? 0) < 1000) return 2
  if (depth === before.length + 1 && next.at(-1) === 1 && before.every((part, i) => part === next[i])) return 2
  const same = next.slice(0, -1).every((part, i) => part === before[i])
  if (same && depth <= before.length) {
    const grows = (next[depth - 1] ?? 0) - (before[depth - 1] ?? 0)
    if (grows === 1) return 2
    return grows > 1 && grows <= 3 ? 0.6 : 0
  }
  for (let i = 0; i < depth; i++) {
    const grows = (next[i] ?? 0) - (before[i] ?? -1)
    if (grows !== 0) return grows > 0 && grows <= 2 ? 0.6 : 0
  }
  return 0
}

/** Headings without a number: known names, and lines in exactly the style of the numbered chapters. */
function unnumbered(candidates: Candidate[], numbered: Candidate[]): Candidate[] {
  const taken = new Set(numbered.map(({ at }) => at))
  const chapters = numbered.filter(({ level }) => level === 1)
  const style = mostFrequent(chapters.map((chapter) => chapter.style))
  const size = chapters.map((chapter) => chapter.size).sort((a, b) => a - b)[chapters.length >> 1] ?? Infinity
  return candidates
    .filter((candidate) => !taken.has(candidate.at) && candidate.number === undefined)
    .filter((candidate) => {
      if (NAMED.test(candidate.title.replace(/[.:]$/, ''))) return true
      return (
        candidate.style === style &&
        Math.abs(candidate.size - size) < size * 0.05 &&
        /^\p{Lu}/u.test(candidate.title) &&
        candidate.title.length < 100
      )
    })
    .map((candidate) => ({ ...candidate, level: 1 }))
}

function mostFrequent(values: string[]): string | undefined {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0]
}

/** Without numbers, styles determine the levels: larger is higher, and each style must recur or have a known name. */
function bySize(candidates: Candidate[], body: BodyStyle): Candidate[] {
  const titles = candidates.filter(
    ({ title, number }) => !/[.!?]$/.test(title) && (number === undefined || title.length < 120) && title.length < 150,
  )
  const sizes = new Map<number, number>()
  const rank = ({ size, bold }: Candidate): number => Math.round(size) * 2 + (bold ? 1 : 0)
  for (const title of titles) sizes.set(rank(title), (sizes.get(rank(title)) ?? 0) + 1)
  const top = titles
    .filter(({ page }) => page === titles[0]?.page)
    .map(rank)
    .sort((a, b) => b - a)[0]
  const levels = [...sizes]
    .filter(([key, count]) => count > 1 || key !== top)
    .map(([key]) => key)
    .sort((a, b) => b - a)
    .slice(0, 4)
  return titles
    .map((title) => ({ ...title, level: levels.indexOf(rank(title)) + 1 }))
    .filter((title) => title.level > 0 && (title.size > body.size * 1.09 || title.bold || NAMED.test(title.title)))
}
