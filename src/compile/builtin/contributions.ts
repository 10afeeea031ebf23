// What a document says about each of its topics: the sentence that defines it or says most, verbatim, with its
// location.
import type { Contribution, Quote } from '../../core/document/compiled.ts'
import type { Place } from '../../core/document/document.ts'
import { sanitizeInline, oneLine } from '../../core/page/sanitize.ts'
import { definitionLength, formsOf, partIn, type Part, type Spoken } from './evidence.ts'
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
  /** What to say of it if no sentence does. */
  says?: string | undefined
}

const SAYS_CHARS_MAX = 420
const DESCRIPTION_CHARS_MAX = 180
const LOOKED_AT_MAX = 400
const LINKS_MAX = 3
const DEFINITIONS_LOOKED_AT_MAX = 12
const LINKED_WEIGHT_MIN = 0.2
/** Minimum weight of a topic of which a second sentence is quoted, and a third. */
const QUOTED_WEIGHTS = [0.35, 0.7]
/** A further quote is not much worse than the first. */
const QUOTED_VALUE_SHARE = 0.3
/** What is not a sentence is better than nothing. */
const FRAGMENT_VALUE = 0.2
/** What weighs as much is what the document is about, or speaks of a lot. */
const CENTRAL_WEIGHT_MIN = 0.9
const MAIN_WEIGHT_MIN = 0.75
/** The heaviest topics of a document keep their weight, whatever is said of them. */
const OWN_MIN = 4
const UNSAID_WEIGHT_MAX = 0.49
const UNSAID_SHARE = 0.85
const WHO = new Set(['person', 'organization'])
/** So many sentences say as much as one more quote, although they say the same. */
const SENTENCES_OF_QUOTE = 2.5
/** Two sentences that share more of their words say the same. */
const OVERLAP_MAX = 0.6
/** How much better a sentence says what a topic is than one that only names it. */
const VALUE: Record<Part, number> = { defined: 5, introduced: 1.7, subject: 1.6, named: 1, aside: 0.5 }
const CONTINUES =
  /^(?:this(?! (?:rfc|paper|document|report|article|proposal|note|guide|chapter|book|thesis|manual|study)\b)|that|these|those|it|its|they|their|them|he|she|however|but|and|or|so|thus|also|then|hence|therefore|instead|otherwise|likewise|here|there|such|if not|for (?:example|instance)|in (?:this|that|these|those)|as (?:such|mentioned|described)|thanks|we could|alternatively|conversely|identical|the (?:former|latter|other|same)|another|again|similarly|finally|yes|no)\b/i

type Ranked = { at: number; value: number; part: Part }

/** What the analysis knows of a document's sentences: parallel lists. */
export type Sentences = { sentences: Sentence[]; spoken: Spoken[]; terms: Terms[]; scores: number[] }

/** Heaviest first. A sentence goes on one page only; a topic for which none is left is not said. */
export function contributionsOf(topics: Topic[], of: Sentences): Contribution[] {
  const asked = topics.map((topic): Asked => {
    const forms = formsOf([topic.name, ...topic.aliases])
    return { topic, forms, ranked: rankSentences(topic, forms, of) }
  })
  const quotes = new Quoted(asked, of)
  const linker = linkerOf(topics.filter((topic) => topic.weight >= LINKED_WEIGHT_MIN))
  const contributions = asked.flatMap(({ topic, forms, ranked }, index): Contribution[] => {
    const quoted = quotes.of(topic, ranked)
    const [first] = quoted
    const sentence = first === undefined ? undefined : of.sentences[first.at]
    if (first === undefined || sentence === undefined) return unsaid(topic, of.sentences[ranked[0]?.at ?? -1])
    const isMain = index < OWN_MIN && (topic.frequency > 2 || topic.weight >= CENTRAL_WEIGHT_MIN)
    const said = Math.max(quoted.length, ranked.length / SENTENCES_OF_QUOTE)
    const description = descriptionOf(sentence.text, of.spoken[first.at], forms)
    return [
      {
        ...head(isMain ? topic : { ...topic, weight: weightOf(topic, said, first.part) }),
        ...(description === undefined ? {} : { description }),
        says: linker(sanitizeInline(oneLine(sentence.text, SAYS_CHARS_MAX)), topic.key),
        quotes: quoted.flatMap(({ at }) => (of.sentences[at] === undefined ? [] : [quoteOf(of.sentences[at])])),
      },
    ]
  })
  return contributions.sort((a, b) => b.weight - a.weight || (a.key < b.key ? -1 : 1))
}

type Asked = { topic: Topic; forms: string[]; ranked: Ranked[] }

/** Which topic each sentence is quoted for. */
class Quoted {
  readonly #of: Sentences
  /** Of sentences that the document repeats, the first. */
  readonly #first = new Map<string, number>()
  readonly #taken = new Map<number, Topic>()
  readonly #best = new Map<Topic, Ranked>()

