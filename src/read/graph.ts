// The graph of a base at a commit: documents, topics, themes, and what joins them.
import { buildGraph, type GraphDocument, type GraphTheme, type GraphTopic } from '../core/graph/build-graph.ts'
import { neighbourhood } from '../core/graph/neighbourhood.ts'
import { KbError } from '../core/errors.ts'
import { linkTarget, THEMES } from '../core/layout.ts'
import type { GraphOptions } from '../core/options.ts'
import { splitFrontMatter } from '../core/page/page.ts'
import { pageName } from '../core/page/page-kind.ts'
import type { Graph } from '../core/results/explore.ts'
import { commitAt, type BaseReader } from './base-reader.ts'
import { pageNamed } from './find-page.ts'
import { listingAt, type ListedTopicPage } from './listing.ts'
import { recordsIn } from './records.ts'

const NEIGHBOURS_MAX = 24
/** A theme's page is short: more is not one of kbgit's. */
const THEME_BYTES_MAX = 256 * 1024

/** The whole graph, or with `of` the part around one page. Throws `notFound` if no such page is in the graph. */
export async function graph(base: BaseReader, options: GraphOptions = {}): Promise<Graph> {
  const at = await commitAt(base, options)
  const { files, topics } = await listingAt(base, at)
  const themes = themesAt(base, at)
  themes.catch(() => {})
  const documents: GraphDocument[] = []
  for await (const { record } of recordsIn(base.history, at, files)) documents.push(record)
  const whole: Graph = {
    at,
    ...buildGraph({ documents, topics: await titled(base, topics), themes: await themes }),
  }
  if (options.of === undefined) return whole
  const id = linkTarget(await pageNamed(base, at, options.of))
  if (!whole.nodes.some((node) => node.id === id))
    throw new KbError('notFound', `"${options.of}" is not a document, topic or theme.`, {
      hint: 'See "kbgit list" for names.',
    })
  return neighbourhood(whole, id, options.neighbours ?? NEIGHBOURS_MAX)
}

/** An index knows titles; without one they are in the front matter of the pages. */
async function titled({ history }: BaseReader, topics: ListedTopicPage[]): Promise<GraphTopic[]> {
  const found: GraphTopic[] = topics.flatMap(({ path, title }) => (title === undefined ? [] : [{ path, title }]))
  const unread = topics.flatMap(({ path, title, oid }) =>
    title === undefined && oid !== undefined ? [{ path, oid }] : [],
  )
  for await (const { item, body } of history.contents(unread, ({ oid }) => oid))
    found.push({ path: item.path, title: titleOf(body.toString(), item.path) })
  return found
}

async function themesAt({ history }: BaseReader, at: string): Promise<GraphTheme[]> {
  const files: { path: string; oid: string }[] = []
  for await (const { path, oid } of history.list(at, [THEMES])) if (path.endsWith('.md')) files.push({ path, oid })
  const themes: GraphTheme[] = []
  const bound = { bytesMax: THEME_BYTES_MAX, skipLarger: true }
  for await (const { item, body } of history.contents(files, ({ oid }) => oid, bound)) {
    const text = body.toString()
    const members = [...text.matchAll(/^- \[\[((?:summaries|concepts|entities)\/[^\]|#]+)/gm)].map(([, id = '']) => id)
    themes.push({ path: item.path, title: titleOf(text, item.path), members })
  }
  return themes
}

function titleOf(page: string, path: string): string {
  const { title } = splitFrontMatter(page).front
  return typeof title === 'string' && title !== '' ? title : pageName(path)
}
