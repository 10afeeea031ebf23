// The passage of a document's text around words that a page cites.
import { parsePages } from '../../core/document/stored-text.ts'
import { QuoteFinder } from '../../core/search/quote-finder.ts'
import { outsideFormula, withWords } from '../markdown/formula.ts'
import type { ViewSource } from '../source.ts'

/** The words as the text has them, and what stands around them. */
export type FoundPassage = { before: string; words: string; after: string }

const AROUND_CHARS = 140
/** Where formulas are looked for: longer than one, and than what is shown. */
const NEARBY_CHARS = 1_200
/** A longer text is not searched: it would hold up the reader. */
const SEARCHED_CHARS_MAX = 2 * 1024 ** 2

/** Undefined if the document, or that page of it, does not have the words. */
export async function loadPassage(
  source: ViewSource,
  commit: string,
  { document, page, words }: { document: string; page?: number | undefined; words: string },
): Promise<FoundPassage | undefined> {
  const listed = (await source.contents(commit)).documentNamed.get(document)
  if (listed === undefined) return undefined
  const stored = (await source.text(commit, listed.source)) ?? ''
  const pages = listed.source.endsWith('.json') ? parsePages(stored) : undefined
  const text = pages === undefined ? stored : (pages.find((one) => one.page === page)?.content ?? '')
  if (text.length > SEARCHED_CHARS_MAX) return undefined
  const span = new QuoteFinder(text).find(words)
  if (span === undefined) return undefined
  // A formula is whole, or not in it.
  const nearby = Math.max(0, span.start - NEARBY_CHARS)
  const near = text.slice(nearby, span.end + NEARBY_CHARS)
  const [start, end] = [span.start - nearby, span.end - nearby]
  const from = outsideFormula(near, Math.max(0, start - AROUND_CHARS), 'after')
  const [first, last] = [outsideFormula(near, start, 'before'), outsideFormula(near, end, 'after')]
  const to = outsideFormula(near, end + AROUND_CHARS, 'before')
  return {
    before: fromWord(plain(near.slice(from, first)), span.start > AROUND_CHARS),
    words: plain(near.slice(first, last)),
    after: toWord(plain(near.slice(last, to)), span.end + AROUND_CHARS < text.length),
  }
}

/** Markdown as one line of words, with its formulas. */
export function plain(markdown: string): string {
  return withWords(markdown, withoutMarks)
}

function withoutMarks(markdown: string): string {
  return markdown
    .replace(/!?\[\[(?:[^\]|]*\|)?([^\]]*)\]\]/g, '$1')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/^\s*(?:#{1,6}|>|[-*+])\s+/gm, '')
    .replace(/\*\*|__|`|\\(?=[!-/:-@[-`{-~])/g, '')
    .replace(/\s+/g, ' ')
}

function fromWord(text: string, cut: boolean): string {
  return cut ? `…${text.replace(/^\S*/, '')}` : text.trimStart()
}

function toWord(text: string, cut: boolean): string {
  return cut ? `${text.replace(/\S*$/, '').trimEnd()} …` : text.trimEnd()
}
