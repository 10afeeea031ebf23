// The index that the site's search uses: made here once, read by the browser.
import MiniSearch from 'minisearch'
import type { ViewContext } from '../context.ts'
import { withoutTitle } from '../load/entries.ts'
import { hasMarks, outsideFormula, renderText, withFormulas, withWords } from '../markdown/formula.ts'
import type { ViewSource } from '../source.ts'
import { SITE_SEARCH, type SiteEntry } from './site-search-options.ts'
import { piecesOf, shareOf } from './site-texts.ts'

/** Characters of a page that are searched, and that are shown. */
const SEARCHED_CHARS = 2_000
const SHOWN_CHARS = 150

/** Addresses are relative to the site's first page. What cannot be read is not in it. */
export async function searchIndex(source: ViewSource, commit: string, { link }: ViewContext): Promise<object> {
  const contents = await source.contents(commit)
  const index = new MiniSearch(SITE_SEARCH)
  let id = 0
  const add = (entry: SiteEntry): void => void index.add({ id: id++, ...entry })
  const addPage = async (path: string, entry: Pick<SiteEntry, 'kind' | 'where' | 'address' | 'of'>, title?: string) => {
    const page = await source.page(commit, path).catch(() => undefined)
    const name = title ?? String(page?.front['title'] ?? '')
    const sections = page === undefined ? [] : [withoutTitle(page.intro), ...page.sections.map(({ body }) => body)]
    const text = plainText(sections.join('\n')).slice(0, SEARCHED_CHARS)
    const passage = text.slice(0, outsideFormula(text, SHOWN_CHARS, 'before'))
    const shown = hasMarks(passage) ? { shown: String(renderText(passage)) } : {}
    add({ name, title: name, text, passage, ...shown, ...entry })
  }
  const share = shareOf(contents.documents.length)
  for (const document of contents.documents) {
    const { name, title, summary, format } = document
    const of = `document ${name}`
    await addPage(summary, { kind: 'document', where: format, address: link({ kind: 'document', name }), of }, title)
    for (const { place, where, text } of await piecesOf(source, commit, document, share))
      add({ name: '', title, text, kind: 'document', where, address: link(place), whole: text, of })
  }
  for (const kind of ['concept', 'entity'] as const)
    for (const { name, path, sources } of contents[kind === 'concept' ? 'concepts' : 'entities']) {
      const where = sources === 1 ? '1 document' : `${sources} documents`
      await addPage(path, { kind, where, address: link({ kind, name }), of: path })
    }
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
