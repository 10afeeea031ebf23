// Merging a page section by section: sections of different documents never affect each other.
import { mergeFront } from './front.ts'
import { mergeListing } from './entries.ts'
import type { MergedText, MergeText } from './merged-text.ts'
import { dueMark, isOwnIntro } from '../page/overview-mark.ts'
import { cutPage, joinPage, setFront, type CutPage, type CutSection } from '../page/page-text.ts'
import { headingTarget, splitFrontMatter } from '../page/page.ts'
import { either, mergeKeys, mergeValue } from './three-way.ts'

export function mergeSections(ancestor: string, ours: string, theirs: string, mergeText: MergeText): MergedText {
  const [before, left, right] = [cutPage(ancestor), cutPage(ours), cutPage(theirs)]
  const front = mergeFront(before.front, left.front, right.front)
  let conflict = false
  const merge = (a: string, b: string, c: string): string => {
    const merged = mergeValue(a, b, c)
    if (merged.kind === 'merged') return merged.value ?? ''
    const result = mergeText(a, b, c)
    conflict ||= result.conflict
    return result.text
  }
  const [a, b, c] = [keyed(before), keyed(left), keyed(right)]
  const sections: CutSection[] = []
  for (const key of mergeKeys(keptKeys(a, b, c), [...b.keys()], [...c.keys()])) {
    const [old, mine, other] = [a.get(key), b.get(key), c.get(key)].map((section) => section?.text.trimEnd())
    const text = mergeSection(key, old, mine, other, merge, mergeText)
    const heading = (b.get(key) ?? c.get(key))?.heading ?? ''
    if (text !== undefined) sections.push({ heading, text: `${text}\n\n` })
  }
  const intro = mergeIntro(before, left, right, merge)
  const page: CutPage = {
    front: withMark(front ?? merge(before.front, left.front, right.front), intro.mark),
    intro: sections.length === 0 ? `${intro.text.trimEnd()}\n` : `${intro.text.trimEnd()}\n\n`,
    sections: sections.map((section, index) =>
      index === sections.length - 1 ? { ...section, text: `${section.text.trimEnd()}\n` } : section,
    ),
  }
  return { text: joinPage({ ...page, front: withSources(page) }), conflict }
}

/** Sections by their subject: a document, or their heading; a repeated heading is another section. */
function keyed(page: CutPage): Map<string, CutSection> {
  const sections = new Map<string, CutSection>()
  for (const section of page.sections) {
    const name = headingTarget(section.heading) ?? `# ${section.heading}`
    let key = name
    for (let again = 2; sections.has(key); again++) key = `${name} #${again}`
    sections.set(key, section)
  }
  return sections
}

/** Keys of the ancestor. A section that one side removed and the other changed stays, for a person to decide. */
function keptKeys(
  ancestor: Map<string, CutSection>,
  ours: Map<string, CutSection>,
  theirs: Map<string, CutSection>,
): string[] {
  return [...ancestor]
    .filter(([key, { text }]) => {
      const [mine, other] = [ours.get(key), theirs.get(key)]
      const disputed =
        (mine === undefined && other !== undefined && other.text.trimEnd() !== text.trimEnd()) ||
        (other === undefined && mine !== undefined && mine.text.trimEnd() !== text.trimEnd())
      return !disputed
    })
    .map(([key]) => key)
}

type Merge = (ancestor: string, ours: string, theirs: string) => string

