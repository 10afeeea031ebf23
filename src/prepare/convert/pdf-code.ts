// Finds code and pseudo-code among the rows of a PDF page: rows whose line ends and indentation have a meaning.
import type { Row } from './pdf-rows.ts'

const ROWS_MIN = 2
const NUMBERED = /^(\d{1,3})[:.]?\s/
/** Minimum rows of code without line numbers in an ordinary font, and the share of them that must look like code. */
const PLAIN_ROWS_MIN = 3
const CODE_SHARE_MIN = 0.6
/** What algorithms begin their rows with, in the notations of common packages. */
const KEYWORD =
  /^(?:procedure|function|algorithm|input|output|require|ensure|begin|end|for|foreach|for each|for all|while|repeat|until|loop|if|else|elseif|elif|else if|switch|case|return|print|do|let|set|def|class|struct|fun|val|fn|int|void|var|const|import|include)(?=[\s(:{;,.]|$)/i
const STRUCTURE =
  /^(?:end|for|foreach|while|repeat|until|loop|if|else|elseif|elif|return|begin|procedure|function|do)\b/i
const ASSIGNMENT = /←|:=|<-|\+=|-=|==|&&|\|\||\+\+|(?:^|\s)\w+\s?(?:\[[^\]]*\])?\s?=\s/
const ENDING = /(?:[{};]|\bdo|\bthen|\bbegin|\belse)$/

/** The number of rows of code that begin at `index`; 0 if there is none. `mono`: the font alone means nothing. */
export function codeRows(rows: Row[], index: number, mono: boolean, right: number): number {
  const count = byFont(rows, index, mono) || byNumber(rows, index)
  return count >= ROWS_MIN ? count : byForm(rows, index, right)
}

function byFont(rows: Row[], index: number, mono: boolean): number {
  let end = index
  if (rows[index]?.mono === true && !mono) while (rows[end]?.mono === true && follows(rows, index, end)) end++
  return end - index
}

/** Consecutive numbers with colons. */
function byNumber(rows: Row[], index: number): number {
  let number = Number(NUMBERED.exec(rows[index]?.text ?? '')?.[1] ?? NaN)
  let end = index
  const counts = (row: Row | undefined): boolean =>
    row !== undefined && Number(NUMBERED.exec(row.text)?.[1]) === number && /^\d+:/.test(row.text)
  for (; counts(rows[end]) && follows(rows, index, end); end++) number++
  return end - index < 3 ? 0 : end - index
}

/** Rows that end early, most of which have the words or signs of a program. Text fills its rows. */
function byForm(rows: Row[], index: number, right: number): number {
  if (!looksLikeCode(rows[index]?.text ?? '')) return 0
  let end = index
  let last = index
  let found = 0
  for (; isShort(rows[end], right) && follows(rows, index, end); end++) {
    const isCode = looksLikeCode(rows[end]?.text ?? '')
    if (isCode) [last, found] = [end, found + 1]
    else if (found < (end - index + 1) * CODE_SHARE_MIN) break
  }
  const own = rows.slice(index, last + 1)
  const structured = own.filter(({ text }) => STRUCTURE.test(text)).length
  const indents = new Set(own.map(({ x }) => Math.round(x / 3))).size
  return own.length >= PLAIN_ROWS_MIN && structured >= 2 && indents >= 2 ? own.length : 0
}

function looksLikeCode(text: string): boolean {
  return KEYWORD.test(text) || ASSIGNMENT.test(text) || ENDING.test(text)
}

function isShort(row: Row | undefined, right: number): boolean {
  return row !== undefined && row.right < right - row.size * 2
}

/** Whether the row at `end` is right below the one before it. */
function follows(rows: Row[], start: number, end: number): boolean {
  if (end === start) return true
  const [row, before] = [rows[end] as Row, rows[end - 1] as Row]
  const step = row.baseline - before.baseline
  return step > 0 && step < row.size * 3.2 && row.lines[0]?.column === before.lines[0]?.column
}
