// How many tokens a text has for a language model, without a tokenizer: its tables take a second to load. Measured against
// o200k_base on forty languages and on code (test/unit/core/context/tokens.test.ts), it errs towards too many.

const ENGLISH = /^(?:the|of|and|to|in|is|that|for|it|as|with|be|on|this|by|are|or|an|not|from|at|which|can|we|if)$/i
/** Share of the words above from which a text is taken for English, whose words are mostly one token each. */
const ENGLISH_SHARE = 0.08
const ENGLISH_FACTOR = 1.13
/** Words of other languages, and identifiers, are cut into more pieces. */
const OTHER_FACTOR = 1.95

const PIECE =
  /([A-Z]?[a-z]+|[A-Z]+(?![a-z]))|([\p{L}\p{M}]+)|( ?\p{N}{1,3})|(\n\s*)|([^\S\n]{2,})|[^\s\p{L}\p{M}\p{N}]+/gu
const CJK = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}]/u

/** An estimate in tokens of o200k_base: at least the real number for prose and code, about a tenth more for English. */
export function estimateTokens(text: string): number {
  let words = 0
  let english = 0
  let latin = 0
  let rest = 0
  for (const [piece, ascii, letters, digits, lineEnd, blanks] of text.matchAll(PIECE)) {
    if (ascii !== undefined) {
      words++
      if (ENGLISH.test(ascii)) english++
      latin += asciiTokens(ascii)
    } else if (letters !== undefined) {
      words++
      rest += Math.max(1, [...letters].length / charactersPerToken(letters))
    } else if (digits !== undefined) rest += digits.startsWith(' ') ? 2 : 1
    else if (blanks !== undefined) rest += 1
    else if (lineEnd !== undefined) rest += 0.8
    else rest += Math.ceil(piece.length / 2)
  }
  return Math.ceil(rest + latin * (english >= words * ENGLISH_SHARE ? ENGLISH_FACTOR : OTHER_FACTOR))
}

function asciiTokens(word: string): number {
  if (/^[A-Z]{2}/.test(word)) return word.length / 2
  return word.length <= 7 ? 1 : 1.1 + (word.length - 7) / 5
}

function charactersPerToken(word: string): number {
  if (CJK.test(word)) return 0.75
  if (/\p{sc=Latin}/u.test(word)) return 1.8
  if (/\p{sc=Cyrillic}/u.test(word)) return 2.4
  if (/[\p{sc=Greek}\p{sc=Arabic}\p{sc=Hebrew}]/u.test(word)) return 2
  return 1.25
}