function mergeSection(
  key: string,
  ancestor: string | undefined,
  ours: string | undefined,
  theirs: string | undefined,
  merge: Merge,
  mergeText: MergeText,
): string | undefined {
  const merged = mergeValue(ancestor, ours, theirs)
  if (merged.kind === 'merged') return merged.value
  if (ours === undefined || theirs === undefined) return merge(ancestor ?? '', ours ?? '', theirs ?? '')
  // The same words, but one side linked a page that the other lacked: after the merge both sides' pages exist.
  if (unlinked(ours) === unlinked(theirs))
    return ours.length === theirs.length ? either(ours, theirs) : ours.length > theirs.length ? ours : theirs
  // One base had a page for what the other only mentioned: the fuller section has the words of both.
  if (ancestor === undefined && key.startsWith('summaries/') && opening(ours) === opening(theirs))
    return ours.length > theirs.length ? ours : theirs
  // One side wrote it from a mention, the other from everything that the document says.
  const [longer, shorter] = unlinked(ours).length > unlinked(theirs).length ? [ours, theirs] : [theirs, ours]
  if (ancestor === undefined && covers(longer, shorter)) return longer
  if (/^# (?:Concepts|Entities)$/.test(key) || (ancestor !== undefined && key === '# Related'))
    return mergeListing(
      `${ancestor ?? ''}\n`,
      `${ours}\n`,
      `${theirs}\n`,
      eitherFrame(mergeText, ancestor),
    ).text.trimEnd()
  if (ancestor === undefined && /^# (?:Related|Key points|Outline|Source)$/.test(key)) return either(ours, theirs)
  return merge(`${ancestor ?? ''}\n`, `${ours}\n`, `${theirs}\n`).trimEnd()
}

/** In a list that kbgit wrote on both sides, the lines between the entries may come from either side. */
function eitherFrame(mergeText: MergeText, ancestor: string | undefined): MergeText {
  return ancestor === undefined ? (_, ours, theirs) => ({ text: either(ours, theirs), conflict: false }) : mergeText
}

/** The first words under a section's heading. */
function opening(text: string): string {
  return unlinked(text.slice(text.indexOf('\n') + 1))
    .trim()
    .slice(0, 100)
}

/** Whether a section contains every paragraph of another, ignoring links, the location at the end, and truncation. */
function covers(longer: string, shorter: string): boolean {
  const whole = unlinked(longer)
  return unlinked(shorter)
    .split(/\n\s*\n/)
    .every((paragraph) =>
      whole.includes(
        paragraph
          .trim()
          .replace(/ \([^()]*\)$/, '')
          .replace(/…$/, ''),
      ),
    )
}

function unlinked(text: string): string {
  return text.replace(/\[\[(?:[^\]|]*\|)?([^\]]*)\]\]/g, '$1')
}

/** Two overviews written by kbgit become one, to be rewritten; a person's words are kept and merged as text. */
function mergeIntro(before: CutPage, left: CutPage, right: CutPage, merge: Merge): Intro {
  if (left.intro.trim() === right.intro.trim()) return { text: left.intro }
  if (left.intro.trim() === before.intro.trim()) return { text: right.intro, mark: markOf(right) }
  if (right.intro.trim() === before.intro.trim()) return { text: left.intro, mark: markOf(left) }
  const own = (page: CutPage) => isOwnIntro(page.intro, splitFrontMatter(page.front).front)
  if (own(left) && own(right)) return ownIntro(left.intro, right.intro)
  if (own(left) && own(before)) return { text: right.intro, mark: markOf(right) }
  if (own(right) && own(before)) return { text: left.intro, mark: markOf(left) }
  return { text: merge(before.intro, left.intro, right.intro) }
}

/** `mark` belongs to the words: see overview-mark.ts. */
type Intro = { text: string; mark?: unknown }

function markOf(page: CutPage): unknown {
  return splitFrontMatter(page.front).front['overview']
}

function withMark(front: string, mark: unknown): string {
  return mark === undefined ? front : setFront(front, { overview: mark })
}

function ownIntro(ours: string, theirs: string): Intro {
  const parts = [ours, theirs].map((intro) => intro.trim().split(/\n[ \t]*\n+/))
  const pick = (test: (part: string) => boolean) => {
    const found = parts.map((list) => list.filter(test))
    return [...new Set(found.flat())].sort().reverse()
  }
  const nav = /^Continue[sd] (?:on|from) \[\[/
  const title = pick((part) => part.startsWith('# '))[0]
  const overview = pick((part) => !part.startsWith('# ') && !nav.test(part))[0]
  const links = pick((part) => nav.test(part)).reverse()
  const text = [title, overview, ...links].filter((part) => part !== undefined && part !== '').join('\n\n')
  return { text: `\n${text}`, mark: dueMark(overview ?? '') }
}

/** `sources` follows from the headings, if the page has it. */
function withSources(page: CutPage): string {
  const { front } = splitFrontMatter(page.front)
  if (!Array.isArray(front['sources'])) return page.front
  const sources = page.sections.flatMap(({ heading }) => {
    const target = headingTarget(heading)
    return target?.startsWith('summaries/') === true ? [target.slice(target.lastIndexOf('/') + 1)] : []
  })
  return JSON.stringify(sources) === JSON.stringify(front['sources']) ? page.front : setFront(page.front, { sources })
}
