// What a document says about each of its topics: the sentence that defines it or says most, verbatim, with its
// location.
import type { Contribution, Quote } from '../../core/document/compiled.ts'
import type { Place } from '../../core/document/document.ts'
import { sanitizeInline, oneLine } from '../../core/page/sanitize.ts'
import { overlap } from './salience.ts'
import type { Terms } from './salience.ts'
import type { Sentence } from './sentences.ts'

export type Topic = {
  kind: 'concept' | 'entity'
  key: string
  name: string
  aliases: string[]
  type?: string | undefined
  weight: number
  frequency: number
  /** Indexes of the sentences that mention it. */
  sentences: number[]
}

const SAYS_CHARS_MAX = 420
const DESCRIPTION_CHARS_MAX = 180
const LOOKED_AT_MAX = 400
const LINKS_MAX = 3
const REPEATING_WEIGHT = 0.5
const DEFINITIONS_LOOKED_AT_MAX = 12
const LINKED_WEIGHT_MIN = 0.2

export function contributionsOf(
  topics: Topic[],
  sentences: Sentence[],
  folded: string[],
  terms: Terms[],
  scores: number[],
): Contribution[] {
  const used = new Set<number>()
  // A sentence that defines a topic is kept for it.
  const defining = new Map<number, string>()
  for (const topic of topics) {
    const names = [topic.name, ...topic.aliases]
    for (const index of topic.sentences.slice(0, DEFINITIONS_LOOKED_AT_MAX))
      if (!defining.has(index) && isDefinedIn(sentences[index], folded[index] ?? '', names))
        defining.set(index, topic.key)
  }
  const linker = linkerOf(topics.filter((topic) => topic.weight >= LINKED_WEIGHT_MIN))
  return topics.flatMap((topic) => {
    const forms = formsOf(topic)
    const ranked = topic.sentences
      .slice(0, LOOKED_AT_MAX)
      .map((index) => ({
        at: index,
        value: sayingValue(sentences[index], folded[index] ?? '', scores[index] ?? 0, forms),
      }))
      .filter(({ value }) => value > 0)
      .sort((a, b) => b.value - a.value || a.at - b.at)
    // A sentence goes on one page; only an important topic without another sentence repeats one.
    const free = (index: number): boolean => !used.has(index) && (defining.get(index) ?? topic.key) === topic.key
    const repeats = topic.kind === 'entity' || topic.weight >= REPEATING_WEIGHT
    const first = ranked.find(({ at }) => free(at)) ?? (repeats ? ranked[0] : undefined)
    const best = first === undefined ? undefined : sentences[first.at]
    if (first === undefined || best === undefined) {
      const says = `Named ${topic.frequency < 2 ? 'once' : `${topic.frequency} times`}.`
      return topic.kind === 'concept' || ranked.length > 0 ? [] : [{ ...head(topic), says, quotes: [] }]
    }
    used.add(first.at)
    const second =
      topic.weight < 0.35
        ? undefined
        : ranked.find(
            ({ at }) => free(at) && sentences[at]?.whole === true && overlap(terms[at], terms[first.at]) < 0.6,
          )
    const other = second === undefined ? undefined : sentences[second.at]
    if (second !== undefined) used.add(second.at)
    const description = descriptionOf(best.text, folded[first.at] ?? '', forms)
    return [
      {
        ...head(topic),
        ...(description === undefined ? {} : { description }),
        says: linker(sanitizeInline(oneLine(best.text, SAYS_CHARS_MAX)), topic.key),
        quotes: [best, other].flatMap((sentence) => (sentence === undefined ? [] : [quoteOf(sentence)])),
      },
    ]
  })
}

function head({
  kind,
  name,
  key,
  aliases,
  type,
  weight,
}: Topic): Pick<Contribution, 'kind' | 'name' | 'key' | 'aliases' | 'type' | 'weight'> {
  return { kind, name, key, aliases, ...(type === undefined ? {} : { type }), weight: Math.round(weight * 1000) / 1000 }
}

export function quoteOf(sentence: Sentence): Quote {
  const place = placeOf(sentence)
  return { text: oneLine(sentence.text, SAYS_CHARS_MAX), ...(place === undefined ? {} : { place }) }
}

function placeOf({ page, heading }: Sentence): Place | undefined {
  if (page !== undefined) return { page }
  return heading === undefined ? undefined : { heading }
}

/** The topic's names, folded as `fold` folds text. */
function formsOf({ name, aliases }: Topic): string[] {
  return [name, ...aliases].map(fold).sort((a, b) => b.length - a.length)
}

/** Has the same length as the text. */
export function fold(text: string): string {
  return text.toLowerCase().replaceAll('-', ' ')
}

const DEFINES =
  /^s?(?:\s*\([^)]{1,40}\))?,?(?:[^,.]{0,60},)?\s(?:is|are|was|were|means?|refers? to|denotes?|allows?|provides?|consists?|describes?)\b/
const INTRODUCES =
  /\b(?:call|name|term|define|introduce|propose|present)(?:e?d|s)?(?: as)?(?: \w+){0,3} $|\bknown as (?:\w+ )?$/
const IS =
  /^s?(?:\s*\([^)]{1,40}\))?(?:, [^,.]{2,60},?)?\s(?:is|are|refers? to|means?|denotes?)\s((?:an? |the |one |any |some |\w+ing )[^]*)$/

function sayingValue(sentence: Sentence | undefined, folded: string, score: number, forms: string[]): number {
  if (sentence === undefined) return 0
  const { text } = sentence
  if (!sentence.whole)
    return text.length >= 25 && text.length <= 300 && !text.includes('@') && text.split(' ').length >= 5 ? 0.2 : 0
  const rest = restAfter(text, folded, forms)
  if (rest !== undefined) return score * (DEFINES.test(rest) ? 2.2 : 1.35)
  const index = folded.indexOf(forms.find((form) => folded.includes(form)) ?? '\n')
  return index > 0 && INTRODUCES.test(folded.slice(Math.max(0, index - 60), index)) ? score * 1.7 : score
}

/** Whether a sentence says what the topic of these names is. */
export function isDefinedIn(sentence: Sentence | undefined, folded: string, names: string[]): boolean {
  if (sentence?.whole !== true) return false
  const rest = restAfter(sentence.text, folded, names.map(fold))
  return rest !== undefined && IS.test(rest)
}

/** The rest of a sentence that begins with the topic's name. */
function restAfter(text: string, folded: string, forms: string[]): string | undefined {
  const start = folded.startsWith('the ') ? 4 : folded.startsWith('an ') ? 3 : folded.startsWith('a ') ? 2 : 0
  const form = forms.find((one) => folded.startsWith(one, start))
  return form === undefined ? undefined : text.slice(start + form.length)
}

/** What the topic is, if a sentence says "X is …". */
function descriptionOf(text: string, folded: string, forms: string[]): string | undefined {
  const definition = IS.exec(restAfter(text, folded, forms) ?? '')?.[1]
    ?.replace(/[.。]$/, '')
    .trim()
  return definition === undefined || definition.length < 12
    ? undefined
    : oneLine(definition.charAt(0).toUpperCase() + definition.slice(1), DESCRIPTION_CHARS_MAX)
}

/** Marks the first mention of other topics in sanitized Markdown as wikilinks; the planner resolves their targets. */
function linkerOf(topics: Topic[]): (markdown: string, own: string) => string {
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
