// What the overview of a topic page was written from. The mark in front matter is `<n>-<hash>-<hash>`: the number of
// sources it was written from, a hash of their names in order, and a hash of the paragraph itself, by which kbgit
// recognises its own words. A paragraph that a person changed is theirs and is never replaced.
import { createHash } from 'node:crypto'
import type { FrontMatter, Page } from './page.ts'

const MARK = /^(\d+)-([0-9a-f]{8})-([0-9a-f]{8}|)$/

/**
 * Whether the overview should be rewritten: a source that it was written from is gone, or there are half as many again.
 * A page that grows to n sources thus has its overview written O(log n) times. False for continuation pages, which have
 * no overview.
 */
export function overviewDue(page: Pick<Page, 'front'>): boolean {
  const { type, part, sources, overview } = page.front
  if (
    (type !== 'concept' && type !== 'entity') ||
    part !== undefined ||
    !Array.isArray(sources) ||
    sources.length === 0
  )
    return false
  const mark = MARK.exec(String(overview ?? ''))
  if (mark === null) return true
  const count = Number(mark[1])
  return (
    shortHash(sources.slice(0, count).join('\n')) !== mark[2] ||
    count > sources.length ||
    sources.length >= Math.max(count + 1, Math.ceil(count * 1.5))
  )
}

/** The same, from the front matter alone. */
export function frontIsDue(front: FrontMatter): boolean {
  return overviewDue({ front })
}

export function overviewMark(sources: string[], paragraph: string): string {
  return `${sources.length}-${shortHash(sources.join('\n'))}-${paragraph === '' ? '' : shortHash(paragraph)}`
}

/** The mark of an overview by kbgit that is to be rewritten. */
export function dueMark(paragraph: string): string {
  return `0-${shortHash('')}-${paragraph === '' ? '' : shortHash(paragraph)}`
}

/** The mark of a page whose overview is to be rewritten. */
export function dueAgain(front: FrontMatter): string | undefined {
  const mark = MARK.exec(String(front['overview'] ?? ''))
  return mark === null ? undefined : `0-${shortHash('')}-${mark[3]}`
}

/**
 * The mark of a page on which the section of `source` changed: due if the overview was written from it. Undefined if
 * the mark stays as it is.
 */
export function markAfterChange(front: FrontMatter, source: string): string | undefined {
  const { sources, overview } = front
  const count = Number(MARK.exec(String(overview ?? ''))?.[1] ?? 0)
  return Array.isArray(sources) && sources.slice(0, count).includes(source) ? dueAgain(front) : undefined
}

/**
 * The mark of a page whose sources have other names, and whose overview may link them: current if it was. Undefined if
 * the mark stays as it is.
 */
export function markAfterRename(
  before: Pick<Page, 'front' | 'intro'>,
  after: Pick<Page, 'front' | 'intro'>,
): string | undefined {
  const [mark, count, names] = MARK.exec(String(before.front['overview'] ?? '')) ?? []
  const [old, now] = [before, after].map(({ front: { sources } }) =>
    (Array.isArray(sources) ? sources : []).slice(0, Number(count)),
  )
  if (mark === undefined) return undefined
  const current = shortHash((old ?? []).join('\n')) === names
  const overview = ownOverview(before.intro, before.front)
  const at = before.intro.split(/\n[ \t]*\n+/).findIndex((part) => part.trim() === overview)
  const paragraph = overview === undefined ? undefined : after.intro.split(/\n[ \t]*\n+/)[at]?.trim()
  const next = [
    count,
    current ? shortHash((now ?? []).join('\n')) : names,
    paragraph === undefined ? mark.split('-')[2] : shortHash(paragraph),
  ].join('-')
  return next === mark ? undefined : next
}

/** A new page with one source needs no overview beyond what that source says; one with more sources is due at once. */
export function initialOverviewMark(sources: string[], paragraph: string): string {
  return sources.length === 1 ? overviewMark(sources, paragraph) : dueMark(paragraph)
}

/**
 * The introduction with its overview replaced by `paragraph` (one paragraph of Markdown). Undefined if a person changed
 * the overview.
 */
export function replaceOverview(intro: string, front: FrontMatter, paragraph: string): string | undefined {
  const old = MARK.exec(String(front['overview'] ?? ''))?.[3] ?? ''
  const lines = intro.split(/(\n[ \t]*\n+)/)
  if (old !== '') {
    const i = lines.findIndex((part, index) => index % 2 === 0 && shortHash(part.trim()) === old)
    if (i === -1) return undefined
    const part = lines[i] ?? ''
    return lines
      .with(
        i,
        part.replace(part.trim(), () => paragraph),
      )
      .join('')
  }
  const title = /^[ \t]*# .*(?:\n|$)/m.exec(intro)
  const offset = title === null ? 0 : title.index + title[0].length
  return `${intro.slice(0, offset)}\n${paragraph}\n\n${intro.slice(offset).replace(/^\s+/, '')}`
}

/** The sentence of an overview that is about the page itself, and says no document's words. */
export function countSentence(documents: number): string {
  return `${documents} documents on this page write about it.`
}

/** Also as earlier versions wrote it. */
export const COUNT_SENTENCE = /^\d+ documents on this page write (?:about|of) it\.$/

/** kbgit's overview in an introduction; undefined if there is none, or a person changed it. */
export function ownOverview(intro: string, front: FrontMatter): string | undefined {
  const own = MARK.exec(String(front['overview'] ?? ''))?.[3] ?? ''
  return intro
    .split(/\n[ \t]*\n+/)
    .map((part) => part.trim())
    .find((part) => part !== '' && shortHash(part) === own)
}

/** Whether an introduction contains only the title, kbgit's overview and its links between the parts. */
export function isOwnIntro(intro: string, front: FrontMatter): boolean {
  const own = MARK.exec(String(front['overview'] ?? ''))?.[3] ?? ''
  return intro
    .split(/\n[ \t]*\n+/)
    .map((part) => part.trim())
    .every(
      (part) =>
        part === '' ||
        /^# .*$/.test(part) ||
        /^Continue[sd] (?:on|from) \[\[[^\]]*\]\]\.$/.test(part) ||
        shortHash(part) === own,
    )
}

/** The first eight hex digits of a SHA-256. */
function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}
