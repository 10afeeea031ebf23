// Fixes one page from the registry: its front matter and its sections.
import { entryAt } from '../../core/document/base-entry.ts'
import type { DocumentRecord } from '../../core/document/document.ts'
import { cutPage, dropSection, joinPage, setFront, type CutPage } from '../../core/page/page-text.ts'
import { frontText } from '../../core/page/sanitize.ts'
import { headingTarget, renderFrontMatter, splitFrontMatter, type FrontMatter } from '../../core/page/page.ts'
import { sourcesOf } from '../topic-page.ts'

/** The subject of a section, or of a summary. */
export type SectionOwner = Pick<DocumentRecord, 'name' | 'sha256' | 'format' | 'pages' | 'summary'>

/** The page with readable front matter; on a summary it agrees with the registry. */
export function withFront(text: string, path: string, owner: SectionOwner | undefined): string {
  const page = cutPage(text)
  const entry = entryAt(path)
  const unread = page.front !== '' && splitFrontMatter(text).body === text
  const facts =
    owner === undefined ? {} : { document: owner.name, sha256: owner.sha256, format: owner.format, pages: owner.pages }
  const title = /^# (.+)$/m.exec(page.intro)?.[1]
  if (unread || (page.front === '' && entry?.kind === 'topic' && sourcesOf(page.sections).length > 0)) {
    const front: FrontMatter | undefined =
      owner !== undefined
        ? { type: 'summary', title: frontText(title ?? owner.name, 200), ...facts }
        : entry?.kind === 'topic'
          ? {
              type: entry.topic,
              title: frontText(plainTitle(title, entry), 200),
              ...(entry.part === 1 ? { aliases: [] } : { part: entry.part }),
              sources: sourcesOf(page.sections),
            }
          : undefined
    if (front === undefined) return text
    const intro = page.front === '' && !page.intro.startsWith('\n') ? `\n${page.intro}` : page.intro
    return joinPage({ ...page, intro, front: `${renderFrontMatter(front).trimEnd()}\n` })
  }
  if (owner === undefined || page.front === '') return text
  const { front } = splitFrontMatter(text)
  const wrong = Object.entries(facts).filter(([key, value]) => front[key] !== value)
  return wrong.length === 0 ? text : joinPage({ ...page, front: setFront(page.front, Object.fromEntries(wrong)) })
}

function plainTitle(title: string | undefined, { name, part }: { name: string; part: number }): string {
  if (title === undefined) return name.replaceAll('-', ' ')
  return part === 1 ? title : title.replace(/, page \d+$/, '')
}

/** Removes sections of removed documents, merges two sections of one document, and updates `sources`. */
export function fixSections(text: string, owners: { has: (summary: string) => boolean }): string {
  let page = cutPage(text)
  const { front } = splitFrontMatter(text)
  if (front['type'] !== 'concept' && front['type'] !== 'entity') return text
  for (let index = 0; index < page.sections.length;) {
    const target = documentTarget(page, index)
    const first = page.sections.findIndex((_, other) => documentTarget(page, other) === target)
    if (target !== undefined && !owners.has(`wiki/${target}.md`)) page = dropSection(page, index)
    else if (target !== undefined && first < index) page = joinSections(page, first, index)
    else index++
  }
  const sources = sourcesOf(page.sections)
  const listed = Array.isArray(front['sources']) ? front['sources'] : []
  if (JSON.stringify(sources) !== JSON.stringify(listed)) page = { ...page, front: setFront(page.front, { sources }) }
  return joinPage(page)
}

function documentTarget({ sections }: CutPage, index: number): string | undefined {
  const target = headingTarget(sections[index]?.heading ?? '')
  return target?.startsWith('summaries/') === true ? target : undefined
}

/** Whatever the second of two sections says beyond the first is appended to it. */
function joinSections(page: CutPage, first: number, second: number): CutPage {
  const [mine, other] = [page.sections[first], page.sections[second]]
  if (mine === undefined || other === undefined) return page
  const more = bodyOf(other.text)
    .split(/\n\s*\n/)
    .filter((paragraph) => paragraph.trim() !== '' && !mine.text.includes(paragraph.trim()))
  const text = more.length === 0 ? mine.text : `${mine.text.trimEnd()}\n\n${more.join('\n\n').trim()}\n\n`
  return dropSection({ ...page, sections: page.sections.with(first, { ...mine, text }) }, second)
}

function bodyOf(section: string): string {
  return section.slice(section.indexOf('\n') + 1)
}
