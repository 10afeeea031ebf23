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

/** A summary whose list has these lines, and those of a person; without lines the list goes. */
export function replaceList(text: string, list: List, lines: string[]): string {
  const page = cutPage(text)
  const index = page.sections.findIndex(({ heading }) => heading === list)
  const without = index === -1 ? page : { ...page, sections: page.sections.toSpliced(index, 1) }
  const all = withHandLines(text, list, lines)
  return joinPage(all.length === 0 ? without : insertList(without, list, all))
}

/** What kbgit writes in the lists; any other line is a person's. */
const OWN_LINE =
  /^(?:- \[\[(?:concepts|entities|summaries)\/|- (?:Text|Original|Attachments|Attached to|Note): |Also mentioned: )/

/**
 * The lines of a list and what a person wrote in that list of `before`: after the line that it follows, at the end if that
 * line is gone. Blank lines belong to what comes after them.
 */
export function withHandLines(before: string | undefined, list: string, lines: readonly string[]): string[] {
  const section = before === undefined ? undefined : cutPage(before).sections.find(({ heading }) => heading === list)
  const hand = new Map<string, string[]>()
  let anchor = ''
  for (const line of section?.text.trimEnd().split('\n').slice(1) ?? []) {
    if (OWN_LINE.test(line)) anchor = lineKey(line)
    else hand.set(anchor, [...(hand.get(anchor) ?? []), line])
  }
  const take = (key: string): string[] => {
    const own = hand.get(key) ?? []
    hand.delete(key)
    return own.some((line) => line.trim() !== '') ? own : []
  }
  const first = take('')
  const placed = lines.flatMap((line) => [line, ...take(lineKey(line))])
  const rest = [...hand.keys()].flatMap(take)
  return trimBlank([...first, ...placed, ...rest])
}

/** What stays the same of a line that is written again. */
function lineKey(line: string): string {
  return /^- \[\[[^\]|]*|^[^:]*:/.exec(line)?.[0] ?? line
}

function trimBlank(lines: string[]): string[] {
  const isText = (line: string): boolean => line.trim() !== ''
  return lines.slice(Math.max(0, lines.findIndex(isText)), lines.findLastIndex(isText) + 1)
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
