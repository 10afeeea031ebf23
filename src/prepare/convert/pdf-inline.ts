// Words of a PDF as inline Markdown: emphasis per run, links, superscript and subscript, words hyphenated at line ends.
import { escapeText, inlineCode, lowered, raised, target } from './markdown.ts'
import { isParted } from './pdf-lines.ts'
import type { Word } from './pdf-words.ts'

export type InlineOptions = {
  /** Words that the document writes with a hyphen, in lower case. */
  hyphenated: ReadonlySet<string>
  /** Emphasis of the whole block, which is not marked. */
  bold?: boolean
  italic?: boolean
  /** Most of the document is monospaced, so that it does not mean code. */
  mono?: boolean
}

type Style = { bold: boolean; italic: boolean; mono: boolean; link: string | undefined }
type Run = Style & { text: string; raw: string; glued: boolean }

/** Letters in formulas, whose slant has no meaning. */
const MATH_FONT = /cmmi|cmsy|cmex|cmbsy|math|symbol|msam|msbm|mtmi|mtsy|eufm|rsfs/i

/** Lines of one paragraph as one line of Markdown. */
export function inlineMarkdown(lines: Word[][], options: InlineOptions): string {
  const runs: Run[] = []
  let before: Word | undefined
  for (const words of lines) {
    words.forEach((word, index) => {
      const last = runs.at(-1)
      const style = styleOf(word, options)
      const raw = shown(word, last?.raw ?? '')
      let space = before !== undefined && (index === 0 || isParted(before, word)) ? ' ' : ''
      if (index === 0 && last !== undefined) space = joinAt(last, raw, options.hyphenated)
      if (last !== undefined && (sameStyle(last, style) || (space === '' && !/\p{L}{2}/u.test(raw))))
        last.raw += space + raw
      else runs.push({ ...style, text: '', raw: space + raw, glued: space === '' && last !== undefined })
      before = word
    })
  }
  return settle(runs)
}

function shown(word: Word, before: string): string {
  if (word.shifted === undefined) return word.text
  return word.shifted === 1 ? raised(word.text) : lowered(word.text, before).replace(/^\\/, '')
}

function styleOf(word: Word, options: InlineOptions): Style {
  const formula = MATH_FONT.test(word.font) || word.shifted !== undefined
  return {
    bold: word.bold && options.bold !== true && !formula,
    italic: word.italic === true && options.italic !== true && !formula,
    mono: word.mono === true && options.mono !== true,
    link: word.link,
  }
}

function sameStyle(a: Style, b: Style): boolean {
  return a.bold === b.bold && a.italic === b.italic && a.mono === b.mono && a.link === b.link
}

/** The separator between the end of a line and the next one; a hyphen that only broke a word is removed. */
function joinAt(last: { raw: string }, next: string, hyphenated: ReadonlySet<string>): string {
  const joint = jointOf(last.raw, next, hyphenated)
  if (joint.cut > 0) last.raw = last.raw.slice(0, -joint.cut)
  return joint.space
}

const HYPHENATED = /([\p{L}\p{N}][\p{L}\p{N}'’]*)[-\u2010]$/u

/** How to join two pieces of a text: the number of letters to cut off the first, and the separator. */
export function jointOf(
  before: string,
  next: string,
  hyphenated: ReadonlySet<string>,
): { cut: number; space: '' | ' ' } {
  if (before.endsWith('\u00ad')) return { cut: 1, space: '' }
  const ends = before.slice(-1)
  const [, head = ''] = ends === '-' || ends === '\u2010' ? (HYPHENATED.exec(before) ?? []) : []
  const [tail = ''] = head === '' ? [] : (/^[\p{L}\p{N}][\p{L}\p{N}'’]*/u.exec(next) ?? [])
  if (tail === '') return { cut: 0, space: isIdeograph(ends) && isIdeograph(next.slice(0, 1)) ? '' : ' ' }
  // "Jean-" "Pierre", "1990-" "95", "COVID-" "19" keep their hyphens, and so do words that have one elsewhere.
  const lower = /\p{Ll}$/u.test(head) && /^\p{Ll}/u.test(tail)
  const upper = /^\p{Lu}{2,}$/u.test(head) && /^\p{Lu}{2,}$/u.test(tail)
  const cut = (lower || upper) && !hyphenated.has(`${head}-${tail}`.toLowerCase())
  return { cut: cut ? 1 : 0, space: '' }
}

function isIdeograph(character: string): boolean {
  return /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}、。，．：；！？「」]/u.test(character)
}

/** Marks are placed only at the edges of words: inside a word, readers would display them literally. */
function settle(runs: Run[]): string {
  let text = ''
  runs.forEach((run, index) => {
    const [, lead = '', core = '', trail = ''] = /^(\s*)(.*?)(\s*)$/su.exec(run.raw) ?? []
    const next = runs[index + 1]
    const openEdge = text === '' || lead !== '' || /[\s([{"“„'‘—–/]/u.test(text.slice(-1))
    const closeEdge = next === undefined || trail !== '' || /^[\s)\]}"”’',.;:!?—–/]/u.test(next.raw)
    text += lead + (openEdge && closeEdge ? marked(run, core) : linked(run, escapeText(core))) + trail
  })
  // A line of text may begin like a block of Markdown.
  return escapeStart(text.replace(/\s+/g, ' ').trim())
}

function marked(run: Run, core: string): string {
  if (run.mono && !/[⁰¹²³⁴-⁹₀-₉]/u.test(core)) return linked(run, inlineCode(core))
  const text = escapeText(core)
  const worth = /[\p{L}\p{N}]{2}/u.test(core)
  const mark = worth ? `${run.bold ? '**' : ''}${run.italic && (run.bold || core.length > 3) ? '*' : ''}` : ''
  return linked(run, `${mark}${text}${[...mark].toReversed().join('')}`)
}

function linked(run: Run, text: string): string {
  return run.link === undefined || text === '' ? text : `[${text}](${target(run.link)})`
}

function escapeStart(text: string): string {
  return text
    .replace(/^(#{1,6}(?=\s|$)|[-+*](?=\s)|>|[=-]{2,}$|\|)/, '\\$1')
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2')
}
