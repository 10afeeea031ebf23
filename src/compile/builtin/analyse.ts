// The analysis of one document, a pure function: the same text produces the same knowledge.
import type { Compiled, OutlineEntry } from '../../core/document/compiled.ts'
import { oneLine } from '../../core/page/sanitize.ts'
import { topicKey } from '../../core/page/topic.ts'
import { acronymsOf } from './acronyms.ts'
import type { Acronym } from './acronyms.ts'
import { contributionsOf, quoteOf } from './contributions.ts'
import type { Topic } from './contributions.ts'
import { isCjk, languageOf } from './language.ts'
import { NameCounter } from './names.ts'
import type { Name } from './names.ts'
import { PhraseCounter } from './phrases.ts'
import type { Phrase } from './phrases.ts'
import { pickDescription, pickSentences, scoreSentences, termsOf } from './salience.ts'
import type { Terms } from './salience.ts'
import { sentencesOf } from './sentences.ts'
import { statisticalTagger } from './tag-statistics.ts'
import { tagEnglish } from './tag-words.ts'
import { textBlocks } from './text-blocks.ts'
import type { Block, TextPage } from './text-blocks.ts'
import { BUILTIN_COMPILER } from './version.ts'

export type AnalysisInput = {
  pages: TextPage[]
  outline: OutlineEntry[]
  /** The document's own metadata. */
  title?: string
  author?: string
  language?: string | undefined
  fallbackTitle: string
  /** Allowed entity types; a name of another type is `other`, or left out if `other` is not allowed. */
  entityTypes: string[]
}

const CONCEPTS_MAX = 24
/**
 * Phrases that a document uses once: a few are included, as links to other documents, if there are not enough better
 * ones.
 */
const ONCES_MAX = 6
const ONCES_UPTO = 14
const ENTITIES_MAX = 16
const KEY_POINTS_MIN = 3
const KEY_POINTS_MAX = 9
const TITLE_CHARS_MAX = 200
const DESCRIPTION_CHARS_MAX = 240
const ALIASES_MAX = 5
const OUTLINE_MAX = 400

export function analyse(input: AnalysisInput): Compiled {
  const blocks = textBlocks(input.pages, input.outline)
  const title = titleOf(input, blocks)
  const sentences = sentencesOf(blocks)
  const language =
    input.language ??
    languageOf(
      blocks
        .slice(0, 60)
        .map((block) => block.text)
        .join('\n'),
    )
  const english = (language ?? 'en').startsWith('en')
  const tag = english
    ? tagEnglish
    : statisticalTagger(
        sentences.map(({ text }) => text),
        language,
      )

  const phrases = new PhraseCounter(english, isCjk(language) ? '' : ' ')
  const names = new NameCounter()
  const acronyms = new Map<string, Acronym>()
  const terms: Terms[] = []
  for (const [at, { text, whole }] of sentences.entries()) {
    const words = tag(text)
    terms.push(termsOf(words))
    // Labels of figures and lists of names are words without grammar.
    if (whole || words.length < 12 || words.some((word) => word.tag === 'F')) phrases.count(words, at)
    names.count(words, text, at, whole)
    for (const acronym of acronymsOf(text)) if (!acronyms.has(acronym.short)) acronyms.set(acronym.short, acronym)
  }
  for (const block of blocks) if (block.kind === 'heading') phrases.count(tag(block.text), -1, 'heading')
  const titleWords = tag(title)
  phrases.count(titleWords, -1, 'title')
  if (input.author !== undefined) names.person(input.author)

  const entities = entityTopics(names.ranked(), input.entityTypes)
  const concepts = conceptTopics(phrases.ranked(), [...acronyms.values()], entities)
  const topics = [...concepts, ...entities].sort((a, b) => b.weight - a.weight || (a.key < b.key ? -1 : 1))
  const titleTerms = termsOf(titleWords).own
  const scores = scoreSentences(sentences, terms, topics, titleTerms)
  const count = Math.min(
    KEY_POINTS_MAX,
    Math.max(KEY_POINTS_MIN, Math.round(Math.sqrt(sentences.filter(({ whole }) => whole).length) * 0.7)),
  )
  const about = pickDescription(sentences, terms, scores, titleTerms)

  return {
    compiler: BUILTIN_COMPILER,
    title,
    description: describe(about === undefined ? undefined : sentences[about]?.text, concepts, blocks),
    language,
    keyPoints: pickSentences(sentences, terms, scores, count).flatMap((at) => {
      const sentence = sentences[at]
      return sentence === undefined ? [] : [quoteOf(sentence)]
    }),
    outline: (input.outline.length > 0 ? input.outline : outlineOf(blocks)).slice(0, OUTLINE_MAX),
    contributions: contributionsOf(topics, sentences, terms, scores),
  }
}

function titleOf({ title, fallbackTitle }: AnalysisInput, blocks: Block[]): string {
  const stated = oneLine(title ?? '', TITLE_CHARS_MAX)
  if (
    (stated.length > 1 || /\p{L}/u.test(stated)) &&
    !/^(?:untitled|microsoft word|microsoft powerpoint|document\s?\d*|sheet\s?\d*|slide \d+|presentation\s?\d*|title|(?:.*\.(?:docx?|pptx?|pdf|tex|dvi|indd|xlsx?)))\b/i.test(
      stated,
    )
  )
    return stated
  // A notice may precede the title; a lower heading further down is a section's.
  const first = blocks.slice(0, 4).find(({ kind, level }, at) => kind === 'heading' && (at === 0 || level === 1))
  if (
    first !== undefined &&
    !/^(?:abstract|summary|introduction|contents|overview|motivation|background|preface|chapter \d+|sheet ?\d*|\d+)$/i.test(
      first.text,
    )
  ) {
    const heading = oneLine(first.text.replaceAll('`', ''), TITLE_CHARS_MAX)
    if (/\p{L}{2}/u.test(heading)) return heading
  }
  return oneLine(fallbackTitle.replace(/[-_]+/g, ' '), TITLE_CHARS_MAX) || 'Untitled'
}

