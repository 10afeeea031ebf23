// The index that the site's search uses: made here once, read by the browser.
import MiniSearch from 'minisearch'
import type { ViewContext } from '../context.ts'
import { withoutTitle } from '../load/entries.ts'
import { hasMarks, outsideFormula, renderText, withFormulas, withWords } from '../markdown/formula.ts'
import type { ViewSource } from '../source.ts'
import { SITE_SEARCH } from './site-search-options.ts'

/** Characters of a page that are searched, and that are shown. */
const SEARCHED_CHARS = 2_000
const SHOWN_CHARS = 150

/** Addresses are relative to the site's first page. */
export async function searchIndex(source: ViewSource, commit: string, { link }: ViewContext): Promise<object> {
  const contents = await source.contents(commit)
  const index = new MiniSearch(SITE_SEARCH)
  let id = 0
  const add = async (path: string, kind: string, title: string | undefined, where: string, address: string) => {
    const page = await source.page(commit, path).catch(() => undefined)
    const text =
      page === undefined
        ? ''
        : plainText([withoutTitle(page.intro), ...page.sections.map(({ body }) => body)].join('\n'))
    const shownTitle = title ?? String(page?.front['title'] ?? '')
    const body = text.slice(0, SEARCHED_CHARS)
    const passage = body.slice(0, outsideFormula(body, SHOWN_CHARS, 'before'))
    const shown = hasMarks(passage) ? { shown: String(renderText(passage)) } : {}
    index.add({ id: id++, title: shownTitle, text: body, kind, where, address, passage, ...shown })
  }
  for (const { name, title, summary, format } of contents.documents)
    await add(summary, 'document', title, format, link({ kind: 'document', name }))
  for (const kind of ['concept', 'entity'] as const)
    for (const { name, path, sources } of contents[kind === 'concept' ? 'concepts' : 'entities'])
      await add(path, kind, undefined, sources === 1 ? '1 document' : `${sources} documents`, link({ kind, name }))
  return index.toJSON()
}

/** Markdown as words and formulas: links are their texts, marks are gone. */
function plainText(markdown: string): string {
  return withWords(withFormulas(markdown), withoutMarks).trim()
}

function withoutMarks(markdown: string): string {
  return markdown
    .replace(/\(\[\[[^\]]*\]\]\)/g, '')
    .replace(/\[\[(?:[^\]|]*\|)?([^\]]*)\]\]/g, '$1')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/^\s*(?:[-*>#]+|\d+\.)\s+/gm, '')
    .replace(/[*_`]{1,3}/g, '')
    .replace(/\s+/g, ' ')
}
