// An answer without a model: the passages of documents that have most of the question's words, grouped by document, with
// the reason for each. If none fits, it says so.
import { markdownBlocks, pageBlocks, type Block } from '../core/context/cut-blocks.ts'
import { answerPassages, type AnswerPassage, type AskedWord } from '../core/search/answer-passages.ts'
import type { Citation, QueryResult, SearchHit } from '../core/results.ts'
import { sanitizeLine } from '../core/page/sanitize-markdown.ts'
import { documentOf } from './citations.ts'
import type { QuerySources } from './query-sources.ts'

export const NO_MODEL_LINE = 'No model is configured, so these are the best matching passages.'
export const NOTHING_FITS_LINE = 'No passage has most of the words of this question.'

/** Hits to choose from: some are on pages that quote the others, or are not evidence. */
const HITS_MAX = 25
const DOCUMENTS_MAX = 10
const PASSAGES_MAX = 5
const PER_DOCUMENT_MAX = 2
const PASSAGE_CHARACTERS_MAX = 500
/** A passage fits if it has more than this share of what the words say. */
const FITTING_SHARE = 0.5
/** And this share of what the best passage has. */
const BESIDE_BEST_SHARE = 0.7
/** What the place among the hits counts, from first to last: search compares titles and whole documents. */
const RANK_WEIGHT = 0.15

type Chosen = AnswerPassage & { document: string; page: string }

/** At most five passages, best first, by document. */
export async function passages(question: string, at: string, sources: QuerySources): Promise<QueryResult> {
  const asked = sources.weights(question)
  const hits = await sources.search(question, HITS_MAX)
  const found = await Promise.all(
    documentsOf(hits).map(async ({ document, hit }, rank) => {
      const options = { definition: /^\s*(?:what|who)(?:'s|\s+(?:is|are|was|were))\b/i.test(question) }
      const best = answerPassages(await blocksOf(hit, document, sources), asked, options)
      const bonus = RANK_WEIGHT * (1 - rank / DOCUMENTS_MAX)
      return best
        .slice(0, PER_DOCUMENT_MAX)
        .map((passage) => ({ ...passage, ...hit, document, score: passage.score + bonus }))
    }),
  )
  const chosen = fitting(found.flat())
  return { question, at, ...written(chosen, asked), model: null, words: asked.map(({ word }) => word) }
}

/** Documents in the order of their best hits, with the text that was found. */
function documentsOf(
  hits: readonly SearchHit[],
): { document: string; hit: { page: string; pageNumber?: number | undefined } }[] {
  const found = new Map<string, { page: string; pageNumber?: number | undefined }>()
  for (const { page, kind, pageNumber, document = documentOf(page) } of hits)
    // Topic pages and saved answers are derived from documents: the documents are the evidence.
    if (document !== undefined && kind === 'source' && !found.has(document)) found.set(document, { page, pageNumber })
  return [...found].slice(0, DOCUMENTS_MAX).map(([document, hit]) => ({ document, hit }))
}

async function blocksOf(
  { page, pageNumber }: { page: string; pageNumber?: number | undefined },
  document: string,
  sources: QuerySources,
): Promise<Block[]> {
  if (pageNumber === undefined) return markdownBlocks((await sources.page(page)) ?? '')
  const text = (await sources.pageText(document, pageNumber))?.text
  return text === undefined ? [] : pageBlocks([{ page: pageNumber, content: text }])
}

function fitting(found: Chosen[]): Chosen[] {
  const best = Math.max(...found.map(({ share }) => share), 0)
  const chosen: Chosen[] = []
  for (const one of found.sort((a, b) => b.score - a.score)) {
    const fits = one.share > FITTING_SHARE && one.share >= BESIDE_BEST_SHARE * best
    if (fits && !chosen.some((other) => isSame(other.text, one.text))) chosen.push(one)
    if (chosen.length === PASSAGES_MAX) break
  }
  return chosen
}

/** One of them contains the other: a document may be there in two formats. */
function isSame(a: string, b: string): boolean {
  const [x, y] = [a, b].map((text) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim(),
  )
  return x !== undefined && y !== undefined && (x.includes(y) || y.includes(x))
}

function written(chosen: readonly Chosen[], asked: readonly AskedWord[]): Pick<QueryResult, 'answer' | 'citations'> {
  const citations: Citation[] = []
  const groups: string[] = []
  for (const document of new Set(chosen.map((one) => one.document))) {
    const own = chosen.filter((one) => one.document === document)
    const has = asked.filter(({ word }) => own.some((one) => one.has.includes(word)))
    const lines = own.map(({ text, headings, pageNumber, page }) => {
      const quote = sanitizeLine(text, PASSAGE_CHARACTERS_MAX)
      citations.push({ page, document, ...(pageNumber === undefined ? {} : { pageNumber }), quote })
      const place = pageNumber === undefined ? headings.at(-1) : `page ${pageNumber}`
      return `- ${quote} [${citations.length}]${place === undefined ? '' : ` (${sanitizeLine(place, 120)})`}`
    })
    groups.push(`${sanitizeLine(document, 120)}, ${reason(has, asked)}:\n\n${lines.join('\n')}`)
  }
  const missing = absent(asked)
  const answer =
    groups.length === 0
      ? `${NOTHING_FITS_LINE} ${missing ?? 'kbgit search lists pages that have some of them.'}`
      : [NO_MODEL_LINE, ...groups, ...(missing === undefined ? [] : [missing])].join('\n\n')
  return { answer, citations }
}

function reason(has: readonly AskedWord[], asked: readonly AskedWord[]): string {
  if (has.length === asked.length) return asked.length === 1 ? `which has ${quoted(has)}` : 'which has all the words'
  return `which has ${quoted(has)}`
}

/** Names the words that are nowhere in the base, if any. */
function absent(asked: readonly AskedWord[]): string | undefined {
  const missing = asked.filter(({ known }) => !known)
  return missing.length === 0 ? undefined : `Nothing in the base has ${quoted(missing)}.`
}

function quoted(asked: readonly AskedWord[]): string {
  return asked.map(({ word }) => `“${sanitizeLine(word, 60)}”`).join(', ')
}
