// `wiki/themes/`: what the base is about, a page for each community of documents. Written with the overviews, when the base
// has grown or shrunk enough since.
import type { DocumentRecord } from '../core/document/document.ts'
import { INDEX_PAGE, THEMES, linkTarget } from '../core/layout.ts'
import { cutPage, joinPage, setFront } from '../core/page/page-text.ts'
import { parsePage, renderFrontMatter, splitFrontMatter, wikilink } from '../core/page/page.ts'
import { frontText, oneLine, plainInline, sanitizeInline, shownText } from '../core/page/sanitize.ts'
import { collisionKey, freeName, titleSlug } from '../core/page/slug.ts'
import type { Community } from './communities.ts'
import type { Draft } from './draft.ts'
import { NO_TARGETS, resolveLinks } from './resolve-links.ts'

const THEMES_MAX = 16
const DOCUMENTS_SHOWN_MAX = 60
/** Fewer documents have no themes. */
const DOCUMENTS_MIN = 8
/** Themes are found again when the number of documents has changed by this share. */
const CHANGED_SHARE = 0.1
/** Two communities with this share of their documents in common are one theme, which keeps its name. */
const SAME_SHARE = 0.4
const LINE_CHARS_MAX = 200

export type Theme = { path: string; title: string; line: string }

/** Whether the themes are to be found again. */
export async function themesDue(documents: number, draft: Draft): Promise<boolean> {
  const index = await draft.read(INDEX_PAGE)
  if (index === undefined || documents < DOCUMENTS_MIN) return false
  const before = Number(splitFrontMatter(index).front['themes_of'] ?? 0)
  return Math.abs(documents - before) >= Math.max(1, before * CHANGED_SHARE)
}

/** Writes a page for each theme, and removes those of themes that are no longer there. */
export async function planThemes(records: DocumentRecord[], draft: Draft): Promise<Theme[]> {
  // Its packages take a tenth of the start of a command that finds no themes.
  const { communitiesOf } = await import('./communities.ts')
  const old = await oldThemes(draft)
  const taken = new Set<string>()
  const themes: Theme[] = []
  for (const community of communitiesOf(records).slice(0, THEMES_MAX)) {
    const summaries = new Set(community.documents.map(({ summary }) => linkTarget(summary)))
    const same = old.find(({ path, targets }) => !taken.has(path) && isSame(summaries, targets))
    const titles = await topicTitles(community.topics, draft)
    // Whoever wrote the documents is not what they are about.
    const named = titles
      .filter(({ person }) => !person)
      .slice(0, 2)
      .map(({ title }) => title)
    const free = (): string => freeName(titleSlug(named.join(' and ')), (key) => taken.has(key))
    const path = same?.path ?? `${THEMES}/${free()}.md`
    const title = same?.title ?? named.join(' and ')
    taken.add(path).add(collisionKey(path.slice(THEMES.length + 1, -3)))
    const theme = { path, title, line: aboutLine(community, titles) }
    await draft.read(path)
    draft.write(path, await themePage(theme, community, titles, draft))
    themes.push(theme)
  }
  for (const { path } of old) if (!taken.has(path)) draft.write(path, undefined)
  await markThemes(records.length, draft)
  return themes
}

type OldTheme = Theme & { targets: Set<string> }

/** The theme pages that the front page links. */
export async function oldThemes(draft: Draft): Promise<OldTheme[]> {
  const index = (await draft.read(INDEX_PAGE)) ?? ''
  const themes: OldTheme[] = []
  for (const [, target = ''] of index.matchAll(/^- \[\[(themes\/[^\]|#]+)\|/gm)) {
    const path = `wiki/${target}.md`
    const text = await draft.read(path)
    if (text === undefined) continue
    const page = parsePage(text)
    const targets = new Set([...text.matchAll(/^- \[\[(summaries\/[^\]|#]+)/gm)].map(([, one]) => one ?? ''))
    const line = page.intro.split('\n').find((one) => one !== '' && !one.startsWith('# ')) ?? ''
    themes.push({ path, title: String(page.front['title'] ?? ''), line, targets })
  }
  return themes
}

function isSame(now: Set<string>, before: Set<string>): boolean {
  const common = [...before].filter((target) => now.has(target)).length
  return common >= SAME_SHARE * Math.max(Math.min(now.size, DOCUMENTS_SHOWN_MAX), before.size)
}

type TopicTitle = { path: string; title: string; line: string; person: boolean }

async function topicTitles(paths: string[], draft: Draft): Promise<TopicTitle[]> {
  const titles: TopicTitle[] = []
  for (const path of paths) {
    const text = await draft.read(path)
    if (text === undefined) continue
    const { front, sections } = parsePage(text)
    const described = typeof front['description'] === 'string' ? sanitizeInline(front['description']) : undefined
    const opening = plainInline(resolveLinks(sections[0]?.body.split(/\n\s*\n/)[0] ?? '', NO_TARGETS))
    titles.push({
      path,
      title: String(front['title'] ?? ''),
      person: front['entity_type'] === 'person',
      line: described ?? sanitizeInline(oneLine(opening.replace(/\s*\([^()]*\)$/, ''), LINE_CHARS_MAX)),
    })
  }
  return titles
}

function aboutLine({ documents }: Community, titles: TopicTitle[]): string {
  const names = titles.slice(0, 5).map(({ title }) => sanitizeInline(title))
  const listed = names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
  return `${documents.length} documents that share ${listed}.`
}

async function themePage(
  { title, line }: Theme,
  { documents }: Community,
  titles: TopicTitle[],
  draft: Draft,
): Promise<string> {
  const front = renderFrontMatter({ type: 'theme', title: frontText(title, 200) })
  const shown = documents.slice(0, DOCUMENTS_SHOWN_MAX)
  const lines: { title: string; text: string }[] = []
  for (const record of shown) {
    const summary = await draft.read(record.summary)
    const described = summary === undefined ? undefined : splitFrontMatter(summary).front['description']
    const about = typeof described === 'string' ? `: ${sanitizeInline(oneLine(described, LINE_CHARS_MAX))}` : ''
    lines.push({
      title: record.title,
      text: `- ${wikilink(linkTarget(record.summary), shownText(record.title))}${about}`,
    })
  }
  const topics = titles.map(
    (topic) =>
      `- ${wikilink(linkTarget(topic.path), shownText(topic.title))}${topic.line === '' ? '' : `: ${topic.line}`}`,
  )
  const [central] = lines
  const listed = lines.toSorted((a, b) => (a.title < b.title ? -1 : 1)).map(({ text }) => text)
  const more = documents.length > shown.length ? `\n\nAnd ${documents.length - shown.length} more.` : ''
  return `${front}# ${sanitizeInline(title)}

${line}

At its centre: ${(central?.text ?? '').slice(2)}

## Central topics

${topics.join('\n')}

## Documents

${listed.join('\n')}${more}
`
}

/** Notes on the front page how many documents the themes were made of. */
async function markThemes(documents: number, draft: Draft): Promise<void> {
  const text = await draft.read(INDEX_PAGE)
  if (text === undefined) return
  const page = cutPage(text)
  draft.write(INDEX_PAGE, joinPage({ ...page, front: setFront(page.front, { themes_of: documents }) }))
}
