// The analysis of one document, a pure function: the same text produces the same knowledge.
import type { Compiled, OutlineEntry } from '../../core/document/compiled.ts'
import { acronymsOf } from './acronyms.ts'
import type { Acronym } from './acronyms.ts'
import { contributionsOf, quoteOf } from './contributions.ts'
import type { Format } from '../../core/document/document.ts'
import { describeDocument } from './describe.ts'
import { fold, spokenOf } from './evidence.ts'
import { isCjk, languageOf } from './language.ts'
import { NameCounter } from './names.ts'
import { PhraseCounter } from './phrases.ts'
import { pickDescription, pickSentences, scoreSentences, termsOf } from './salience.ts'
import type { Terms } from './salience.ts'
import { sentencesOf, type Sentence } from './sentences.ts'
import { peopleOfFields } from './field-people.ts'
import { entityTopics, withAuthorship } from './entity-topics.ts'
import { conceptTopics } from './topics.ts'
import { ranksOf } from './common-words.ts'
import { statisticalTagger } from './tag-statistics.ts'
import { tagEnglish } from './tag-words.ts'
import { textBlocks } from './text-blocks.ts'
import type { Block, TextPage } from './text-blocks.ts'
import { tellingTitle, titleOf } from './title.ts'
import { BUILTIN_COMPILER } from './version.ts'

export type AnalysisInput = {
  pages: TextPage[]
  outline: OutlineEntry[]
  /** The document's own metadata. */
  title?: string
  author?: string
  tags?: string[] | undefined
  language?: string | undefined
  fallbackTitle: string
  format?: Format | undefined
  /** Of a mail. */
  from?: string | undefined
  to?: string | undefined
  subject?: string | undefined
  /** Allowed entity types; a name of another type is `other`, or left out if `other` is not allowed. */
  entityTypes: string[]
}

const KEY_POINTS_MIN = 3
const KEY_POINTS_MAX = 9
const OUTLINE_MAX = 400
/** How many blocks the language is detected from. */
const LANGUAGE_BLOCKS = 60

export function analyse(input: AnalysisInput): Compiled {
  const blocks = textBlocks(input.pages, input.outline)
  const title = titleOf(input, blocks)
  const sentences = sentencesOf(blocks)
  const opening = blocks.slice(0, LANGUAGE_BLOCKS).map(({ text }) => text)
  const language = input.language ?? languageOf(opening.join('\n'))
  const read = { title, blocks, sentences, language }
  const { phrases, names, acronyms, terms, titleTerms, english } = count(input, read)

  const spoken = spokenOf(sentences)
  const entities = entityTopics(names.ranked(), input.entityTypes, { title, spoken })
  const concepts = conceptTopics(phrases.ranked(), entities, {
    title: ` ${fold(title).replaceAll('_', ' ')} `,
    spoken,
    acronyms,
    ranks: ranksOf(language ?? 'en'),
    english,
    language: language ?? 'en',
  })
  const topics = withAuthorship(
    [...concepts, ...entities].sort((a, b) => b.weight - a.weight || (a.key < b.key ? -1 : 1)),
  )
  const scores = scoreSentences(sentences, terms, topics, titleTerms)
  const points = Math.round(Math.sqrt(sentences.filter(({ whole }) => whole).length) * 0.7)
  const about = pickDescription(sentences, terms, scores, titleTerms)

  return {
    compiler: BUILTIN_COMPILER,
    title: tellingTitle(title, topics),
    description: describeDocument({
      ...input,
      title,
      sentence: about === undefined ? undefined : sentences[about]?.text,
      concepts: concepts.map(({ name }) => name),
      blocks,
    }),
    language,
    keyPoints: pickSentences(
      sentences,
      terms,
      scores,
      Math.min(KEY_POINTS_MAX, Math.max(KEY_POINTS_MIN, points)),
    ).flatMap((index) => {
      const sentence = sentences[index]
      return sentence === undefined ? [] : [quoteOf(sentence)]
    }),
    outline: (input.outline.length > 0 ? input.outline : outlineOf(blocks)).slice(0, OUTLINE_MAX),
    contributions: contributionsOf(topics, { sentences, spoken, terms, scores }),
  }
}

type Read = { title: string; blocks: Block[]; sentences: Sentence[]; language: string | undefined }

/** The phrases, names and acronyms of a document, and the terms of each sentence and of the title. */
function count({ tags = [], author, pages }: AnalysisInput, { title, blocks, sentences, language }: Read) {
  const english = (language ?? 'en').startsWith('en')
  const texts = sentences.map(({ text }) => text)
  const tag = english ? tagEnglish : statisticalTagger(texts, language)
  const phrases = new PhraseCounter(english, isCjk(language) ? '' : ' ')
  const names = new NameCounter()
  const acronyms = new Map<string, Acronym>()
  const terms: Terms[] = []
  for (const [index, { text, whole }] of sentences.entries()) {
    const words = tag(text)
    terms.push(termsOf(words))
    // Labels of figures and lists of names are words without grammar.
    if (whole || words.length < 12 || words.some((word) => word.tag === 'F')) phrases.count(words, index)
    names.count(words, text, index, whole)
    for (const acronym of acronymsOf(text)) if (!acronyms.has(acronym.short)) acronyms.set(acronym.short, acronym)
  }
  for (const block of blocks) if (block.kind === 'heading') phrases.count(tag(block.text), -1, 'heading')
  // A tag is a name that the author gave to what a note is about.
  for (const name of tags) phrases.count(tag(name.replace(/^.*\//, '').replace(/[-_]+/g, ' ')), -1, 'heading')
  const titleWords = tag(title)
  phrases.count(titleWords, -1, 'title')
  if (author !== undefined) names.person(author)
  for (const { name, role } of peopleOfFields(pages)) names.person(name, role)
  return { phrases, names, acronyms: [...acronyms.values()], terms, titleTerms: termsOf(titleWords).own, english }
}

function outlineOf(blocks: Block[]): OutlineEntry[] {
  return blocks.flatMap(({ kind, text, level = 1, page }) =>
    kind === 'heading' ? [{ title: text, level, startPage: page }] : [],
  )
}
