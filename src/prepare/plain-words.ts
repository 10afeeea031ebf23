// The words of a text as the coverage check counts them: runs of letters, digits and marks; scripts written without
// spaces by character. Markdown needs no parsing for that: its marks are not words.

/** `word` is folded: lower case, compatibility forms normalised (`ﬁ`, `³`, full width). */
type Visit = (word: string, start: number, end: number) => void

// Soft hyphens and zero-width characters belong to the word around them and do not count.
const WORD =
  /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]|[[\p{L}\p{N}\p{M}\u00ad\u200b-\u200d\u2060\ufeff]--[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]]+/gv
const NOT_ASCII = /[^\0-\x7f]/
const INVISIBLE = /[\u00ad\u200b-\u200d\u2060\ufeff]/g

/** Visits the words in order. */
export function visitWords(text: string, visit: Visit): void {
  if (!NOT_ASCII.test(text)) return visitAscii(text, visit)
  for (const match of text.matchAll(WORD)) {
    const [word] = match
    const folded = NOT_ASCII.test(word)
      ? word.replace(INVISIBLE, '').normalize('NFKC').toLowerCase()
      : word.toLowerCase()
    if (folded !== '') visit(folded, match.index, match.index + word.length)
  }
}

/** Equivalent for most texts, several times as fast. */
function visitAscii(text: string, visit: Visit): void {
  const lower = text.toLowerCase()
  let start = -1
  for (let offset = 0; offset <= lower.length; offset++) {
    const c = lower.charCodeAt(offset)
    const inWord = (c >= 0x61 && c <= 0x7a) || (c >= 0x30 && c <= 0x39)
    if (inWord && start < 0) start = offset
    else if (!inWord && start >= 0) {
      visit(lower.slice(start, offset), start, offset)
      start = -1
    }
  }
}