function describe(sentence: string | undefined, concepts: Topic[], blocks: Block[]): string {
  if (sentence !== undefined) return oneLine(sentence, DESCRIPTION_CHARS_MAX)
  const names = concepts.slice(0, 4).map(({ name }) => name)
  if (names.length > 1)
    return oneLine(`About ${names.slice(0, -1).join(', ')} and ${names.at(-1)}.`, DESCRIPTION_CHARS_MAX)
  if (names[0] !== undefined) return oneLine(`About ${names[0]}.`, DESCRIPTION_CHARS_MAX)
  return oneLine(
    blocks.find((block) => block.kind !== 'heading')?.text ?? blocks[0]?.text ?? 'A document without text.',
    DESCRIPTION_CHARS_MAX,
  )
}

function outlineOf(blocks: Block[]): OutlineEntry[] {
  return blocks.flatMap(({ kind, text, level = 1, page }) =>
    kind === 'heading' ? [{ title: text, level, startPage: page }] : [],
  )
}

function conceptTopics(phrases: Phrase[], acronyms: Acronym[], entities: Topic[]): Topic[] {
  const named = new Set(entities.flatMap(({ key, type }) => (type === 'person' ? [key, ...key.split(' ')] : [key])))
  const merged = mergeAcronyms(phrases.slice(0, 400), acronyms)
  const kept: { phrase: Phrase; aliases: string[]; spaced: string }[] = []
  let onces = 0
  for (const candidate of merged) {
    const { phrase } = candidate
    if (kept.length >= CONCEPTS_MAX) break
    if (named.has(phrase.key) || phrase.name.length > 80) continue
    const once = phrase.frequency === 1 && !phrase.inTitle && phrase.inHeadings === 0 && candidate.aliases.length === 0
    if (
      once &&
      (phrase.words === 1 || onces >= ONCES_MAX || kept.length >= ONCES_UPTO || /^\w+(?:ing|ed) /.test(phrase.name))
    )
      continue
    const spaced = ` ${phrase.key} `
    // "attention function" after "attention" adds nothing unless it is a concept of its own in the document.
    const own = phrase.alone >= 3 || phrase.inTitle || phrase.inHeadings > 0
    if (!own && kept.some((other) => other.phrase.words > phrase.words && other.spaced.includes(spaced))) continue
    if (
      kept.some(
        (other) =>
          (other.spaced.includes(spaced) || spaced.includes(other.spaced)) &&
          sharedShare(phrase.sentences, other.phrase.sentences) > 0.6,
      )
    )
      continue
    if (once) onces++
    kept.push({ ...candidate, spaced })
  }
  // One topic that outweighs all others must not make the rest look light.
  const top = kept[Math.min(2, kept.length - 1)]?.phrase.score ?? 1
  return kept.map(({ phrase, aliases }) => {
    const sure =
      phrase.inTitle || phrase.inHeadings > 0 || phrase.frequency >= 3 ? 1 : phrase.frequency === 2 ? 0.75 : 0.4
    const short = phrase.words === 1 && !phrase.inTitle && aliases.length === 0 ? 0.85 : 1
    return {
      kind: 'concept',
      key: phrase.key,
      name: phrase.name,
      aliases: aliases.slice(0, ALIASES_MAX),
      weight: Math.min(1, (phrase.score / Math.max(top, 3)) ** 0.7) * sure * short,
      frequency: phrase.frequency,
      sentences: phrase.sentences,
    }
  })
}

/** The share of `a` that is in `b`; both in ascending order. */
function sharedShare(a: number[], b: number[]): number {
  const other = new Set(b)
  return a.length === 0 ? 0 : a.filter((at) => other.has(at)).length / a.length
}

/** A short form and its long form are one topic, under the long form's name. */
function mergeAcronyms(phrases: Phrase[], acronyms: Acronym[]): { phrase: Phrase; aliases: string[] }[] {
  const merged = phrases.map((phrase) => ({ phrase, aliases: aliasesOf(phrase) }))
  if (acronyms.length === 0) return merged
  const byKey = new Map(phrases.map((phrase) => [phrase.key, phrase]))
  const gone = new Set<string>()
  for (const { short, long } of acronyms) {
    const full = merged.find(({ phrase }) => phrase.key === topicKey(long))
    const brief = byKey.get(topicKey(short))
    if (full === undefined) {
      // The long form is not a phrase by itself (it contains a preposition, say): the short form is the topic, with the
      // long one as its name.
      const own = merged.find(({ phrase }) => phrase.key === topicKey(short))
      if (own !== undefined) own.aliases.unshift(long)
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

function entityTopics(names: Name[], entityTypes: string[]): Topic[] {
  const types = new Set(entityTypes)
  const top = Math.max(8, names[0]?.frequency ?? 0)
  return names
    .flatMap((name) => {
      const type =
        name.type !== undefined && types.has(name.type) ? name.type : types.has('other') ? 'other' : undefined
      if (type === undefined) return []
      const sure = name.type === undefined ? 0.7 : 0.95
      const weight = Math.min(1, Math.log2(1 + name.frequency) / Math.log2(1 + top)) * sure
      return [
        {
          kind: 'entity' as const,
          key: name.key,
          name: name.name,
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
