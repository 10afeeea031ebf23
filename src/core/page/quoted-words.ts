// Whether a text still contains the words that a page quotes: compared by letters and digits alone, because quoting changes
// Markdown, blanks and punctuation.
import { plainInline } from './sanitize.ts'

/** The letters and digits that a line of Markdown displays, in lower case. */
export function quotedWords(markdown: string): string {
  const shown = markdown
    .replace(/\[\[(?:[^[\]|]*\|)?([^[\]]*)\]\]/g, '$1')
    .replace(/!?\[([^[\]]*)\]\([^()]*\)/g, '$1')
    .replace(/&(?:#\d{1,7}|#x[\da-f]{1,6}|\w{1,30});/gi, '')
  return plainInline(shown)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')
}

/** Whether the words of a quote, which may be cut off with an ellipsis, are among those of a text. */
export function hasWords(words: string, quote: string): boolean {
  return words.includes(quotedWords(quote.replace(/\s*\S*…$/, '')))
}
