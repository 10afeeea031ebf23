// Accents that a PDF draws as separate glyphs above or below their letters: combines them.
import type { Glyph } from './pdf-glyphs.ts'

/** From spacing accents to the equivalent combining ones. */
const ACCENTS = new Map([
  ['`', '\u0300'],
  ['\u02cb', '\u0300'],
  ['´', '\u0301'],
  ['\u02ca', '\u0301'],
  ['^', '\u0302'],
  ['ˆ', '\u0302'],
  ['~', '\u0303'],
  ['˜', '\u0303'],
  ['¯', '\u0304'],
  ['˘', '\u0306'],
  ['˙', '\u0307'],
  ['¨', '\u0308'],
  ['˚', '\u030a'],
  ['˝', '\u030b'],
  ['ˇ', '\u030c'],
  ['¸', '\u0327'],
  ['˛', '\u0328'],
])
/** Maximum accents per page to combine; more are a pattern. */
const ACCENTS_MAX = 5_000

/**
 * The glyphs with accents combined. An accent belongs to the letter below or above its centre; if there is none, it is
 * a character of its own, as in `~/notes`.
 */
export function composeAccents(glyphs: Glyph[]): Glyph[] {
  const accents = glyphs.filter(({ text }) => !isPlain(text) && ACCENTS.has(text)).slice(0, ACCENTS_MAX)
  const combining = glyphs.some(({ text }) => isCombining(text))
  if (accents.length === 0 && !combining) return glyphs
  const letters = accents.length === 0 ? new Map<number, Glyph[]>() : byHeight(glyphs)
  const taken = new Set<Glyph>()
  for (const accent of accents) {
    const letter = letterUnder(accent, letters)
    if (letter === undefined) continue
    const base = letter.text === 'ı' ? 'i' : letter.text === 'ȷ' ? 'j' : letter.text
    letter.text = (base + (ACCENTS.get(accent.text) ?? '')).normalize('NFC')
    taken.add(accent)
  }
  const kept: Glyph[] = []
  for (const glyph of glyphs) {
    const last = kept.at(-1)
    // A combined accent leaves its space to what follows, unless it was drawn out of order.
    if (taken.has(glyph)) continue
    if (isCombining(glyph.text) && last !== undefined && glyph.x < last.right + last.style.size * 0.3) {
      last.text = (last.text + glyph.text).normalize('NFC')
      last.right = Math.max(last.right, Math.min(glyph.right, last.right + last.style.size * 0.2))
    } else kept.push(glyph)
  }
  return kept
}

/** Letters and digits of ASCII, which most glyphs are. */
function isPlain(text: string): boolean {
  const code = text.charCodeAt(0)
  return (code > 0x60 && code < 0x7b) || (code > 0x2f && code < 0x5e)
}

function isCombining(text: string): boolean {
  return text.charCodeAt(0) >= 0x300 && /^\p{M}/u.test(text)
}

function byHeight(glyphs: Glyph[]): Map<number, Glyph[]> {
  const rows = new Map<number, Glyph[]>()
  for (const glyph of glyphs) {
    if (!/^\p{L}$/u.test(glyph.text)) continue
    const key = Math.round(glyph.baseline / 4)
    const row = rows.get(key)
    if (row === undefined) rows.set(key, [glyph])
    else row.push(glyph)
  }
  return rows
}

function letterUnder(accent: Glyph, letters: Map<number, Glyph[]>): Glyph | undefined {
  const middle = (accent.x + accent.right) / 2
  const size = accent.style.size > 0 ? accent.style.size : 10
  let best: Glyph | undefined
  let least = Infinity
  for (let key = Math.round((accent.baseline - 4) / 4); key <= Math.round((accent.baseline + size * 0.6) / 4); key++) {
    for (const letter of letters.get(key) ?? []) {
      const width = letter.right - letter.x
      const off = Math.abs((letter.x + letter.right) / 2 - middle)
      // The accent of a capital is drawn higher than that of a lower-case letter.
      const rise = letter.baseline - accent.baseline
      if (rise < -1 || rise > size * 0.5 || off > Math.max(width * 0.45, size * 0.16)) continue
      const single = (letter.text + (ACCENTS.get(accent.text) ?? '')).normalize('NFC')
      if ([...single].length > 1 && !/^[ıȷ]/.test(letter.text)) continue
      if (off < least) [best, least] = [letter, off]
    }
  }
  return best
}
