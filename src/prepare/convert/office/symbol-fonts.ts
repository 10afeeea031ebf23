// Signs that Word stores by their code in a symbol font (`w:sym`), as Unicode.

/** Adobe Symbol from 0x20 to 0x7e and from 0xa1 to 0xfe. */
const SYMBOL_LOW = ' !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼'
const SYMBOL_HIGH = 'ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪ 〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭'
const WINGDINGS = new Map(
  Object.entries({
    '21': '✏',
    '22': '✂',
    '28': '☎',
    '2a': '✉',
    '3a': '🖥',
    '4a': '☺',
    '4b': '😐',
    '4c': '☹',
    '4e': '☠',
    '52': '☼',
    '54': '❄',
    '56': '✞',
    '6c': '●',
    '6d': '❍',
    '6e': '■',
    '6f': '□',
    '70': '□',
    '71': '❑',
    '72': '❒',
    '73': '⬧',
    '74': '⧫',
    '75': '◆',
    '76': '❖',
    '77': '⬥',
    '78': '⌧',
    '80': '⓪',
    '81': '①',
    '82': '②',
    '83': '③',
    '84': '④',
    '85': '⑤',
    '86': '⑥',
    '87': '⑦',
    '88': '⑧',
    '89': '⑨',
    '8a': '⑩',
    '8c': '❶',
    '8d': '❷',
    '8e': '❸',
    '8f': '❹',
    '90': '❺',
    '91': '❻',
    '92': '❼',
    '93': '❽',
    '94': '❾',
    '95': '❿',
    '9e': '·',
    '9f': '•',
    a1: '○',
    a4: '◉',
    a7: '▪',
    a8: '◻',
    ab: '★',
    d8: '➢',
    dc: '➲',
    df: '←',
    e0: '→',
    e1: '↑',
    e2: '↓',
    e8: '➔',
    ef: '⇦',
    f0: '⇨',
    f3: '⬄',
    fb: '✗',
    fc: '✓',
    fd: '☒',
    fe: '☑',
  }),
)
const WINGDINGS_2 = new Map(
  Object.entries({ '4f': '✗', '50': '✓', '51': '☒', '52': '☑', '53': '☒', '54': '☒', a3: '□', '97': '●', '98': '•' }),
)

/** `code` is hexadecimal, as in the file, often in the private use area (F0xx). */
export function symbolOf(font: string, code: string): string {
  const value = Number.parseInt(code, 16)
  if (Number.isNaN(value)) return ''
  const place = value >= 0xf000 && value <= 0xf0ff ? value - 0xf000 : value
  const key = place.toString(16).padStart(2, '0')
  if (/^symbol$/i.test(font)) {
    const sign = place >= 0xa1 ? [...SYMBOL_HIGH][place - 0xa1] : [...SYMBOL_LOW][place - 0x20]
    if (sign !== undefined) return sign
  }
  if (/^wingdings$/i.test(font)) return WINGDINGS.get(key) ?? '▪'
  if (/^wingdings 2$/i.test(font)) return WINGDINGS_2.get(key) ?? '▪'
  if (/^wingdings|^webdings|^zapfdingbats/i.test(font)) return '▪'
  return value === 0 || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff) ? '' : String.fromCodePoint(place)
}
