// What a search shows of a page: where it is, and its best passage.
import { pageName, searchKind } from '../../core/page/page-kind.ts'
import type { SearchHit } from '../../core/results.ts'
import type { Asked } from '../../core/search/asked.ts'
import { snippetOf } from '../../core/search/snippet.ts'
import type { FoundPage, PageLookup } from '../../io/search/lookup.ts'

type Ranked = { page: FoundPage; passage: number | undefined; score: number }

/** `passage`: the id of the one to show. */
export function hitOf(lookup: PageLookup, { page, passage, score }: Ranked, asked: Asked): SearchHit {
  const kind = searchKind(page.kind)
  const name = pageName(page.path)
  const text = shownPassage(lookup, page, passage)
  return {
    page: page.path,
    kind,
    name,
    ...(kind === 'source' || kind === 'summary' || kind === 'node' ? { document: name } : {}),
    heading: text === undefined || text.heading === '' ? undefined : text.heading,
    pageNumber: text?.page,
    score: Math.round(score * 1e4) / 1e4,
    snippet: snippetOf(
      text?.text ?? '',
      asked.terms.map(({ word }) => word),
    ),
  }
}

/** The best passage; if that is only a heading, or the title alone has the words, the first with words of its own. */
function shownPassage(
  lookup: PageLookup,
  page: FoundPage,
  best: number | undefined,
): ReturnType<PageLookup['passage']> {
  const text = best === undefined ? undefined : lookup.passage(best)
  if (text !== undefined && text.text !== '') return text
  for (const id of lookup.passagesOf(page.content)) {
    const other = lookup.passage(id)
    if (other !== undefined && other.text !== '') return other
  }
  return text
}
