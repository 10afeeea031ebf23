// Text on a terminal: safe characters, display width, and columns.
import { stripVTControlCharacters } from 'node:util'

const LINE_CONTROLS = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069\u200E\u200F]/gu
const TEXT_CONTROLS = /(?![\n\t])[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu
const NAMED: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\x1b': '\\e' }

/** A name or a path on one line: control characters and those that change the writing direction are made visible. */
export function inline(text: string): string {
  return text.replace(LINE_CONTROLS, escaped)
}

/** Text of several lines, e.g. a page: like `inline`, but line ends and tabs are kept. */
export function block(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(TEXT_CONTROLS, escaped)
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0
  return NAMED[character] ?? (code < 0x100 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`)
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0')
}

let segmenter: Intl.Segmenter | undefined
// East Asian Wide and Fullwidth (Unicode Standard Annex 11), by block.
const WIDE =
  /^(?:[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97C\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|[\u{1B000}-\u{1B2FF}\u{20000}-\u{3FFFD}]|\p{Emoji_Presentation}|.\uFE0F)/u
const SIMPLE = /^[\x20-\x7E]*$/

function graphemes(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  return segmenter.segment(text)
}

/** Columns that `text` occupies on a terminal. Colour codes occupy none. */
export function width(text: string): number {
  if (SIMPLE.test(text)) return text.length
  let columns = 0
  for (const { segment } of graphemes(stripVTControlCharacters(text))) {
    if (!/^\p{M}/u.test(segment)) columns += WIDE.test(segment) ? 2 : 1
  }
  return columns
}

/** Uncoloured text in at most `columns`; longer text ends in `…`. */
export function cut(text: string, columns: number): string {
  if (width(text) <= columns) return text
  let kept = ''
  let used = 0
  for (const { segment } of graphemes(text)) {
    used += width(segment)
    if (used > columns - 1) break
    kept += segment
  }
  return columns < 1 ? '' : `${kept}…`
}

export function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - width(text)))
}

/** Rows in columns, separated by two spaces, without trailing spaces. `right`: columns to align right. */
export function columns(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const widths: number[] = []
  for (const row of rows) row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, width(cell))))
  const lines = rows.map((row) =>
    row
      .map((cell, index) => {
        const space = ' '.repeat(Math.max(0, (widths[index] ?? 0) - width(cell)))
        return right.includes(index) ? space + cell : index === row.length - 1 ? cell : cell + space
      })
      .join('  ')
      .trimEnd(),
  )
  return lines.join('\n')
}

/** `1 document`, `2 documents`, `1 entity`, `2 entities`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`
}

/** `840 B`, `1.2 KiB`, `3.4 GiB`. */
export function size(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let amount = bytes
  let unit = 0
  while (amount >= 1024 && unit < units.length - 1) {
    amount /= 1024
    unit++
  }
  return `${unit === 0 ? amount : amount.toFixed(1)} ${units[unit]}`
}

/** `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(ms: number): string {
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
