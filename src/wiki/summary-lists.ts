// Edits of the lists on a summary page after its document came in: a mention that became a section, documents that are
// related by now.
import type { TopicKind } from '../core/document/document.ts'
import { linkTarget } from '../core/layout.ts'
import { cutPage, joinPage, sectionText, type CutPage } from '../core/page/page-text.ts'
import { wikilink } from '../core/page/page.ts'
import { oneLine, sanitizeInline, shownText } from '../core/page/sanitize.ts'

/** The lists of a summary, in the order of the page. */
const LISTS = ['Concepts', 'Entities', 'Related', 'Source'] as const
type List = (typeof LISTS)[number]

export const LIST_OF = { concept: 'Concepts', entity: 'Entities' } as const
const MENTIONED = 'Also mentioned: '
const MENTION_CHARS_MAX = 80

/** A topic page that has a section of the document. */
export type TopicLine = {
  kind: TopicKind
  path: string
  title: string
  type?: string | undefined
  /** Sanitized Markdown. */
  line: string
}

export function topicLine({ path, title, type, line }: TopicLine): string {
  const typed = type === undefined || type === 'other' ? '' : ` (${sanitizeInline(oneLine(type, 40))})`
  return `- ${wikilink(linkTarget(path), shownText(title))}${typed}${line === '' ? '' : `: ${line}`}`
}

/** `names` as written by `mentionName`. */
export function mentionedLine(names: string[]): string {
  return names.length === 0 ? '' : `${MENTIONED}${names.join(', ')}.`
}

export function mentionName(name: string): string {
  return sanitizeInline(oneLine(name, MENTION_CHARS_MAX))
}

/** A summary on which the mention of `name` has become a line that links the topic's page. */
export function linkMention(text: string, name: string, topic: TopicLine): string {
  const page = withoutMention(cutPage(text), mentionName(name))
  const list = LIST_OF[topic.kind]
  const index = page.sections.findIndex(({ heading }) => heading === list)
  const line = topicLine(topic)
  if (index === -1) return joinPage(insertList(page, list, [line]))
  const section = page.sections[index]
  if (section === undefined || section.text.includes(`[[${linkTarget(topic.path)}|`)) return joinPage(page)
  const lines = section.text.split('\n')
  const last = lines.findLastIndex((old) => old.startsWith('- '))
  const edited = last === -1 ? lines.toSpliced(2, 0, line, '') : lines.toSpliced(last + 1, 0, line)
  return joinPage({ ...page, sections: page.sections.with(index, { ...section, text: edited.join('\n') }) })
}

/** A summary whose list has these lines; without lines the list goes. */
export function replaceList(text: string, list: List, lines: string[]): string {
  const page = cutPage(text)
  const index = page.sections.findIndex(({ heading }) => heading === list)
  const without = index === -1 ? page : { ...page, sections: page.sections.toSpliced(index, 1) }
  return joinPage(lines.length === 0 ? without : insertList(without, list, lines))
}

function withoutMention(page: CutPage, name: string): CutPage {
  const sections = page.sections.flatMap((section) => {
    const line = section.text.split('\n').find((one) => one.startsWith(MENTIONED))
    if (line === undefined) return [section]
    const names = line.slice(MENTIONED.length, -1).split(', ')
    if (!names.includes(name)) return [section]
    const left = mentionedLine(names.filter((one) => one !== name))
    const text = left === '' ? section.text.replace(`${line}\n\n`, '') : section.text.replace(line, () => left)
    // A list of mentions alone goes with the last of them.
    return text.trim() === `## ${section.heading}` ? [] : [{ ...section, text }]
  })
  return { ...page, sections }
}

/** Inserts a list before the lists that come after it. */
function insertList(page: CutPage, list: List, lines: string[]): CutPage {
  const later = LISTS.slice(LISTS.indexOf(list) + 1) as readonly string[]
  const index = page.sections.findIndex(({ heading }) => later.includes(heading))
  const section = sectionText(list, lines.join('\n'))
  const sections = page.sections.toSpliced(index === -1 ? page.sections.length : index, 0, section)
  return { ...page, sections }
}
