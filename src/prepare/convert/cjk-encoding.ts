// Distinguishes the legacy encodings of Chinese, Japanese and Korean in samples too short for statistics, by the code
// ranges in which each has its common characters.

type Zone = { label: string; isCommon: (lead: number, trail: number) => boolean }

const isHigh = (trail: number): boolean => trail >= 0xa1 && trail <= 0xfe
const between = (byte: number, from: number, to: number): boolean => byte >= from && byte <= to

/** In order of preference: each range is disjoint from the later ones or contained in them. */
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
/** Minimum share of characters inside a range. */
const COMMON_MIN = 0.9
const CHARACTERS_MIN = 3
/** Minimum share of kana to distinguish EUC-JP from GB 2312. */
const KANA_MIN = 0.15

/** A label for TextDecoder, or undefined if the bytes are in none of these encodings. */
export function cjkEncodingOf(sample: Uint8Array): string | undefined {
  if (isShiftJis(sample)) return 'shift_jis'
  return ZONES.find((zone) => fits(sample, zone))?.label
}

/**
 * Shift_JIS with the extensions of Windows (CP932): punctuation and kana, level 1 kanji, the numbers and signs of row
 * 13, and half-width kana, which are single bytes. No other encoding here has lead bytes from 0x81 to 0x9f.
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
  for (let offset = 0; offset < sample.length; offset++) {
    const lead = sample[offset] ?? 0
    if (lead < 0x80) continue
    const trail = sample[++offset] ?? 0x40
    characters++
    if (isCommon(lead, trail)) common++
    if (lead === 0xa4 || lead === 0xa5) kana++
  }
  if (characters < CHARACTERS_MIN || common < characters * COMMON_MIN) return false
  return label !== 'euc-jp' || kana >= characters * KANA_MIN
}
