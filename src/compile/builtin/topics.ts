// Which of a document's phrases and names are its topics, with their weight: how much they count in the document, and how
// telling they are.
import { topicKey } from '../../core/page/topic.ts'
import type { Acronym } from './acronyms.ts'
import type { Ranks } from './common-words.ts'
import { isDefinedIn, type Topic } from './contributions.ts'
import type { Name } from './names.ts'
import type { Phrase } from './phrases.ts'
import type { Sentence } from './sentences.ts'
import { telling } from './telling.ts'
import { isTitle, topicTitle } from './topic-title.ts'

const CONCEPTS_MAX = 24
/** Phrases that are considered, of those that count most. */
const CANDIDATES_MAX = 100
/** A less telling phrase is not a topic. */
const TELLING_MIN = 0.3
/** What weighs less is mentioned in passing: a page that exists may have a section of it, but it makes none. */
const PASSING_WEIGHT = 0.38
/** Sentences of a candidate in which its definition is looked for. */
const DEFINITION_SENTENCES_MAX = 12
const ENTITIES_MAX = 24
const ALIASES_MAX = 5
/** Sentences that a document begins with, or -1 for its own metadata; what they name gets at least this weight. */
const HEAD_SENTENCES = 4
const HEAD_WEIGHT = 0.55

type Candidate = { phrase: Phrase; aliases: string[] }

export type Evidences = { sentences: Sentence[]; folded: string[]; acronyms: Acronym[]; ranks: Ranks; english: boolean }

/** Heaviest first. */
export function conceptTopics(phrases: Phrase[], entities: Topic[], evidence: Evidences): Topic[] {
  const named = new Set(entities.flatMap(({ key, type }) => (type === 'person' ? [key, ...key.split(' ')] : [key])))
  const merged = mergeAcronyms(phrases.slice(0, 400), evidence.acronyms)
  // One topic that outweighs all others must not make the rest look light.
  const top = Math.max(merged[Math.min(4, merged.length - 1)]?.phrase.score ?? 1, 3)
  const weighed = merged.slice(0, CANDIDATES_MAX).flatMap((candidate): Weighed[] => {
    const { phrase } = candidate
    if (named.has(phrase.key) || !isTitle(phrase.name)) return []
    const salience = Math.min(1, (phrase.score / top) ** 0.7)
    const tells = tellingOf(candidate, salience, named, evidence)
    if (tells < TELLING_MIN) return []
    const weight = (salience + tells) / 2
    return [{ ...candidate, weight: weight < PASSING_WEIGHT ? weight * 0.3 : weight, spaced: ` ${phrase.key} ` }]
  })
  weighed.sort((a, b) => b.weight - a.weight || (a.phrase.key < b.phrase.key ? -1 : 1))
  return distinct(weighed).map(({ phrase, aliases, weight }) => {
    const title = evidence.english ? topicTitle(phrase) : phrase.name
    return {
      kind: 'concept',
      key: phrase.key,
      name: title,
      aliases: distinctNames(title, [phrase.name, ...aliases]).slice(0, ALIASES_MAX),
      weight: Math.round(weight * 1000) / 1000,
      frequency: phrase.frequency,
      sentences: phrase.sentences,
    }
  })
}

type Weighed = Candidate & { weight: number; spaced: string }

function tellingOf(
  { phrase, aliases }: Candidate,
  salience: number,
  named: ReadonlySet<string>,
  evidence: Evidences,
): number {
  const { sentences, folded, acronyms, ranks } = evidence
  const short = acronyms.some((acronym) => aliases.includes(acronym.short))
  const defined =
    short ||
    phrase.sentences
      .slice(0, DEFINITION_SENTENCES_MAX)
      .some((index) => isDefinedIn(sentences[index], folded[index] ?? '', [phrase.name, ...aliases]))
  const words = phrase.name.split(/[\s-]+/).map((word) => (phrase.code ? word : word.toLowerCase()))
  return telling({ key: phrase.key, words, code: phrase.code, named }, { ...phrase, defined, salience }, ranks)
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
    // "defaulted type" is only ever a part of "defaulted type parameter".
    if (phrase.words > 1 && weighed.some((other) => isPartOf(candidate, other))) continue
    const within = (other: Weighed): boolean => other.spaced.includes(spaced) || spaced.includes(other.spaced)
    if (kept.some((other) => within(other) && sharedShare(phrase.sentences, other.phrase.sentences) > 0.6)) continue
    kept.push(candidate)
  }
  return kept
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

export function entityTopics(names: Name[], entityTypes: string[]): Topic[] {
  const types = new Set(entityTypes)
  const top = Math.max(8, names[0]?.frequency ?? 0)
  return names
    .flatMap((name) => {
      const type =
        name.type !== undefined && types.has(name.type) ? name.type : types.has('other') ? 'other' : undefined
      if (type === undefined) return []
      const sure = name.type === undefined ? 0.85 : 0.95
      const often = Math.min(1, Math.log2(1 + name.frequency) / Math.log2(1 + top)) * sure
      // Those whom the head of a document names wrote it, or are what it is about.
      const first = name.sentences[0] ?? -1
      const weight = type !== 'other' && first < HEAD_SENTENCES ? Math.max(often, HEAD_WEIGHT) : often
      return [
        {
          kind: 'entity' as const,
          key: name.key,
          name: titledName(name.name),
          aliases: [],
          type,
          weight,
          frequency: name.frequency,
          sentences: name.sentences,
        },
      ]
    })
    .slice(0, ENTITIES_MAX)
}

/** A name in capitals, as a letterhead writes it, as a text would. Short words in capitals may be acronyms. */
function titledName(name: string): string {
  const words = name.split(' ')
  if (words.length < 2 || name !== name.toUpperCase() || !words.some((word) => /\p{Lu}{4,}/u.test(word))) return name
  return words.map((word) => (word.length > 3 ? word.charAt(0) + word.slice(1).toLowerCase() : word)).join(' ')
}
