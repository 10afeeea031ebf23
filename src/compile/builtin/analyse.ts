// The analysis of one document, a pure function: the same text produces the same knowledge.
import type { Compiled, OutlineEntry } from '../../core/document/compiled.ts'
import { oneLine } from '../../core/page/sanitize.ts'
import { acronymsOf } from './acronyms.ts'
import type { Acronym } from './acronyms.ts'
import { contributionsOf, quoteOf } from './contributions.ts'
import type { Topic } from './contributions.ts'
import type { Format } from '../../core/document/document.ts'
import { describeLetter, describeTables, describeTabular } from './describe.ts'
import { fold, spokenOf } from './evidence.ts'
import { isCjk, languageOf } from './language.ts'
import { NameCounter } from './names.ts'
import { PhraseCounter } from './phrases.ts'
import { pickDescription, pickSentences, scoreSentences, termsOf } from './salience.ts'
import type { Terms } from './salience.ts'
import { sentencesOf, type Sentence } from './sentences.ts'
import { entityTopics } from './entity-topics.ts'
import { conceptTopics } from './topics.ts'
import { ranksOf } from './common-words.ts'
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
const TITLE_CHARS_MAX = 200
const DESCRIPTION_CHARS_MAX = 240
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
  const ranks = ranksOf(language ?? 'en')
  const concepts = conceptTopics(phrases.ranked(), entities, {
    title: ` ${fold(title).replaceAll('_', ' ')} `,
    spoken,
    acronyms,
    ranks,
    english,
  })
  const topics = [...concepts, ...entities].sort((a, b) => b.weight - a.weight || (a.key < b.key ? -1 : 1))
  const scores = scoreSentences(sentences, terms, topics, titleTerms)
  const points = Math.round(Math.sqrt(sentences.filter(({ whole }) => whole).length) * 0.7)
  const about = pickDescription(sentences, terms, scores, titleTerms)

  return {
    compiler: BUILTIN_COMPILER,
    title: tellingTitle(title, topics),
    description: describe(about === undefined ? undefined : sentences[about]?.text, concepts, blocks, input),
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
function count({ tags = [], author }: AnalysisInput, { title, blocks, sentences, language }: Read) {
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
  return { phrases, names, acronyms: [...acronyms.values()], terms, titleTerms: termsOf(titleWords).own, english }
}

/** What a part of any document may be called. */
function isGenre(title: string): boolean {
  return /^(?:abstract|(?:executive )?summary|introduction|(?:table of )?contents|overview|motivations?|background|preface|foreword|drawbacks?|alternatives?|rationale(?: and alternatives)?|(?:detailed )?design|(?:guide|reference)-level explanation|prior art|(?:unresolved|open) questions?|future (?:work|possibilities)|appendix(?: \w)?|notes?|readme|index|chapter \d+|part \d+|sheet ?\d*|\d+|name|synopsis|end)$/i.test(
    title.trim(),
  )
}

/** A title that any document may have, with what this one is about. */
function tellingTitle(title: string, topics: Topic[]): string {
  const names = topics.filter(({ type }) => type !== 'person').map(({ name }) => name)
  if (!isGenre(title) || names.length === 0) return title
  return oneLine(
    `${title.charAt(0).toUpperCase()}${title.slice(1)}: ${names.slice(0, 2).join(' and ')}`,
    TITLE_CHARS_MAX,
  )
}

function titleOf({ title, fallbackTitle }: AnalysisInput, blocks: Block[]): string {
  const stated = oneLine(title ?? '', TITLE_CHARS_MAX)
  if (
    (stated.length > 1 || /\p{L}/u.test(stated)) &&
    !isGenre(stated) &&
    !/^(?:untitled|microsoft word|microsoft powerpoint|document\s?\d*|sheet\s?\d*|slide \d+|presentation\s?\d*|title|(?:.*\.(?:docx?|pptx?|pdf|tex|dvi|indd|xlsx?)))\b/i.test(
      stated,
    )
  )
    return stated
  // A notice may precede the title; a lower heading further down is a section's.
  const first = blocks.slice(0, 4).find(({ kind, level }, index) => kind === 'heading' && (index === 0 || level === 1))
  if (first !== undefined && !isGenre(first.text)) {
    const heading = oneLine(first.text.replaceAll('`', ''), TITLE_CHARS_MAX)
    if (/\p{L}{2}/u.test(heading)) return heading
  }
  return oneLine(fallbackTitle.replace(/[-_]+/g, ' '), TITLE_CHARS_MAX) || 'Untitled'
}

function describe(sentence: string | undefined, concepts: Topic[], blocks: Block[], input: AnalysisInput): string {
  const described = describeTabular(input.format, input.pages) ?? describeLetter(input.format, input)
  if (described !== undefined) return oneLine(described, DESCRIPTION_CHARS_MAX)
  if (sentence !== undefined) return oneLine(sentence, DESCRIPTION_CHARS_MAX)
  const tables = describeTables(input.pages)
  if (tables !== undefined) return oneLine(tables, DESCRIPTION_CHARS_MAX)
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