  /** A sentence that defines a topic is kept for it; then the heaviest topics choose first. */
  constructor(asked: Asked[], of: Sentences) {
    this.#of = of
    for (const [at, { folded }] of of.spoken.entries()) if (!this.#first.has(folded)) this.#first.set(folded, at)
    for (const { topic, forms } of asked)
      for (const at of topic.sentences.slice(0, DEFINITIONS_LOOKED_AT_MAX)) {
        const said = of.spoken[at]
        if (said !== undefined && !this.#taken.has(this.#same(at)) && definitionLength(said, forms) > 0)
          this.#taken.set(this.#same(at), topic)
      }
    for (const { topic, ranked } of asked) {
      const best = ranked.find(({ at }) => this.#isFree(at, topic))
      if (best === undefined) continue
      this.#taken.set(this.#same(best.at), topic)
      this.#best.set(topic, best)
    }
  }

  /** The best sentence for a topic, and for a heavier one up to two that say something else. */
  of(topic: Topic, ranked: Ranked[]): Ranked[] {
    const best = this.#best.get(topic)
    if (best === undefined) return []
    const { sentences, terms } = this.#of
    const quoted = [best]
    for (const weight of QUOTED_WEIGHTS) {
      if (topic.weight < weight) break
      const next = ranked.find(
        ({ at, value }) =>
          value >= best.value * QUOTED_VALUE_SHARE &&
          sentences[at]?.whole === true &&
          this.#isFree(at, topic) &&
          quoted.every(
            (one) => this.#same(one.at) !== this.#same(at) && overlap(terms[at], terms[one.at]) < OVERLAP_MAX,
          ),
      )
      if (next === undefined) break
      this.#taken.set(this.#same(next.at), topic)
      quoted.push(next)
    }
    return quoted
  }

  #same(at: number): number {
    return this.#first.get(this.#of.spoken[at]?.folded ?? '') ?? at
  }

  #isFree(at: number, topic: Topic): boolean {
    return (this.#taken.get(this.#same(at)) ?? topic) === topic
  }
}

/** A topic without a sentence of its own: an author, or a name beside others. */
function unsaid(topic: Topic, shared: Sentence | undefined): Contribution[] {
  if (topic.says !== undefined) return [{ ...head(topic), says: sanitizeInline(topic.says), quotes: [] }]
  if (topic.kind === 'concept' || shared?.whole !== true) return []
  const says = sanitizeInline(oneLine(shared.text, SAYS_CHARS_MAX))
  // Who is named beside others is worth a repetition; what is, only a mention.
  const weight = WHO.has(topic.type ?? '') ? Math.min(topic.weight, UNSAID_WEIGHT_MAX) : 0
  return [{ ...head({ ...topic, weight }), says, quotes: [quoteOf(shared)] }]
}

/** A topic of which only one sentence is left, and that one in passing, makes no page of its own. */
function weightOf({ weight }: Topic, quotes: number, part: Part): number {
  const isSaid = part === 'defined' || part === 'introduced' || part === 'subject'
  if (isSaid || weight >= (part === 'aside' ? CENTRAL_WEIGHT_MIN : MAIN_WEIGHT_MIN)) return weight
  if (quotes > 1 && part === 'named') return weight
  return Math.min(weight, UNSAID_WEIGHT_MAX) * UNSAID_SHARE
}

/** The sentences that say something of the topic, the most telling first. */
function rankSentences(topic: Topic, forms: string[], { sentences, spoken, scores }: Sentences): Ranked[] {
  return topic.sentences
    .slice(0, LOOKED_AT_MAX)
    .flatMap((at) => {
      const [sentence, said] = [sentences[at], spoken[at]]
      if (sentence === undefined || said === undefined) return []
      const part = sentence.whole ? (partIn(said, forms) ?? 'named') : 'aside'
      return [{ at, part, value: sayingValue(sentence, said, part, scores[at] ?? 0, forms) }]
    })
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.value - a.value || a.at - b.at)
}

function sayingValue(
  { text, whole }: Sentence,
  { heading }: Spoken,
  part: Part,
  score: number,
  forms: string[],
): number {
  if (!whole) return isLegible(text) ? FRAGMENT_VALUE : 0
  const headed = forms.some((form) => heading.includes(form)) ? 1.25 : 1
  return score * VALUE[part] * headed * (CONTINUES.test(text) ? 0.45 : 1)
}

/** What is no sentence and yet says something: an item of a list, a line of a slide. */
function isLegible(text: string): boolean {
  return (
    text.length >= 25 &&
    text.length <= 300 &&
    /^[\p{Lu}\p{Lo}\p{N}`"“]/u.test(text) &&
    !/[:,;@]$|@|https?:/.test(text) &&
    text.split(' ').length >= 5
  )
}

/** What the topic is, if the sentence says "X is …". */
function descriptionOf(text: string, spoken: Spoken | undefined, forms: string[]): string | undefined {
  const length = spoken === undefined ? 0 : definitionLength(spoken, forms)
  const definition = endOf(text, length)
    .replace(/[.。]$/, '')
    .trim()
  return definition.length < 12
    ? undefined
    : oneLine(definition.charAt(0).toUpperCase() + definition.slice(1), DESCRIPTION_CHARS_MAX)
}

/** The end of a text that has `length` characters without the signs of code spans. */
function endOf(text: string, length: number): string {
  let start = text.length
  for (let left = length; left > 0 && start > 0; start--) if (text[start - 1] !== '`') left--
  return text.slice(start)
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
