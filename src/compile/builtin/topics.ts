// Which of a document's phrases and names are its topics, with their weight: how much they count in the document, and how
// telling they are.
import { topicKey } from '../../core/page/topic.ts'
import type { Acronym } from './acronyms.ts'
import type { Ranks } from './common-words.ts'
import type { Topic } from './topic.ts'
import { inflectedKeys } from './inflections.ts'
import { fold, formsOf, partIn, type Spoken } from './evidence.ts'
import type { Phrase } from './phrases.ts'
import { telling, type Evidence } from './telling.ts'
import { isTitle, topicTitle } from './topic-title.ts'
import {
  BRIEF_SENTENCES,
  isCommon,
  MAIN_SAID_MIN,
  namedMax,
  PASSING_WEIGHT_MAX,
  saidOf,
  SENTENCES_MAX,
  SHARED_WEIGHT_MAX,
  SHORT_SHARE,
  weightMax,
} from './topic-weight.ts'

const CONCEPTS_MAX = 24
/** Phrases that are considered, of those that count most. */
const CANDIDATES_MAX = 100
/** A less telling phrase is not a topic. */
const TELLING_MIN = 0.3
/** Topics of a document that may have pages of their own in any case, if it has as many that are telling. */
const OWN_MIN = 4
const ALIASES_MAX = 5
const TITLE_SALIENCE = 0.8

/** Heads that add nothing to what they are the head of. */
const EXTENSIONS = new Set(
  ['value', 'implementation', 'impl', 'calculation', 'usage', 'use', 'user', 'support', 'instance', 'occurrence'].map(
    topicKey,
  ),
)

type Candidate = { phrase: Phrase; aliases: string[] }

/** `title`: folded, with a space at either end. */
export type Evidences = {
  title: string
  spoken: Spoken[]
  acronyms: Acronym[]
  ranks: Ranks
  english: boolean
  language: string
}

/** Heaviest first. */
export function conceptTopics(phrases: Phrase[], entities: Topic[], evidence: Evidences): Topic[] {
  const named = new Set(entities.flatMap(({ key, type }) => (type === 'person' ? [key, ...key.split(' ')] : [key])))
  const merged = mergeAcronyms(phrases.slice(0, 400), evidence.acronyms)
  // One topic that outweighs all others must not make the rest look light.
  const top = Math.max(merged[Math.min(4, merged.length - 1)]?.phrase.score ?? 1, 3)
  const weighed = merged.slice(0, CANDIDATES_MAX).flatMap((candidate): Weighed[] => {
    const { phrase } = candidate
    if (named.has(phrase.key) || !isTitle(phrase.name)) return []
    const salience = Math.min(1, Math.max((phrase.score / top) ** 0.7, phrase.inTitle ? TITLE_SALIENCE : 0))
    const seen = evidenceOf(candidate, salience, evidence)
    const tells = tellingOf(candidate, named, seen, evidence)
    if (tells < TELLING_MIN) return []
    const full = (salience + tells) / 2
    const weight = Math.min(full, weightMax(phrase, tells, seen, evidence.ranks), namedMax(phrase, entities, seen))
    return [{ ...candidate, weight, full, said: saidOf(phrase, seen), spaced: ` ${phrase.key} ` }]
  })
  weighed.sort((a, b) => b.weight - a.weight || b.full - a.full || (a.phrase.key < b.phrase.key ? -1 : 1))
  for (const candidate of weighed.slice(0, OWN_MIN)) if (isCentral(candidate)) candidate.weight = candidate.full
  return distinct(weighed).map(({ phrase, aliases, weight }) => {
    const title = evidence.english ? withArticle(topicTitle(phrase), phrase, evidence.spoken) : phrase.name
    return {
      kind: 'concept',
      key: phrase.key,
      name: title,
      aliases: distinctNames(title, [phrase.name, ...aliases, ...identifierOf(phrase)]).slice(0, ALIASES_MAX),
      ...(evidence.english ? {} : { variants: inflectedKeys(title, evidence.language) }),
      weight: Math.round(weight * 1000) / 1000,
      isTitled: phrase.titled,
      frequency: phrase.frequency,
      sentences: phrase.sentences,
    }
  })
}

