// The sentences of a document that answer a question best, by how many of its words they have and how rare those are.
import { isBare, type Block } from '../context/cut-blocks.ts'
import { isBackMatter } from '../page/back-matter.ts'
import { looseStem } from './loose-stem.ts'
import { proseSentences } from './sentences.ts'
import { words } from './words.ts'

/**
 * A word of a question. `weight`: how much it says beside a rare word, which has 1. `known`: whether any text of the base has
 * it.
 */
export type AskedWord = { word: string; weight: number; known: boolean }

/** `text` is a span of its block; `share`: of the weights of all words asked for; `has`: those that it has. */
export type AnswerPassage = {
  text: string
  headings: string[]
  pageNumber?: number | undefined
  share: number
  score: number
  has: string[]
}

/** Characters; a longer sentence is cut after a word. */
const PASSAGE_LENGTH_MAX = 420
/** A shorter passage takes in the next sentence of its paragraph. */
const PASSAGE_LENGTH_MIN = 160
const SENTENCES_MAX = 3
/** What a word counts that only the heading above has. */
const HEADING_SHARE = 0.6
/** What another form of a word counts: "found" if "founded" was asked. */
const OTHER_FORM_SHARE = 0.8
/** What each further sentence costs, in shares: a passage is no longer than its words need. */
const SENTENCE_COST = 0.03
/** Code and tables answer few questions. */
const CODE_FACTOR = 0.75
/** Neither do bibliographies and lists of contents. */
const BACK_MATTER_FACTOR = 0.5
/** For a sentence that says what something is, if that was asked. */
const DEFINITION_BONUS = 0.15
/** For a passage of the page that search found: search compares more than words. */
const FOUND_PAGE_BONUS = 0.1

/**
 * At most one passage for each block, best first. A passage without any of the words is left out. `foundPage`: the page of
 * a long document that search found, whose passages are preferred.
 */
export function answerPassages(
  blocks: readonly Block[],
  asked: readonly AskedWord[],
  { definition = false, foundPage }: { definition?: boolean; foundPage?: number | undefined } = {},
): AnswerPassage[] {
  const all = asked.reduce((sum, { weight }) => sum + weight, 0)
  if (all === 0) return []
  const stems = asked.map(({ word, weight }) => ({ word, stem: looseStem(word), share: weight / all }))
  return blocks
    .flatMap((block) => (isBare(block) ? [] : (bestOf(block, stems, definition) ?? [])))
    .map((one) =>
      foundPage === undefined || one.pageNumber !== foundPage ? one : { ...one, score: one.score + FOUND_PAGE_BONUS },
    )
    .sort((a, b) => b.score - a.score)
}

type Stem = { word: string; stem: string; share: number }

function bestOf(block: Block, asked: readonly Stem[], definition: boolean): AnswerPassage | undefined {
  const headed = formsOf(block.headings.join(' '))
  const placed = block.headings.some(isBackMatter) ? BACK_MATTER_FACTOR : 1
  let best: AnswerPassage | undefined
  for (const paragraph of block.text.split('\n\n')) {
    const { sentences, factor } = sentencesOf(paragraph)
    for (const from of sentences.keys()) {
      for (let count = 1; count <= SENTENCES_MAX && from + count <= sentences.length; count++) {
        const text = joined(sentences, from, count)
        if (count > 1 && text.length > PASSAGE_LENGTH_MAX) break
        const own = formsOf(text)
        const has = asked.filter(({ stem }) => own.stems.has(stem))
        if (has.length === 0) continue
        const above = asked.filter(({ stem }) => !own.stems.has(stem) && headed.stems.has(stem))
        const share = sum(has, own) + HEADING_SHARE * sum(above, headed)
        const bonus = definition && isDefinition(sentences[from] ?? '') ? DEFINITION_BONUS : 0
        const score = (share + bonus) * factor * placed - SENTENCE_COST * (count - 1)
        if (best !== undefined && score <= best.score) continue
        const { headings, pageNumber } = block
        best = {
          text: rounded(sentences, from, count),
          headings,
          ...(pageNumber === undefined ? {} : { pageNumber }),
          share,
          score,
          has: [...has, ...above].map(({ word }) => word),
        }
      }
    }
  }
  return best
}

/** With the next sentence if there is room for it, and cut after a word if one sentence is too long. */
function rounded(sentences: string[], from: number, count: number): string {
  const text = joined(sentences, from, count)
  const longer = joined(sentences, from, count + 1)
  if (text.length < PASSAGE_LENGTH_MIN && from + count < sentences.length && longer.length <= PASSAGE_LENGTH_MAX)
    return longer
  if (text.length <= PASSAGE_LENGTH_MAX) return text
  return text.slice(0, Math.max(text.lastIndexOf(' ', PASSAGE_LENGTH_MAX), PASSAGE_LENGTH_MAX / 2)).trimEnd()
}

function joined(sentences: string[], from: number, count: number): string {
  return sentences
    .slice(from, from + count)
    .join('')
    .trim()
}

/** Of prose, its sentences; of a list or a table, its lines; fenced code is one. Headings and link targets are none. */
function sentencesOf(paragraph: string): { sentences: string[]; factor: number } {
  if (/^ {0,3}(?:```|~~~)/.test(paragraph)) return { sentences: [paragraph], factor: CODE_FACTOR }
  if (/^ {0,3}\|/.test(paragraph)) return { sentences: linesOf(paragraph), factor: CODE_FACTOR }
  if (/^\s*(?:[-*+]|\d{1,9}[.)])\s/.test(paragraph)) return { sentences: itemsOf(paragraph), factor: 1 }
  const prose = paragraph.replace(/^ {0,3}(?:#{1,6}\s.*|\[[^\]]*\]:\s.*)$/gm, '').trim()
  return { sentences: proseSentences(prose), factor: 1 }
}

function linesOf(table: string): string[] {
  return table.split(/(?<=\n)/).filter((line) => !/^[\s|:-]*$/.test(line))
}

/** Items of a list, each with the lines that go on with it. */
function itemsOf(list: string): string[] {
  return list.split(/(?<=\n)(?=\s*(?:[-*+]|\d{1,9}[.)])\s)/)
}

function isDefinition(sentence: string): boolean {
  return /\b(?:(?:is|are|was|were) (?:an?|the|one|any|some|defined|described)|means?|refers? to|stands for)\b/i.test(
    sentence.slice(0, 200),
  )
}

type Forms = { words: Set<string>; stems: Set<string> }

function formsOf(text: string): Forms {
  const found = words(text)
  return { words: new Set(found), stems: new Set(found.map(looseStem)) }
}

function sum(asked: readonly Stem[], { words: spelled }: Forms): number {
  return asked.reduce((all, { word, share }) => all + share * (spelled.has(word) ? 1 : OTHER_FORM_SHARE), 0)
}
