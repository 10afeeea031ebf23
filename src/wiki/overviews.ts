// Overviews of topic pages, once per batch: only for pages whose sources have changed enough, in a commit of their own.
import { sanitizeInline, oneLine } from '../core/page/sanitize.ts'
import { LOG_PAGE } from '../core/layout.ts'
import { cutPage, joinPage, setFront } from '../core/page/page-text.ts'
import { parsePage, splitFrontMatter } from '../core/page/page.ts'
import type { Page } from '../core/page/page.ts'
import { Draft } from './draft.ts'
import type { PageEdit, WikiSnapshot } from './draft.ts'
import { addLogEntry } from './log-page.ts'
import { countSentence, dueAgain, overviewDue, overviewMark, replaceOverview } from '../core/page/overview-mark.ts'
import { planFrontPage } from './front-page.ts'
import { planThemes, themesDue } from './themes.ts'

export { overviewDue } from '../core/page/overview-mark.ts'

const OVERVIEW_CHARS_MAX = 1_200
const SENTENCE_CHARS_MAX = 320
/** With fewer documents a page is short enough to be its own overview. */
const DOCUMENTS_MIN = 3

/** Writes the overview of a page: sanitized inline Markdown of one paragraph. Undefined leaves the page due. */
export type ComposeOverview = (page: Page, path: string) => Promise<string | undefined>

/** The page edits that bring the overviews of `topicPaths` up to date; pages that are not due are left unchanged. */
export async function planOverviews(
  topicPaths: string[],
  snapshot: WikiSnapshot,
  options: { date: string; compose?: ComposeOverview | undefined },
): Promise<{ edits: PageEdit[]; pages: number }> {
  const draft = new Draft(snapshot)
  const compose = options.compose ?? ((page: Page) => Promise.resolve(composeOverview(page)))
  for (const path of [...new Set(topicPaths)].sort()) {
    const text = await draft.read(path)
    if (text === undefined || !overviewDue(parsePage(text))) continue
    const paragraph = await compose(parsePage(text), path)
    if (paragraph === undefined) continue
    draft.write(path, setOverview(text, paragraph))
  }
  const { catalog } = snapshot
  // Nothing was ever added: the front page tells how to begin.
  const isEmpty = catalog.documentCount() === 0
  const due = !isEmpty && (await themesDue(catalog.documentCount(), draft))
  const themes = due ? await planThemes(catalog.allDocuments(), draft) : undefined
  if (!isEmpty) await planFrontPage(catalog.figures(), themes, draft)
  const pages = draft.edits().filter((edit) => edit.path.startsWith('wiki/')).length
  if (pages > 0) {
    const name = `${pages} ${pages === 1 ? 'page' : 'pages'}`
    draft.write(LOG_PAGE, addLogEntry(await draft.read(LOG_PAGE), { date: options.date, operation: 'overview', name }))
  }
  return { edits: draft.edits(), pages }
}

/**
 * Without a model, immediately: the overviews that became due because a document is removed, which no page may quote
 * any longer. `stayDue`: a model is to rewrite them.
 */
export async function rewriteOverviews(topicPaths: string[], draft: Draft, { stayDue = false } = {}): Promise<void> {
  for (const path of topicPaths) {
    const text = await draft.read(path)
    if (text === undefined || !overviewDue(parsePage(text))) continue
    const written = setOverview(text, composeOverview(parsePage(text)))
    const page = cutPage(written)
    const mark = stayDue ? dueAgain(splitFrontMatter(page.front).front) : undefined
    draft.write(
      path,
      mark === undefined ? written : joinPage({ ...page, front: setFront(page.front, { overview: mark }) }),
    )
  }
}

/** Replaces kbgit's overview and marks what it was written from; an overview that a person edited stays. */
function setOverview(text: string, paragraph: string): string {
  const page = cutPage(text)
  const { front } = splitFrontMatter(text)
  const sources = Array.isArray(front['sources']) ? front['sources'].map(String) : []
  const own = paragraph
    .split(/\s*\n\s*/)
    .join(' ')
    .trim()
    .slice(0, OVERVIEW_CHARS_MAX * 2)
  // Without an overview the one that kbgit wrote before goes; there is nothing to replace if it wrote none.
  const wrote = /-[0-9a-f]{8}-[0-9a-f]{8}$/.test(String(front['overview'] ?? ''))
  const replaced = own === '' && !wrote ? undefined : replaceOverview(page.intro, front, own)
  const intro = own === '' ? replaced?.replace(/\n{3,}/g, '\n\n') : replaced
  const mark = overviewMark(sources, intro === undefined ? '' : own)
  return joinPage({ ...page, intro: intro ?? page.intro, front: setFront(page.front, { overview: mark }) })
}

/**
 * Without a model: what the topic is, if a document says so, and which documents say most. What they say is in their
 * sections, and is not repeated.
 */
export function composeOverview(page: Page): string {
  const description = oneLine(String(page.front['description'] ?? ''), SENTENCE_CHARS_MAX)
  const definition = description === '' ? '' : asSentence(sanitizeInline(description))
  const sections = page.sections.filter(({ heading }) => heading.startsWith('[[summaries/'))
  if (sections.length < DOCUMENTS_MIN) return definition
  const documents = countSentence(sections.length)
  return definition === '' ? documents : `${definition} ${documents}`
}

function asSentence(text: string): string {
  return /[.!?…]["”’)]?$/.test(text) ? text : `${text}.`
}