/** "The Rust Programming Language", if the article is a part of the name in the middle of sentences. */
function withArticle(title: string, { words, sentences }: Phrase, spoken: Spoken[]): string {
  if (words < 2 || !/^\p{Lu}\p{Ll}+ (?:\p{Lu}|of )/u.test(title)) return title
  const named = `The ${title}`
  const withIt = sentences.slice(0, SENTENCES_MAX).filter((at) => (spoken[at]?.text.indexOf(named) ?? -1) > 0)
  return withIt.length > 1 ? named : title
}

type Weighed = Candidate & {
  weight: number
  /** The weight that it had if it needed nothing for a page of its own. */
  full: number
  said: number
  spaced: string
}

/** Whether a topic is central to its document, even if its own weight is too low for a page. */
function isCentral({ phrase, weight, full, said }: Weighed): boolean {
  return weight === SHARED_WEIGHT_MAX && full >= 0.65 && said >= MAIN_SAID_MIN && !isCommon(phrase)
}

/** The share of the usual number of occurrences that makes a word frequent in a document of so many sentences. */
function oftenShare(sentences: number): number {
  return Math.min(1, Math.max(SHORT_SHARE, sentences / 120))
}

/** What speaks for a candidate: its place, and what the document says of it. */
function evidenceOf(
  { phrase, aliases }: Candidate,
  salience: number,
  { spoken, acronyms, title }: Evidences,
): Evidence {
  const forms = formsOf([phrase.name, ...aliases])
  const inTitle = phrase.inTitle || (phrase.code && title.includes(` ${fold(phrase.name).replaceAll('_', ' ')} `))
  let defined = acronyms.some(({ short }) => aliases.includes(short))
  let about = 0
  for (const index of phrase.sentences.slice(0, SENTENCES_MAX)) {
    const said = spoken[index]
    const part = said === undefined ? undefined : partIn(said, forms)
    if (part === 'defined') defined = true
    if (part === 'defined' || part === 'subject' || part === 'introduced') about++
  }
  return {
    ...phrase,
    inTitle,
    defined,
    about,
    salience,
    often: oftenShare(spoken.length),
    brief: spoken.length <= BRIEF_SENTENCES,
  }
}

function tellingOf({ phrase }: Candidate, named: ReadonlySet<string>, seen: Evidence, { ranks }: Evidences): number {
  const words = phrase.name.split(/[\s-]+/).map((word) => (phrase.code ? word : word.toLowerCase()))
  const acronym = /^\p{Lu}{3,}$/u.test(phrase.name)
  return telling({ key: phrase.key, words, code: phrase.code, acronym, named }, seen, ranks)
}

/** Heaviest first, without phrases that only repeat a better one. */
function distinct(weighed: Weighed[]): Weighed[] {
  const kept: Weighed[] = []
  for (const candidate of weighed) {
    const { phrase, spaced } = candidate
    if (kept.length >= CONCEPTS_MAX) break
    // "attention function" after "attention" adds nothing unless it is a concept of its own in the document.
    const own = phrase.alone >= 3 || phrase.inTitle || phrase.inHeadings > 0
    if (!own && kept.some((other) => other.phrase.words > phrase.words && other.spaced.includes(spaced))) continue
    if (kept.some((other) => rooted(other.phrase.key) === rooted(phrase.key))) continue
    if (weighed.some((other) => isFragment(candidate, other) || isExtended(candidate, other))) continue
    // "defaulted type" is only ever a part of "defaulted type parameter".
    if (phrase.words > 1 && weighed.some((other) => isPartOf(candidate, other))) continue
    // "error message" has more to say than "message" if it is said often.
    const isMore = phrase.code || phrase.titled || (phrase.frequency > 3 && candidate.weight > SHARED_WEIGHT_MAX)
    const within = (other: Weighed): boolean =>
      other.spaced.includes(spaced) || (!isMore && spaced.includes(other.spaced))
    if (kept.some((other) => within(other) && sharedShare(phrase.sentences, other.phrase.sentences) > 0.6)) continue
    kept.push(candidate)
  }
  return kept
}

/** "visualizer" and "visualization" are one topic. */
function rooted(key: string): string {
  return key.replace(/i[sz](?:ation|er|e|)$/, 'iz')
}

