// Links from what is said of one topic to the others.
import type { Topic } from './topic.ts'

const LINKS_MAX = 3

/** Links in sanitized Markdown the topics other than the one whose key is `own`. */
export type Linker = (markdown: string, own: string) => string

/** Marks the first mention of other topics in sanitized Markdown as wikilinks; the planner resolves their targets. */
export function linkerOf(topics: Topic[]): Linker {
  const keys = new Map<string, string>()
  for (const { name, key, aliases } of topics) {
    for (const form of [name, ...aliases]) if (form.length > 2 && NAME.test(form)) keys.set(form.toLowerCase(), key)
  }
  const forms = [...keys.keys()]
  const titles = new Map(topics.map(({ key, name }) => [key, name]))
  return (markdown, own) => {
    const linked = new Set([own])
    let result = ''
    let end = 0
    for (const mention of mentionsOf(markdown, forms)) {
      if (linked.size > LINKS_MAX) break
      // Of overlapping mentions the first counts, and of those with the same start the longest.
      if (mention.start < end) continue
      const key = keys.get(mention.form) ?? ''
      const shown = markdown.slice(mention.start, mention.end)
      result +=
        markdown.slice(end, mention.start) + (linked.has(key) ? shown : `[[${titles.get(key) ?? shown}|${shown}]]`)
      linked.add(key)
      end = mention.end
    }
    return result + markdown.slice(end)
  }
}

type Mention = { start: number; end: number; form: string }

/**
 * Whole words only, also in the plural, and not in code; in the order of the text. A single pattern of all names would
 * have to be rebuilt for each document.
 */
function mentionsOf(markdown: string, forms: string[]): Mention[] {
  const lower = markdown.toLowerCase()
  // If lower case has another length, positions would not match.
  if (lower.length !== markdown.length) return []
  const code = [...lower.matchAll(/`[^`]*`/g)].map(({ 0: { length }, index }) => ({
    start: index,
    end: index + length,
  }))
  const mentions: Mention[] = []
  for (const form of forms) {
    for (let start = lower.indexOf(form); start >= 0; start = lower.indexOf(form, start + 1)) {
      if (BEFORE.test(lower.slice(Math.max(0, start - 2), start))) continue
      const stem = start + form.length
      const end = lower[stem] === 's' ? stem + 1 : stem
      if (AFTER.test(lower.slice(end, end + 3)) || code.some((span) => start >= span.start && start < span.end))
        continue
      mentions.push({ start, end, form })
    }
  }
  return mentions.sort((a, b) => a.start - b.start || b.end - a.end)
}

const NAME = /^[\p{L}\p{N} .'’+-]+$/u
/** Characters that make a name part of something longer: a word, an address, a path. */
const BEFORE = /[\p{L}\p{N}_@/.\\-]$/u
const AFTER = /^(?:[\p{L}\p{N}_-]|\.\p{L})/u
