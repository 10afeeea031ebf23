// Numbers as lists print them.

/** `format`: the name in Word (ST_NumberFormat) or DrawingML; unknown ones are decimal. */
export function formatNumber(number: number, format: string): string {
  switch (format) {
    case 'lowerLetter':
    case 'alphaLc':
      return letters(number)
    case 'upperLetter':
    case 'alphaUc':
      return letters(number).toUpperCase()
    case 'lowerRoman':
    case 'romanLc':
      return roman(number)
    case 'upperRoman':
    case 'romanUc':
      return roman(number).toUpperCase()
    case 'decimalZero':
      return String(number).padStart(2, '0')
    case 'ordinal':
      return `${number}${ending(number)}`
    case 'none':
      return ''
    case 'chineseCounting':
    case 'ideographDigital':
    case 'taiwaneseCounting':
    case 'japaneseCounting':
      return number <= 10 ? ([...'〇一二三四五六七八九十'][number] ?? String(number)) : String(number)
    default:
      return String(number)
  }
}

/** a to z, then aa to zz. */
function letters(number: number): string {
  if (number < 1) return String(number)
  return String.fromCharCode(97 + ((number - 1) % 26)).repeat(Math.min(50, Math.ceil(number / 26)))
}

const ROMAN: [number, string][] = [
  [1000, 'm'],
  [900, 'cm'],
  [500, 'd'],
  [400, 'cd'],
  [100, 'c'],
  [90, 'xc'],
  [50, 'l'],
  [40, 'xl'],
  [10, 'x'],
  [9, 'ix'],
  [5, 'v'],
  [4, 'iv'],
  [1, 'i'],
]

function roman(number: number): string {
  if (number < 1 || number > 10_000) return String(number)
  let rest = number
  let text = ''
  for (const [value, sign] of ROMAN) for (; rest >= value; rest -= value) text += sign
  return text
}

function ending(number: number): string {
  const tens = number % 100
  if (tens >= 11 && tens <= 13) return 'th'
  return ['th', 'st', 'nd', 'rd'][number % 10] ?? 'th'
}
