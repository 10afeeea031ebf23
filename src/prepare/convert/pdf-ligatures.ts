// Ligatures that bitmap fonts of TeX lose: their codes are control characters, which read as spaces or nothing.
import type { Line } from './pdf-lines.ts'
import type { PlacedText } from './pdf-words.ts'

/** By their codes in TeX's text encoding (OT1: The TeXbook, appendix F). */
const LIGATURES = new Map([
  [11, 'ff'],
  [12, 'fi'],
  [13, 'fl'],
  [14, 'ffi'],
  [15, 'ffl'],
])

/** Broken words and what they are, of one document. */
export type Mended = Map<string, string>

/**
 * Mends the first word of each item, whose codes the PDF engine tells, and remembers it for the same word elsewhere.
 * Only fonts without a name and a size are of that kind.
 */
export function mendItems(items: PlacedText[], mended: Mended): PlacedText[] {
  return items.map((item) => {
    const end = item.charCodes?.indexOf(0) ?? -1
    const codes = end < 0 ? (item.charCodes ?? []) : (item.charCodes ?? []).slice(0, end)
    if (
      (item.fontSize ?? 1) >= 1 ||
      !codes.some((code) => LIGATURES.has(code)) ||
      codes.some((code) => code > 126 || (code < 32 && !LIGATURES.has(code)))
    )
      return item
    const whole = codes.map((code) => LIGATURES.get(code) ?? String.fromCharCode(code)).join('')
    const shown = codes
      .map((code) => (code < 14 ? ' ' : String.fromCharCode(code)))
      .join('')
      .trim()
    if (!/\p{L}{2}/u.test(whole) || !item.text.startsWith(shown)) return item
    remember(shown, whole, mended)
    const pieces = shown.split(/\s+/).length
    const [first, ...rest] = item.words ?? []
    const last = item.words?.[pieces - 1]
    if (first === undefined || last === undefined) return { ...item, text: whole + item.text.slice(shown.length) }
    const merged = { ...first, text: whole, width: last.x + last.width - first.x }
    return { ...item, text: whole + item.text.slice(shown.length), words: [merged, ...rest.slice(pieces - 1)] }
  })
}

/** Only pairs whose broken half is hardly ever meant: both halves are there and long enough, or no vowel is left. */
function remember(shown: string, whole: string, mended: Mended): void {
  const bare = (text: string): string => text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
  const key = bare(shown)
  const halves = /^\p{L}+(?: \p{L}+)+$/u.test(key) && key.replace(/ /g, '').length > 3
  // "first" that lost its beginning: without a vowel the rest is no word.
  const headless = /^[b-df-hj-np-tv-xz]{3,}$/.test(key) && !bare(whole).startsWith(key)
  if (halves || headless) mended.set(key, bare(whole))
}

/** Mends what was remembered wherever it stands in the lines. */
export function mendLines(lines: Line[], mended: Mended): void {
  const keys = [...mended.keys()].sort((a, b) => b.length - a.length)
  const broken = keys.length === 0 ? undefined : new RegExp(`(?<!\\p{L})(?:${keys.join('|')})(?!\\p{L})`, 'gu')
  const mend = (text: string): string => {
    const kept = text.replace(/\p{Cc}/gu, (c) => LIGATURES.get(c.charCodeAt(0)) ?? c)
    return broken === undefined ? kept : kept.replace(broken, (key) => mended.get(key) ?? key)
  }
  for (const line of lines) {
    if (!line.guessed) continue
    line.text = mend(line.text)
    for (const part of line.parts) part.text = mend(part.text)
  }
}
