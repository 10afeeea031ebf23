// An answer without a model: the best passages of the documents that search finds, grouped by document, with the reason for
// each. A question that the base says nothing about is refused.
import { markdownBlocks, pageBlocks, type Block } from '../core/context/cut-blocks.ts'
import { answerPassages, type AnswerPassage, type AskedWord } from '../core/search/answer-passages.ts'
import { parsePages } from '../core/document/stored-text.ts'
import { documentPaths, shardOf, SOURCES } from '../core/layout.ts'
import type { Citation, QueryResult, SearchHit } from '../core/results.ts'
import { sanitizeLine, withoutBreaks } from '../core/page/sanitize-markdown.ts'
import { documentOf } from './citations.ts'
import type { QuerySources } from './query-sources.ts'
import type { FoundHit } from './search.ts'

export const NO_MODEL_LINE = 'No model is configured, so these are the best matching passages.'
export const NOTHING_FITS_LINE = 'Nothing in the base seems to answer this question.'

const EVIDENCE: ReadonlySet<SearchHit['kind']> = new Set(['source', 'summary', 'node'])
/** Hits to choose from: some are on pages that quote the others, or are not evidence. */
const HITS_MAX = 25
const DOCUMENTS_MAX = 5
const PASSAGES_MAX = 6
/** Of the first document; of the others one each. */
const FIRST_PASSAGES_MAX = 2
const PASSAGE_CHARACTERS_MAX = 500
/** A passage that has more than this share of what the words say answers; then only such ones are shown. */
const LITERAL_SHARE = 0.5
/** Beside the passage that has most, one is shown that has this share of it. */
const BESIDE_BEST_SHARE = 0.7
/**
 * In other words, the best document answers if what the base knows of the question (a share of what its words say) and what
 * the document has of it (in rare words, of which each counts `RARE_WORD`) come to this. From the development questions of
 * `npm run bench:answers`.
 */
const ABOUT_MIN = 1.6
const RARE_WORD = 0.4
/** Then a further document is shown if it has this share of the first one's score. */
const BESIDE_FIRST_SHARE = 0.2

type Place = { page: string; pageNumber?: number | undefined }
/** `score`, `cover`: of the document's best hits. `place`: of its text that was found. */
type Found = { document: string; score: number; cover: number; place: Place }
/** `page`: the file that the passages are in. */
type Read = Found & { page: string; passages: AnswerPassage[] }
type Chosen = AnswerPassage & { document: string; page: string }

/** At most six passages, by document, the best document first. */
export async function passages(question: string, at: string, sources: QuerySources): Promise<QueryResult> {
  const asked = sources.weights(question)
  const options = { definition: /^\s*(?:what|who)(?:'s|\s+(?:is|are|was|were))\b/i.test(question) }
  const documents = await Promise.all(
    documentsOf(await sources.found(question, HITS_MAX)).map(async (found) => {
      const { page, blocks } = await textOf(found, sources)
      const passages = answerPassages(blocks, asked, { ...options, foundPage: found.place.pageNumber })
      return { ...found, page, passages }
    }),
  )
  const answer = written(chosenOf(documents, asked), asked)
  return { question, at, ...answer, model: null, words: asked.map(({ word }) => word) }
}

/** Documents in the order of their best hits. Topic pages and saved answers are derived from them, and no evidence. */
function documentsOf(hits: readonly FoundHit[]): Found[] {
  const found = new Map<string, Found>()
  for (const { page, kind, pageNumber, document = documentOf(page), score, cover } of hits) {
    if (document === undefined || !EVIDENCE.has(kind)) continue
    const known = found.get(document)
    if (known === undefined) found.set(document, { document, score, cover, place: { page, pageNumber } })
    else {
      known.cover = Math.max(known.cover, cover)
      // A summary or a section leads to the document; what is shown is its text.
      if (kind === 'source' && !isText(known.place)) known.place = { page, pageNumber }
    }
  }
  return [...found.values()].slice(0, DOCUMENTS_MAX)
}

function isText({ page }: Place): boolean {
  return page.startsWith(`${SOURCES}/`) && !page.endsWith('.tree.json')
}

/** The whole text: what answers need not be on the page that search found. */
async function textOf({ document, place }: Found, sources: QuerySources): Promise<{ page: string; blocks: Block[] }> {
  const { sourceShort, sourceLong } = documentPaths(document, shardOf(place.page), '')
  const short = await sources.page(sourceShort)
  if (short !== undefined) return { page: sourceShort, blocks: markdownBlocks(short) }
  return { page: sourceLong, blocks: pageBlocks(parsePages((await sources.page(sourceLong)) ?? '') ?? []) }
}

/** What is shown of the documents; nothing if neither a passage nor the best document has enough of the question. */
function chosenOf(documents: readonly Read[], asked: readonly AskedWord[]): Chosen[] {
  const best = Math.max(0, ...documents.map(({ passages }) => passages[0]?.share ?? 0))
  if (best > LITERAL_SHARE)
    return shown(documents.filter(({ passages }) => (passages[0]?.share ?? 0) >= best * BESIDE_BEST_SHARE))
  const [first] = documents
  if (first === undefined || !isAbout(first, asked)) return []
  return shown(documents.filter(({ score }) => score >= first.score * BESIDE_FIRST_SHARE))
}

function isAbout({ cover }: Found, asked: readonly AskedWord[]): boolean {
  const all = asked.reduce((sum, { weight }) => sum + weight, 0)
  const known = asked.reduce((sum, word) => sum + (word.known ? word.weight : 0), 0)
  return known / all + RARE_WORD * cover * known >= ABOUT_MIN
}

function shown(documents: readonly Read[]): Chosen[] {
  const chosen: Chosen[] = []
  for (const { document, page, passages } of documents) {
    const share = (passages[0]?.share ?? 0) * BESIDE_BEST_SHARE
    const own = passages.slice(0, chosen.length === 0 ? FIRST_PASSAGES_MAX : 1)
    for (const passage of own.filter((one) => one.share >= share))
      if (!chosen.some(({ text }) => isSame(text, passage.text))) chosen.push({ ...passage, document, page })
  }
  return chosen.slice(0, PASSAGES_MAX)
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
      const quote = sanitizeLine(withoutBreaks(text), PASSAGE_CHARACTERS_MAX)
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
