// Formulas in the text of documents, found between dollar signs, also where a page that quotes them has escaped these; and lines of
// plain text that have some.
import { renderToString } from 'katex'
import { plainInline } from '../../core/page/sanitize.ts'
import { html, trusted, type Html } from '../html.ts'

/** `length`: of the formula with its dollar signs, in UTF-16 units. `block`: it stands in two of them. */
export type Formula = { tex: string; block: boolean; length: number }

const FORMULA = /\$\$([^$]{1,4000})\$\$|\$(?=\S)([^$\n]{1,1000}?)(?<=\S)\$(?!\d)/y
const ESCAPED = /\\\$\\\$([^$\n]{1,4000}?)\\\$\\\$|\\\$(?=\S)([^$\n]{1,1500}?)(?<=\S)\\\$(?!\d)/y
/** What formulas have and prices, names of variables and the like do not: a command, an index, a relation, or few letters. */
const SIGNS =
  /\\[a-z{|,;]|\S[\^_]\S|\S\s*[=<>+]\s*\S|^(?=.*[\p{L}\p{N}])(?!.*\p{L}{3})[\p{L}\p{N}\s()[\]+*/,.|'′-]{1,20}$/iu
const CODE = /`([^`\n]+)`/
/** Macros of a formula that may expand others: a bound on how long a page can take. */
const EXPANSIONS_MAX = 200

/** The formula that begins at `index`. */
export function formulaAt(text: string, index: number): Formula | undefined {
  return matchAt(FORMULA, text, index)
}

/** As `formulaAt`, in Markdown that `sanitizeInline` made. Only what has signs of a formula is one: all dollars are escaped. */
export function escapedFormulaAt(markdown: string, index: number): Formula | undefined {
  const found = matchAt(ESCAPED, markdown, index)
  if (found === undefined || found.tex.includes('[[')) return undefined
  const tex = plainInline(found.tex).trim()
  return SIGNS.test(tex) ? { ...found, tex } : undefined
}

/** Markdown that `sanitizeInline` made, with its formulas as documents write them. */
export function withFormulas(markdown: string): string {
  let text = ''
  let from = 0
  for (let at = markdown.indexOf('\\$'); at !== -1; at = markdown.indexOf('\\$', at)) {
    const formula = escapedFormulaAt(markdown, at)
    if (formula === undefined) {
      at += 2
      continue
    }
    text += `${markdown.slice(from, at)}$${formula.tex}$`
    from = at += formula.length
  }
  return text + markdown.slice(from)
}

function matchAt(pattern: RegExp, text: string, index: number): Formula | undefined {
  pattern.lastIndex = index
  const match = pattern.exec(text)
  if (match === null) return undefined
  return { tex: (match[1] ?? match[2] ?? '').trim(), block: match[1] !== undefined, length: match[0].length }
}

export type Piece = { start: number; text: string; formula?: Formula | undefined }

/** Plain text as words and formulas, in order. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = []
  let from = 0
  for (let at = text.indexOf('$'); at !== -1; at = text.indexOf('$', at)) {
    const formula = formulaAt(text, at)
    if (formula === undefined || !SIGNS.test(formula.tex)) {
      at++
      continue
    }
    if (at > from) pieces.push({ start: from, text: text.slice(from, at) })
    pieces.push({ start: at, text: text.slice(at, at + formula.length), formula })
    from = at += formula.length
  }
  if (from < text.length) pieces.push({ start: from, text: text.slice(from) })
  return pieces
}

/** Changes the words of a text, and leaves its formulas as they are, on one line. */
export function withWords(text: string, change: (words: string) => string): string {
  return piecesOf(text)
    .map(({ text: piece, formula }) => (formula === undefined ? change(piece) : piece.replace(/\s+/g, ' ')))
    .join('')
}

/** The nearest place in the text that is in no formula: the beginning of the one that it is in, or its end. */
export function outsideFormula(text: string, at: number, side: 'before' | 'after'): number {
  const inside = piecesOf(text).find(
    ({ formula, start, text: { length } }) => formula !== undefined && start < at && at < start + length,
  )
  if (inside === undefined) return at
  return side === 'before' ? inside.start : inside.start + inside.text.length
}

/** A passage may have been cut within a formula, the rest of which says nothing: an ellipsis stands for it. */
export function withoutCutFormulas(passage: string): string {
  const pieces = piecesOf(passage)
  return pieces
    .map(({ text, formula }, index) => {
      if (formula !== undefined) return text
      const begun = index === 0 ? text.replace(/^[^$]*\\[a-z][^$]*\$(?!\d)/i, '…') : text
      return index === pieces.length - 1 ? begun.replace(/\$(?!\d)[^$]*\\[a-z][^$]*$/i, '…') : begun
    })
    .join('')
}

/** Whether `renderText` shows other than the text itself. */
export function hasMarks(text: string): boolean {
  return piecesOf(text).some(({ text: piece, formula }) => formula !== undefined || CODE.test(piece))
}

/** One line of plain text with its formulas and code; `words` renders the rest, and the words of the code. */
export function renderText(text: string, words: (text: string) => Html = (plain) => html`${plain}`): Html {
  return html`${piecesOf(text).map(({ text: piece, formula }) =>
    // A line of words has no room for a formula of its own.
    formula === undefined ? withCode(piece, words) : renderFormula(formula.tex, false),
  )}`
}

function withCode(text: string, words: (text: string) => Html): Html[] {
  return text.split(CODE).map((part, index) => (index % 2 === 0 ? words(part) : html`<code>${words(part)}</code>`))
}

/** A formula as HTML with MathML beside it for screen readers. What is not TeX is shown as it is written. */
export function renderFormula(tex: string, display: boolean): Html {
  try {
    return trusted(
      renderToString(tex, {
        displayMode: display,
        throwOnError: false,
        trust: false,
        strict: 'ignore',
        maxExpand: EXPANSIONS_MAX,
        maxSize: 20,
      }),
    )
  } catch {
    return html`<code>${tex}</code>`
  }
}
