// Pages of the wiki without a form of their own: themes, explorations, reports, and what a person wrote.
import { KbError } from '../../core/errors.ts'
import type { Page } from '../../core/page/page.ts'
import { FOLDERS, type NamedKind } from '../places.ts'
import type { ViewSource } from '../source.ts'
import { frontText } from './entries.ts'

export type WikiPageData = { path: string; kind: NamedKind | 'page'; title: string; page: Page }
export type ThemeListing = { name: string; title: string; says: string }[]

/** Throws `KbError` (`notFound`). */
export async function loadNamedPage(
  source: ViewSource,
  commit: string,
  kind: NamedKind,
  name: string,
): Promise<WikiPageData> {
  if (name.includes('/')) throw new KbError('notFound', `There is no ${kind} "${name}" at this moment.`)
  return loadWikiPage(source, commit, `wiki/${FOLDERS[kind]}/${name}.md`, kind)
}

/** A page below `wiki/`. Throws `KbError` (`notFound`). */
export async function loadWikiPage(
  source: ViewSource,
  commit: string,
  path: string,
  kind: NamedKind | 'page' = 'page',
): Promise<WikiPageData> {
  if (!path.startsWith('wiki/') || !path.endsWith('.md'))
    throw new KbError('notFound', `${path} is not a page of the wiki.`)
  const page = await source.page(commit, path)
  const heading = /^\s*# (.+)$/m.exec(page.intro)?.[1]
  const title = frontText(page, 'title') ?? heading ?? path.slice(path.lastIndexOf('/') + 1, -'.md'.length)
  return { path, kind, title, page }
}

/** Pages of a folder, by title. */
export async function loadNamedPages(
  source: ViewSource,
  commit: string,
  kind: 'theme' | 'exploration',
): Promise<ThemeListing> {
  const { pages } = await source.contents(commit)
  const folder = `wiki/${FOLDERS[kind]}/`
  const found = await Promise.all(
    pages
      .filter((path) => path.startsWith(folder))
      .map(async (path) => {
        const { title, page } = await loadWikiPage(source, commit, path, kind)
        const says = page.intro.replace(/^\s*# [^\n]*\n*/, '').split('\n\n')[0] ?? ''
        return { name: path.slice(folder.length, -'.md'.length), title, says }
      }),
  )
  return found.sort((a, b) => (a.title < b.title ? -1 : 1))
}
