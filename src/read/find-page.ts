// Which page a person means: a path, a wikilink's target, a page's name, title or alias, or a document.
import { KbError } from '../core/errors.ts'
import { collisionKey } from '../core/page/slug.ts'
import { linkTarget, SOURCES } from '../core/layout.ts'
import type { BaseReader } from './base-reader.ts'
import { lookForDocument, severalFit } from './find-document.ts'
import { topicsTitled } from './topics-titled.ts'

/** Like `findPage`, but throws `KbError` (`notFound`) if no page or document fits. */
export async function pageNamed(base: BaseReader, commit: string, query: string): Promise<string> {
  const page = await findPage(base, commit, query)
  if (page !== undefined) return page
  throw new KbError('notFound', `There is no page or document "${query}".`, { hint: 'See "kbgit list" for names.' })
}

/**
 * The page's path, relative to the base; undefined if no page or document fits, or without `parts` if only a part of a name
 * does. Throws `KbError` (`notFound`), naming the candidates, if several do.
 */
export async function findPage(
  base: BaseReader,
  commit: string,
  query: string,
  { parts = true } = {},
): Promise<string | undefined> {
  const page = await pageByPath(base, commit, query)
  if (page !== undefined) return page
  const pages = (await base.history.paths(commit, 'wiki', [SOURCES])).filter((path) => path.endsWith('.md')).sort()
  const key = collisionKey(query.replace(/\.md$/, ''))
  const named = pages.filter((path) => collisionKey(stem(path)) === key)
  if (named.length > 0) return only(query, named)
  const document = await lookForDocument(base, commit, query, { parts: false })
  if (document !== undefined) return document.record.summary
  const titled = await topicsTitled(base, commit, query)
  if (titled.length > 0) return only(query, titled)
  if (!parts) return undefined
  const partly = await lookForDocument(base, commit, query)
  if (partly !== undefined) return partly.record.summary
  const fitting = key === '' ? [] : pages.filter((path) => collisionKey(linkTarget(path)).includes(key))
  return fitting.length > 0 ? only(query, fitting) : undefined
}

/** The file that a path from the base or from `wiki/` names, with or without `.md`. */
export async function pageByPath({ history }: BaseReader, commit: string, query: string): Promise<string | undefined> {
  const path = query.replace(/^\[\[([^\]|#]*).*\]\]$/s, '$1').replace(/^(?:\.?\/)+/, '')
  if (path === '' || path.split('/').includes('..')) return undefined
  const candidates = [path, `${path}.md`, `wiki/${path}`, `wiki/${path}.md`]
  const oids = await Promise.all(candidates.map((candidate) => history.fileAt(commit, candidate)))
  return candidates.find((_, index) => oids[index] !== undefined) ?? pageInVolume(history, commit, path)
}

/** `concepts/x`, with or without `wiki/` and `.md`, in any shard of the folder. */
async function pageInVolume(history: BaseReader['history'], commit: string, path: string): Promise<string | undefined> {
  const match = /^(?:wiki\/)?(summaries|concepts|entities|sources)\/([^/]+?)(?:\.md)?$/.exec(path)
  if (match === null) return undefined
  const [, folder = '', name = ''] = match
  const wanted = new RegExp(`^wiki/${folder}/v\\d+/`)
  const paths = await history.paths(commit, `wiki/${folder}`)
  return paths.filter((page) => wanted.test(page) && page.endsWith(`/${name}.md`)).sort()[0]
}

function only(query: string, paths: string[]): string {
  const [first, ...others] = paths
  if (first !== undefined && others.length === 0) return first
  throw severalFit(query, paths.map(linkTarget))
}

function stem(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1, -'.md'.length)
}
