// The passage of a document's text around words that a page cites.
import { parsePages } from '../../core/document/stored-text.ts'
import { QuoteFinder } from '../../core/search/quote-finder.ts'
import type { ViewSource } from '../source.ts'

/** The words as the text has them, and what stands around them. */
export type FoundPassage = { before: string; words: string; after: string }

const AROUND_CHARS = 140
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
  return {
    before: fromWord(plain(text.slice(Math.max(0, span.start - AROUND_CHARS), span.start)), span.start > AROUND_CHARS),
    words: plain(text.slice(span.start, span.end)),
    after: toWord(plain(text.slice(span.end, span.end + AROUND_CHARS)), span.end + AROUND_CHARS < text.length),
  }
}

/** Markdown as one line of words. */
function plain(markdown: string): string {
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
