// Writes Markdown: the one place that knows what to escape in text that is not Markdown.

/**
 * Text inside a paragraph, displayed unchanged, with as few escapes as possible because people read the source too.
 * Line ends are kept.
 */
export function escapeText(text: string): string {
  if (!/[\\`*_[\]<&~#+\-=|>.)!]/.test(text)) return text
  return text
    .replace(/\\(?=[!-/:-@[-`{-~\n]|$)/g, '\\\\')
    .replace(/`|\*(?!\s)|(?<=\S)\*/g, '\\$&')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}_])/gu, '\\_')
    .replace(/<(?=[A-Za-z/!?])/g, '\\<')
    .replace(/&(?=#?\w{1,31};)/g, '\\&')
    .replace(/~(?=[~\S])/g, (mark) => (text.indexOf('~') === text.lastIndexOf('~') ? mark : `\\${mark}`))
    .replace(/\[(?=[[^])|\](?=\s?[[(:\]])|!(?=\[)/g, '\\$&')
    .replace(/^([ \t]*)(#{1,6}(?=[ \t]|$)|[-+](?=[ \t]|$)|[=-]{2,}(?=[ \t]*$)|[>|]|\[(?=[ xX]\]))/gm, '$1\\$2')
    .replace(/^([ \t]*\d{1,9})([.)])(?=[ \t]|$)/gm, '$1\\$2')
}

/**
 * LaTeX between its delimiters. A single dollar on each side could be a price: then the content must look like LaTeX.
 */
const TEX =
  /\$\$([^$]{1,5000}?)\$\$|\\\[((?:(?!(?<!\\)\\\[)[\s\S]){1,5000}?)\\\]|\\\(((?:(?!(?<!\\)\\\()[\s\S]){1,2000}?)\\\)|(?<![\\$\p{L}\p{N}])\$(?![\s$])([^$\n]{0,1000}?[\\^_{}][^$\n]{0,1000}?)(?<![\s\\])\$(?![$\p{N}])/gu

/** Like `escapeText`, but formulas in the text, as found by formula scripts, stay LaTeX. */
export function escapeProse(text: string): string {
  if (!/\$|\\[([]/.test(text)) return escapeText(text)
  let result = ''
  let end = 0
  for (const match of text.matchAll(TEX)) {
    const [whole, dollars, brackets, parentheses, dollar] = match
    const display = dollars ?? brackets
    const latex = (display ?? parentheses ?? dollar ?? '').trim()
    const mark = display === undefined ? '$' : '$$'
    result += escapeText(text.slice(end, match.index)) + mark + latex + mark
    end = match.index + whole.length
  }
  return result + escapeText(text.slice(end))
}

/** One line of a table cell. */
export function escapeCell(text: string): string {
  return escapeText(text.trim())
    .replace(/\|/g, '\\|')
    .replace(/\s*\n\s*/g, ' ')
}

/**
 * A GFM table. Rows are cells of Markdown, already escaped; short rows are padded. An empty header row is written too.
 */
export function table(rows: string[][], options: { head?: string[] } = {}): string {
  const [head = [], ...body] = options.head === undefined ? rows : [options.head, ...rows]
  const width = Math.max(1, ...[head, ...body.slice(0, 1_000)].map((row) => row.length))
  const line = (row: string[]): string => {
    const cells = Array.from({ length: Math.max(width, row.length) }, (_, index) => row[index] ?? '')
    return `| ${cells.join(' | ')} |`
  }
  return [line(head), `|${' --- |'.repeat(width)}`, ...body.map(line)].join('\n')
}

/** Fenced code; the fence is longer than any run of backticks inside. */
export function codeBlock(code: string, language = ''): string {
  const longest = Math.max(2, ...[...code.matchAll(/`{3,}/g)].map((match) => match[0].length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${/^[\w+#.-]{1,40}$/.test(language) ? language : ''}\n${code.replace(/\n$/, '')}\n${fence}`
}

/** Code inside a paragraph. */
export function inlineCode(code: string): string {
  const line = code.replace(/\s*\n\s*/g, ' ')
  const runs = new Set([...line.matchAll(/`+/g)].map((match) => match[0].length))
  let length = 1
  while (runs.has(length)) length++
  const tick = '`'.repeat(length)
  const pad = /^`|`$|^ .*[^ ].* $/.test(line) ? ' ' : ''
  return line.trim() === '' ? '' : `${tick}${pad}${line}${pad}${tick}`
}

/** A heading of one line of Markdown, level 1 to 6. */
export function heading(level: number, inline: string): string {
  const line = inline.replace(/\s+/g, ' ').trim()
  return line === '' ? '' : `${'#'.repeat(Math.min(6, Math.max(1, level)))} ${line.replace(/(#+)$/, '\\$1')}`
}

/** A link's target as written between parentheses. */
export function target(address: string): string {
  return address.trim().replace(/[\s<>()\\]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
}

const RAISED = new Map([...'0123456789+-−=()niº'].map((c, index) => [c, [...'⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱº'][index] ?? c]))
const LOWERED = new Map([...'0123456789+-−=()'].map((c, index) => [c, [...'₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎'][index] ?? c]))
/** Endings of ordinals, and signs that are raised by convention and mean the same on the line. */
const CUSTOM = /^(?:st|nd|rd|th|er|ère|re|ème|os|as|tm|sm)$/i

/** Superscript, already escaped: in Unicode if possible, else after a `^`, so that `10` and `3` do not become `103`. */
export function raised(text: string): string {
  if (CUSTOM.test(text)) return text
  return shift(text, RAISED, '^')
}

/** Subscript, already escaped: in Unicode if possible, else after a `_`. `before`: the text in front. */
export function lowered(text: string, before: string): string {
  return shift(text, LOWERED, /[\p{L}\p{N}]$/u.test(before) ? '_' : '\\_')
}

function shift(text: string, map: Map<string, string>, mark: string): string {
  const letters = [...text]
  if (letters.every((letter) => map.has(letter))) return letters.map((letter) => map.get(letter)).join('')
  // Note references, links and line breaks stay unchanged.
  if (!/[\p{L}\p{N}]/u.test(text) || /^\\?\[|\]\(|\n|\$/.test(text)) return text
  return /^[\p{L}\p{N}]+$/u.test(text) && (mark !== '^' || letters.length === 1) ? mark + text : `${mark}(${text})`
}

/**
 * LaTeX that TeX accepts: a letter right after `\frac` or an accent is its argument, invisible operators are dropped.
 */
export function cleanLatex(latex: string): string {
  return latex
    .replace(
      /(?<![\\A-Za-z])(sin|cos|tan|cot|sec|csc|log|ln|lg|exp|lim|max|min|sup|inf|det|arcsin|arccos|arctan|sinh|cosh|tanh)(?![A-Za-z])/g,
      '\\$1',
    )
    .replace(/[\u2061-\u2064]/g, ' ')
    .replace(/\\(frac|sqrt|hat|bar(?!wedge)|vec|dot(?!s|eq|plus)|overline|underline)(?=[A-Za-z])(.)/g, '\\$1{$2}')
    .replace(/\s+/g, ' ')
    .replace(/(?<!\\)\$/g, '\\$')
    .trim()
}