/** "clause" that is mostly said in "where clause". */
function isFragment(candidate: Weighed, other: Weighed): boolean {
  const { phrase, spaced } = candidate
  return (
    other.phrase.words > phrase.words &&
    other.weight > PASSING_WEIGHT_MAX &&
    !(phrase.words > 1 ? phrase.inTitle : phrase.titled) &&
    !isExtended(other, candidate) &&
    phrase.alone < phrase.frequency * 0.35 &&
    other.phrase.frequency >= phrase.frequency * (phrase.alone < 2 ? 0.2 : 0.35) &&
    other.spaced.includes(spaced)
  )
}

/** "discriminant value" beside "discriminant". */
function isExtended({ phrase }: Weighed, other: Weighed): boolean {
  const space = phrase.key.lastIndexOf(' ')
  return (
    other.phrase.key === phrase.key.slice(0, space) &&
    other.weight > PASSING_WEIGHT_MAX &&
    (EXTENSIONS.has(phrase.key.slice(space + 1)) || (other.phrase.words > 1 && phrase.key.endsWith(' type')))
  )
}

function isPartOf({ phrase, spaced }: Weighed, other: Weighed): boolean {
  return (
    other.phrase.words > phrase.words &&
    phrase.alone < 3 &&
    other.phrase.frequency >= phrase.frequency * 0.6 &&
    other.phrase.frequency > 2 &&
    other.spaced.includes(spaced)
  )
}

/** The `name` of "`name` attribute", if it is a name that nothing else has. */
function identifierOf({ name, code, words }: Phrase): string[] {
  const [first = ''] = name.split(' ')
  return code && words === 2 && /^\p{Lu}|[_a-z][_A-Z]/u.test(first) ? [first] : []
}

/** The names that differ from the title in more than case. */
function distinctNames(title: string, names: string[]): string[] {
  const seen = new Set([title.toLowerCase()])
  return names.filter((name) => {
    if (seen.has(name.toLowerCase())) return false
    seen.add(name.toLowerCase())
    return true
  })
}

/** The share of `a` that is in `b`; both in ascending order. */
function sharedShare(a: number[], b: number[]): number {
  const other = new Set(b)
  return a.length === 0 ? 0 : a.filter((index) => other.has(index)).length / a.length
}

/** A short form and its long form are one topic, under the long form's name. */
function mergeAcronyms(phrases: Phrase[], acronyms: Acronym[]): Candidate[] {
  const merged = phrases.map((phrase) => ({ phrase, aliases: aliasesOf(phrase) }))
  if (acronyms.length === 0) return merged
  const byKey = new Map(phrases.map((phrase) => [phrase.key, phrase]))
  const gone = new Set<string>()
  for (const { short, long } of acronyms) {
    const full = merged.find(({ phrase }) => phrase.key === topicKey(long))
    const brief = byKey.get(topicKey(short))
    if (full === undefined) {
      // The long form is not a phrase by itself (it contains a preposition, say): the short form's occurrences count for
      // it, under its name.
      const own = merged.find(({ phrase }) => phrase.key === topicKey(short))
      if (own !== undefined && isTitle(long)) {
        own.aliases.unshift(short)
        own.phrase = { ...own.phrase, name: long, key: topicKey(long), words: long.split(/\s+/).length, code: false }
      } else own?.aliases.unshift(long)
      continue
    }
    full.aliases.unshift(short)
    if (brief === undefined || brief === full.phrase) continue
    gone.add(brief.key)
    full.phrase = {
      ...full.phrase,
      alone: full.phrase.alone + brief.alone,
      inHeadings: full.phrase.inHeadings + brief.inHeadings,
      inTitle: full.phrase.inTitle || brief.inTitle,
      score: full.phrase.score + brief.score,
      frequency: full.phrase.frequency + brief.frequency,
      sentences: [...new Set([...full.phrase.sentences, ...brief.sentences])].sort((a, b) => a - b),
    }
  }
  return merged
    .filter(({ phrase }) => !gone.has(phrase.key))
    .sort((a, b) => b.phrase.score - a.phrase.score || (a.phrase.key < b.phrase.key ? -1 : 1))
}

/** Other spellings, except those that differ only in case. */
function aliasesOf({ name, spellings }: Phrase): string[] {
  if (spellings.length < 2) return []
  const seen = new Set([name.toLowerCase()])
  return spellings
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1))
    .flatMap(({ text }) => {
      if (seen.has(text.toLowerCase())) return []
      seen.add(text.toLowerCase())
      return [text]
    })
}
