// Tells the older encodings of Chinese, Japanese and Korean apart, in samples too short for statistics: by the zones in
// which each keeps its common characters.

type Zone = { label: string; isCommon: (lead: number, trail: number) => boolean }

const isHigh = (trail: number): boolean => trail >= 0xa1 && trail <= 0xfe
const between = (byte: number, from: number, to: number): boolean => byte >= from && byte <= to

/** In order of preference: each zone lies apart from, or inside, the ones after it. */
const ZONES: Zone[] = [
  // Hangul syllables and punctuation (KS X 1001).
  { label: 'euc-kr', isCommon: (lead, trail) => (between(lead, 0xb0, 0xc8) || lead === 0xa1) && isHigh(trail) },
  {
    label: 'euc-jp',
    isCommon: (lead, trail) => (between(lead, 0xa1, 0xa5) || between(lead, 0xb0, 0xcf)) && isHigh(trail),
  },
  // Hanzi of GB 2312 level 1.
  {
    label: 'gb18030',
    isCommon: (lead, trail) => (between(lead, 0xb0, 0xd7) || lead === 0xa1 || lead === 0xa3) && isHigh(trail),
  },
  {
    label: 'big5',
    isCommon: (lead, trail) =>
      (between(lead, 0xa4, 0xc6) || lead === 0xa1) && (between(trail, 0x40, 0x7e) || isHigh(trail)),
  },
]
/** Share of characters that must lie in a zone. */
const COMMON_MIN = 0.9
const CHARACTERS_MIN = 3
/** Share of kana without which EUC-JP is not told from GB 2312. */
const KANA_MIN = 0.15

/** A label that TextDecoder takes, or undefined where the bytes are not of that kind. */
export function cjkEncodingOf(sample: Uint8Array): string | undefined {
  if (isShiftJis(sample)) return 'shift_jis'
  return ZONES.find((zone) => fits(sample, zone))?.label
}

/**
 * Shift_JIS with the characters that Windows adds (CP932): punctuation and kana, kanji of level 1, the numbers and signs
 * of row 13, and kana of half width, which are single bytes. No other encoding here has leads from 0x81 to 0x9f.
 */
function isShiftJis(sample: Uint8Array): boolean {
  let characters = 0
  let common = 0
  let own = 0
  for (let i = 0; i < sample.length; i++) {
    const lead = sample[i] ?? 0
    if (lead < 0x80 || between(lead, 0xa1, 0xdf)) continue
    const trail = sample[++i] ?? 0x40
    characters++
    if (!between(trail, 0x40, 0xfc) || trail === 0x7f) continue
    if (between(lead, 0x81, 0x9f)) own++
    if (
      between(lead, 0x81, 0x84) ||
      between(lead, 0x87, 0x98) ||
      between(lead, 0xed, 0xee) ||
      between(lead, 0xfa, 0xfc)
    )
      common++
  }
  return characters >= CHARACTERS_MIN && common >= characters * COMMON_MIN && own * 2 >= characters
}

function fits(sample: Uint8Array, { label, isCommon }: Zone): boolean {
  let characters = 0
  let common = 0
  let kana = 0
  for (let at = 0; at < sample.length; at++) {
    const lead = sample[at] ?? 0
    if (lead < 0x80) continue
    const trail = sample[++at] ?? 0x40
    characters++
    if (isCommon(lead, trail)) common++
    if (lead === 0xa4 || lead === 0xa5) kana++
  }
  if (characters < CHARACTERS_MIN || common < characters * COMMON_MIN) return false
  return label !== 'euc-jp' || kana >= characters * KANA_MIN
}
