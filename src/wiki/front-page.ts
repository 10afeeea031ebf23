// What `wiki/index.md` says of the base: how much there is, its themes, the topics that join most documents, the newest
// documents. Written with the overviews but for the last; what a person writes on the page stays.
import type { BaseFigures } from '../core/document/catalog.ts'
import { INDEX_PAGE, linkTarget } from '../core/layout.ts'
import { cutPage, joinPage, sectionText, type CutPage, type CutSection } from '../core/page/page-text.ts'
import { wikilink } from '../core/page/page.ts'
import { oneLine, sanitizeInline, shownText } from '../core/page/sanitize.ts'
import type { Draft } from './draft.ts'
import { oldThemes, type Theme } from './themes.ts'

const LINE_CHARS_MAX = 160
/** Written with the overviews. */
const OWN = ['Themes', 'Topics'] as const
/** Written with each document. */
const NEWEST = 'Newest documents'
const NEWEST_MAX = 10

/** Brings the front page up to date. `found`: the themes, if they were found again. */
export async function planFrontPage(figures: BaseFigures, found: Theme[] | undefined, draft: Draft): Promise<void> {
  const text = await draft.read(INDEX_PAGE)
  if (text === undefined) return
  const themes = (found ?? (await oldThemes(draft))).map(
    ({ path, title, line }) => `- ${wikilink(linkTarget(path), shownText(title))}: ${line}`,
  )
  const topics = figures.topics.map(
    ({ path, title, sources }) => `- ${wikilink(linkTarget(path), shownText(title))}: ${counted(sources, 'document')}`,
  )
  draft.write(INDEX_PAGE, frontPage(text, figures, { Themes: themes, Topics: topics }))
}

/**
 * Puts a new document first among the newest ones, in its own commit, so that reverting that takes the line back. An
 * updated one keeps its place.
 */
export async function listNewest(
  { path, title, description }: { path: string; title: string; description: string },
  draft: Draft,
  { isNew }: { isNew: boolean },
): Promise<void> {
  const text = await draft.read(INDEX_PAGE)
  if (text === undefined) return
  const page = cutPage(text)
  const about = description === '' ? '' : `: ${sanitizeInline(oneLine(description, LINE_CHARS_MAX))}`
  const line = `- ${wikilink(linkTarget(path), shownText(title))}${about}`
  const old = linesOf(page, NEWEST)
  const same = old.findIndex((one) => one.startsWith(`- [[${linkTarget(path)}|`))
  if (!isNew && same === -1) return
  const lines = same === -1 ? [line, ...old] : old.with(same, line)
  const section = sectionText(NEWEST, lines.slice(0, NEWEST_MAX).join('\n'))
  const index = page.sections.findIndex(({ heading }) => heading === NEWEST)
  const sections =
    index === -1
      ? [...page.sections.filter(isOverview), section, ...page.sections.filter((one) => !isOverview(one))]
      : page.sections.with(index, section)
  draft.write(INDEX_PAGE, joinPage({ ...page, sections }))
}

function isOverview({ heading }: CutSection): boolean {
  return OWN.some((own) => own === heading)
}

function linesOf(page: CutPage, heading: string): string[] {
  const section = page.sections.find((one) => one.heading === heading)
  return section?.text.split('\n').filter((line) => line.startsWith('- ')) ?? []
}

function frontPage(text: string, figures: BaseFigures, lists: Record<(typeof OWN)[number], string[]>): string {
  const page = withoutLists(cutPage(text))
  const sections = OWN.flatMap((heading) =>
    lists[heading].length === 0 ? [] : [sectionText(heading, lists[heading].join('\n'))],
  )
  return joinPage({ ...page, intro: introOf(page.intro, figures), sections: [...sections, ...page.sections] })
}

function withoutLists(page: CutPage): CutPage {
  const isKept = (section: CutSection): boolean =>
    !isOverview(section) && (section.heading !== NEWEST || linesOf(page, NEWEST).length > 0)
  return { ...page, sections: page.sections.filter(isKept) }
}

const FIGURES = /^(?:\d+ documents? \(.*|No documents yet)\.$/m

const LANGUAGE_NAMES = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'code' })

/** `14 in English, 2 in German`: whatever country they are from. */
function spokenIn(languages: BaseFigures['languages']): string {
  const counts = new Map<string, number>()
  for (const { value, entries } of languages) {
    const name = languageName(value)
    counts.set(name, (counts.get(name) ?? 0) + entries)
  }
  const most = [...counts].sort(([, a], [, b]) => b - a)
  return most.map(([name, documents]) => `${documents} in ${name}`).join(', ')
}

/** Documents say what they like about their language. */
function languageName(tag: string): string {
  try {
    return LANGUAGE_NAMES.of(new Intl.Locale(tag).language) ?? tag
  } catch {
    return tag
  }
}

function introOf(
  intro: string,
  { documents, concepts, entities, formats, languages, first, last }: BaseFigures,
): string {
  const kinds = formats.map(({ value, entries }) => `${entries} ${value}`).join(', ')
  const spoken = languages.length === 0 ? '' : `; ${spokenIn(languages)}`
  const span =
    first === undefined || last === undefined
      ? ''
      : first === last
        ? `, added on ${first}`
        : `, added from ${first} to ${last}`
  const line =
    documents === 0
      ? 'No documents yet.'
      : `${counted(documents, 'document')} (${kinds}${spoken}), ${counted(concepts, 'concept')} and ${counted(entities, 'entity')}${span}.`
  if (FIGURES.test(intro)) return intro.replace(FIGURES, () => line)
  const title = /^# .*$/m.exec(intro)
  const i = title === null ? 0 : title.index + title[0].length
  const rest = intro.slice(i).trim()
  return `${intro.slice(0, i)}\n\n${line}\n\n${rest === '' ? '' : `${rest}\n\n`}`
}

function counted(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : noun === 'entity' ? 'entities' : `${noun}s`}`
}

/** The lists of the front page and of the themes without the lines that link to `targets`: pages that go. */
export async function dropFromFront(targets: ReadonlySet<string>, draft: Draft): Promise<void> {
  if (targets.size === 0) return
  for (const path of [INDEX_PAGE, ...(await oldThemes(draft)).map((theme) => theme.path)]) {
    const text = await draft.read(path)
    if (text === undefined) continue
    const lines = text.split('\n')
    const left = lines.filter((line) => !targets.has(/^(?:- |At its centre: )\[\[([^\]|#]+)/.exec(line)?.[1] ?? ''))
    if (left.length < lines.length) draft.write(path, left.join('\n'))
  }
}
