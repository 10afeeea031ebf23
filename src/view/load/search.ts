// Search as the viewer shows it: hits with titles and places, filtered.
import { plainInline } from '../../core/page/sanitize.ts'
import { pageName, type PageKind } from '../../core/page/page-kind.ts'
import { parsePage } from '../../core/page/page.ts'
import type { SearchHit } from '../../core/results.ts'
import { withFormulas, withoutCutFormulas, withWords } from '../markdown/formula.ts'
import { passageFragment } from '../markdown/fragment.ts'
import type { Place } from '../places.ts'
import type { Contents, ViewSource } from '../source.ts'
import { placeOfPath } from '../wiki-places.ts'
import { entriesOf, frontText } from './entries.ts'

export type SearchAsked = {
  words: string
  limit: number
  /** What the hit must be: a document (its text or summary), a concept, an entity. */
  kind?: HitKind | undefined
  format?: string | undefined
  /** Of the document's text, BCP 47. */
  language?: string | undefined
  /** The name of a theme that lists the document or the topic. */
  theme?: string | undefined
  /** Documents that were added on this day or later: `2026-11-30`. */
  since?: string | undefined
}

export type HitKind = 'document' | 'concept' | 'entity' | 'other'
export type FoundHit = {
  title: string
  kind: HitKind
  /** The page or the heading of the passage. */
  where: string
  passage: string
  place: Place
}
export type SearchFound = { words: string; hits: FoundHit[] }

const KINDS: Record<HitKind, PageKind[]> = {
  document: ['source', 'summary', 'node'],
  concept: ['concept'],
  entity: ['entity'],
  other: ['exploration', 'report'],
}
/** Hits that are looked at for each one that a filter may leave. */
const LOOKED_AT_PER_HIT = 5

export async function loadSearch(source: ViewSource, commit: string, asked: SearchAsked): Promise<SearchFound> {
  const words = asked.words.trim()
  if (words === '') return { words, hits: [] }
  const contents = await source.contents(commit)
  const kinds = asked.kind === undefined ? undefined : KINDS[asked.kind]
  const accepts = await filterOf(source, commit, contents, asked)
  const filtered = accepts !== undefined
  const limit = asked.limit * (filtered ? LOOKED_AT_PER_HIT : 2)
  const { hits } = await source.kb.search(words, { at: commit, limit, ...(kinds === undefined ? {} : { kinds }) })
  // A document's text and summary are one hit: the better one.
  const seen = new Set<string>()
  const found: FoundHit[] = []
  for (const hit of hits) {
    const shown = foundHit(hit, contents)
    const key = `${shown?.kind ?? ''} ${hit.name}`
    if (shown === undefined || seen.has(key) || found.length === asked.limit) continue
    if (accepts !== undefined && !(await accepts(hit))) continue
    seen.add(key)
    found.push(shown.kind === 'document' ? shown : { ...shown, title: await titleOfPage(source, commit, hit.page) })
  }
  return { words, hits: found }
}

/** As its page has it: a file's name lacks what a title may have. */
export async function titleOfPage(source: ViewSource, commit: string, page: string): Promise<string> {
  return frontText(parsePage((await source.text(commit, page)) ?? ''), 'title') ?? pageName(page)
}

/** Whether a hit passes the filters that are not of the search itself; undefined if there are none. */
async function filterOf(
  source: ViewSource,
  commit: string,
  contents: Contents,
  { format, language, theme, since }: SearchAsked,
): Promise<((hit: SearchHit) => Promise<boolean>) | undefined> {
  if (format === undefined && language === undefined && theme === undefined && since === undefined) return undefined
  const themed = theme === undefined ? undefined : await namesInTheme(source, commit, theme)
  const ofDocument = format !== undefined || language !== undefined || since !== undefined
  return async ({ name, document: of }) => {
    if (themed !== undefined && !themed.has(name)) return false
    if (!ofDocument) return true
    const document = contents.documentNamed.get(of ?? '')
    if (document === undefined || (format !== undefined && document.format !== format)) return false
    if (since !== undefined && document.addedAt.slice(0, 10) < since) return false
    return language === undefined || (await languageOf(source, commit, document.summary)) === language
  }
}

async function namesInTheme(source: ViewSource, commit: string, theme: string): Promise<Set<string>> {
  const text = (await source.text(commit, `wiki/themes/${theme}.md`)) ?? ''
  return new Set(parsePage(text).sections.flatMap((section) => entriesOf(section).map(({ path }) => pageName(path))))
}

async function languageOf(source: ViewSource, commit: string, summary: string): Promise<string | undefined> {
  return frontText(parsePage((await source.text(commit, summary)) ?? ''), 'language')
}

function foundHit(hit: SearchHit, contents: Contents): FoundHit | undefined {
  const place = placeOfPath(hit.page)
  if (place === undefined) return undefined
  const where = hit.pageNumber === undefined ? (hit.heading ?? '').replace(/`|\*\*/g, '') : `p. ${hit.pageNumber}`
  const text = hit.page.startsWith('wiki/sources/') ? hit.snippet : withFormulas(hit.snippet)
  const passage = withWords(withoutCutFormulas(text), (words) =>
    plainInline(
      withoutTable(words)
        .replace(/(?:^|(?<= ))(?:>|#{1,6}|\*{2}|[-*]) /g, '')
        .replaceAll('**', ''),
    ),
  )
  if (place.kind === 'document') {
    const title = contents.documentNamed.get(place.name)?.title ?? place.name
    const fragment = passageFragment(passage.replaceAll('…', ' ').split(/(?<=[.!?])\s/)[0] ?? '')
    const at = hit.pageNumber === undefined ? '' : `p${hit.pageNumber}`
    const anchored: Place = place.tab === 'text' ? { ...place, page: hit.pageNumber, anchor: at + fragment } : place
    return { title, kind: 'document', where, passage, place: anchored }
  }
  const kind = place.kind === 'concept' || place.kind === 'entity' ? place.kind : 'other'
  return { title: hit.name, kind, where: kind === 'other' ? '' : where, passage, place }
}

/** The cells of a table's rows, apart from each other as words. */
function withoutTable(words: string): string {
  const bars = words.match(/\s\|(?=\s|$)/g)?.length ?? 0
  return bars < 3 ? words : words.replace(/(?:\s|^)(?:\|[\s-]*)+(?=\s|\S|$)/g, ' · ').replace(/^ · /, '')
}

/** What the filters offer. Languages are those of the newest documents: to know all would be to read every page. */
export async function loadSearchChoices(source: ViewSource, commit: string): Promise<SearchChoices> {
  const { documents, pages } = await source.contents(commit)
  const newest = documents.toSorted((a, b) => (a.addedAt < b.addedAt ? 1 : -1)).slice(0, SAMPLED_MAX)
  const languages = await Promise.all(newest.map(({ summary }) => languageOf(source, commit, summary)))
  const themes = pages.filter((path) => path.startsWith('wiki/themes/')).map((path) => pageName(path))
  return {
    formats: [...new Set(documents.map(({ format }) => format))].sort(),
    languages: [...new Set(languages.filter((language) => language !== undefined))].sort(),
    themes: themes.map((name) => ({ name, title: name.replaceAll('-', ' ') })),
  }
}

const SAMPLED_MAX = 60

export type SearchChoices = { formats: string[]; languages: string[]; themes: { name: string; title: string }[] }
