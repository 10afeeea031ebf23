// `kbgit context`: what the base has to say about a task, within a budget of tokens. No model is needed.
import { createHash } from 'node:crypto'
import { chooseBlocks, repeats, surroundings, type Candidate } from '../core/context/choose-blocks.ts'
import { isBare, markdownBlocks, pageBlocks, type Block } from '../core/context/cut-blocks.ts'
import { rateBlocks } from '../core/context/rate-blocks.ts'
import { framed, renderPack } from '../core/context/render-pack.ts'
import { estimateTokens } from '../core/context/tokens.ts'
import { KbError } from '../core/errors.ts'
import { documentPaths, shardOf } from '../core/layout.ts'
import { headingTarget, splitFrontMatter } from '../core/page/page.ts'
import { parsePages } from '../core/document/stored-text.ts'
import type { ContextBlock, ContextResult, Origin } from '../core/results/context.ts'
import type { SearchHit } from '../core/results.ts'
import { readTree, type OutlineNode } from '../core/search/outline-nodes.ts'

/** What a pack is made from: search, and files, as of one commit. */
export type PackSources = {
  commit: string
  hits: (task: string, options: { limit: number }) => Promise<SearchHit[]>
  page: (path: string) => Promise<string | undefined>
}

export const BUDGET_DEFAULT = 8_000
export const BUDGET_MIN = 500
export const BUDGET_MAX = 1_000_000

const HITS_MAX = 40
/** Texts of documents, and pages of the wiki, that are cut into blocks. */
const DOCUMENTS_MAX = 16
const PAGES_MAX = 10
const TASK_CHARACTERS_MAX = 2_000
/** What a page of the wiki counts beside the text of a document that it tells of. */
const PAGE_WEIGHT = 0.6
/** Factor for the passage that search shows for a file: it compares more than words. */
const SHOWN_WEIGHT = 1.3
/** Share of the budget for sections and descriptions of the documents that are in. */
const FRAME_SHARE = 0.12
const NODES_SHOWN_MAX = 12
const PLACES_MAX = 10
/** Tokens of the line that says what was left out. */
const LEFT_OUT_TOKENS = 120

/** A file that was found, and how well: 1 for the best. */
type Found = { path: string; document: string | undefined; isPage: boolean; weight: number; shown: string[] }
type Read = Found & { digest: string; blocks: Block[] }
type Item = Candidate & { kind: ContextBlock['kind']; origin: Origin; headings: string[] }

/** Throws `KbError` (`usage`) for an empty task or a budget that is out of bounds. */
export async function contextPack(
  sources: PackSources,
  task: string,
  budget: number = BUDGET_DEFAULT,
): Promise<ContextResult> {
  if (task.trim() === '') throw new KbError('usage', 'A context pack needs a task or a question.')
  if (!Number.isInteger(budget) || budget < BUDGET_MIN || budget > BUDGET_MAX)
    throw new KbError('usage', `A budget is a whole number of tokens from ${BUDGET_MIN} to ${BUDGET_MAX}.`)
  const asked = task.slice(0, TASK_CHARACTERS_MAX)
  const head = { task: asked, at: sources.commit }
  const room = budget - estimateTokens(renderPack(head, [], '')) - LEFT_OUT_TOKENS
  const found = await Promise.all(
    foundFiles(await sources.hits(asked, { limit: HITS_MAX })).map((file) => read(sources, file)),
  )
  const all = itemsOf(asked, found, sources.commit)
  const choice = chooseBlocks(all, room * (1 - FRAME_SHARE))
  let spent = total(choice.chosen)
  const frames = await frameItems(sources, choice.chosen, room * FRAME_SHARE)
  spent += total(frames)
  const around = surroundings(choice, all, room - spent)
  // The last to come in is the first to go if the estimate of the parts was too low.
  const items = [...choice.chosen, ...frames, ...around]
  for (;;) {
    const taken = new Set(items)
    const left = choice.unaffordable.filter((item) => !taken.has(item))
    const omitted = { ...omittedOf(left), duplicates: choice.duplicates.length }
    const blocks = inReadingOrder(items, choice.chosen)
    const text = renderPack(head, blocks, leftOutLine(omitted))
    const tokens = estimateTokens(text)
    if (tokens <= budget || items.length === 0)
      return { task: asked, at: sources.commit, budget, tokens, blocks, omitted, text }
    items.pop()
  }
}

/** The files to read, best first: for a hit of any kind on a document, its text; for a page of the wiki, the page. */
function foundFiles(hits: readonly SearchHit[]): Found[] {
  const top = hits[0]?.score ?? 1
  const found = new Map<string, Found>()
  let documents = 0
  let pages = 0
  const take = (path: string, document: string | undefined, isPage: boolean, weight: number, snippet: string): void => {
    const known = found.get(path)
    if (known !== undefined) known.shown.push(snippet)
    if (known !== undefined || (isPage ? pages >= PAGES_MAX : documents >= DOCUMENTS_MAX)) return
    if (isPage) pages++
    else documents++
    found.set(path, { path, document, isPage, weight, shown: [snippet] })
  }
  for (const { page, kind, document, score, snippet } of hits) {
    const weight = Math.max(0, score / Math.max(top, 1e-9))
    if (kind === 'report') continue
    if (document === undefined) take(page, undefined, true, weight, snippet)
    else {
      for (const path of textsOf(page, document)) take(path, document, false, weight, snippet)
      if (kind === 'summary') take(page, document, true, weight, snippet)
    }
  }
  return [...found.values()]
}

/** Where the text of a document may be, from the path of any of its files. */
function textsOf(page: string, document: string): string[] {
  const paths = documentPaths(document, shardOf(page), '')
  return [paths.sourceShort, paths.sourceLong]
}

async function read(sources: PackSources, file: Found): Promise<Read> {
  const text = await sources.page(file.path)
  if (text === undefined) return { ...file, digest: '', blocks: [] }
  const pages = file.path.endsWith('.json') ? parsePages(text) : undefined
  const blocks = file.path.endsWith('.json') ? pageBlocks(pages ?? []) : markdownBlocks(text)
  return { ...file, digest: digestOf(text), blocks }
}

function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}

function itemsOf(task: string, files: readonly Read[], commit: string): Item[] {
  const blocks = files.flatMap((file) =>
    file.blocks.filter((block) => !isBare(block)).map((block) => ({ file, block })),
  )
  const scores = rateBlocks(
    task,
    blocks.map(({ block }) => block),
  )
  const items: Item[] = []
  for (const [index, { file, block }] of blocks.entries()) {
    const favour =
      (file.isPage ? PAGE_WEIGHT : 1) * (file.shown.some((text) => repeats(block.text, text)) ? SHOWN_WEIGHT : 1)
    const score = (scores[index] ?? 0) * (0.4 + 0.6 * file.weight) * favour
    const document = file.document ?? sectionDocument(block)
    items.push(
      item({
        kind: file.isPage ? 'page' : 'passage',
        origin: { document, page: file.path, pageNumber: block.pageNumber, commit, digest: file.digest },
        headings: block.headings,
        position: block.position,
        score,
        body: block.text,
      }),
    )
  }
  return items
}

function item(of: Pick<Item, 'kind' | 'origin' | 'headings' | 'position' | 'score' | 'body'>): Item {
  const { kind, origin, headings, body } = of
  const tokens = estimateTokens(framed({ kind, ...origin, headings, text: body }))
  return { ...of, tokens, text: origin.page, source: origin.document ?? origin.page }
}

/** The document that a section of a topic page belongs to. */
function sectionDocument({ headings }: Block): string | undefined {
  const targets = headings.map((heading) => headingTarget(heading)).filter((target) => target !== undefined)
  return /^summaries\/(?:v\d+\/)?([^/]+)$/.exec(targets.at(-1) ?? '')?.[1]
}

/** For each document that is in: its sections around the chosen pages if it is long, else its description. */
async function frameItems(sources: PackSources, chosen: readonly Item[], budget: number): Promise<Item[]> {
  const frames: Item[] = []
  const seen = new Set<string>()
  let spent = 0
  for (const { origin, kind } of chosen) {
    const { document, page } = origin
    if (document === undefined || kind !== 'passage' || seen.has(document)) continue
    seen.add(document)
    const numbers = chosen.flatMap((item) => (item.origin.page === page ? (item.origin.pageNumber ?? []) : []))
    const frame = await frameOf(sources, document, page, numbers)
    if (frame === undefined || spent + frame.tokens > budget) continue
    // A description that was taken from the text says nothing new beside it.
    if (chosen.some(({ body }) => repeats(body, frame.body))) continue
    frames.push(frame)
    spent += frame.tokens
  }
  return frames
}

async function frameOf(
  sources: PackSources,
  document: string,
  page: string,
  numbers: readonly number[],
): Promise<Item | undefined> {
  const paths = documentPaths(document, shardOf(page), '')
  const tree = page.endsWith('.json') ? await sources.page(paths.tree) : undefined
  const body = tree === undefined ? '' : nodeLines(readTree(tree).nodes, numbers)
  const common = { headings: [], position: -1, score: 0 }
  if (tree !== undefined && body !== '') {
    const origin = { document, page: paths.tree, commit: sources.commit, digest: digestOf(tree) }
    return item({ kind: 'node', origin, body, ...common })
  }
  const summary = await sources.page(paths.summary)
  if (summary === undefined) return undefined
  const { title, description } = splitFrontMatter(summary).front
  const text = [title, description].filter((part) => typeof part === 'string' && part !== '').join('\n\n')
  const origin = { document, page: paths.summary, commit: sources.commit, digest: digestOf(summary) }
  return text === '' ? undefined : item({ kind: 'page', origin, body: text, ...common })
}

/** The sections that have one of the pages, with their pages and summaries, in the order of the text. */
function nodeLines(nodes: readonly OutlineNode[], numbers: readonly number[]): string {
  return nodes
    .filter(({ startPage = 0, endPage = 0 }) => numbers.some((number) => startPage <= number && number <= endPage))
    .slice(0, NODES_SHOWN_MAX)
    .map(({ title, within, nodeId, startPage, endPage, summary }) => {
      const about = summary === '' ? '' : `: ${summary.slice(0, 200)}`
      return `${'  '.repeat(within.length)}- ${title} (node ${nodeId}, pages ${startPage} to ${endPage})${about}`
    })
    .join('\n')
}

/** Grouped by document, the one with the best block first; what frames a document comes first, then its text in order. */
function inReadingOrder(items: readonly Item[], chosen: readonly Item[]): ContextBlock[] {
  const rank = new Map<string, number>()
  for (const { source } of [...chosen, ...items]) if (!rank.has(source)) rank.set(source, rank.size)
  const order = [...items].sort(
    (a, b) =>
      (rank.get(a.source) ?? 0) - (rank.get(b.source) ?? 0) ||
      Number(a.position >= 0) - Number(b.position >= 0) ||
      (a.text < b.text ? -1 : a.text > b.text ? 1 : a.position - b.position),
  )
  const joined: Item[] = []
  for (const next of order) {
    const last = joined.at(-1)
    if (last !== undefined && continues(last, next))
      joined.splice(-1, 1, { ...item({ ...last, body: `${last.body}\n\n${next.body}` }), position: next.position })
    else joined.push(next)
  }
  return joined.map(({ kind, origin, headings, tokens, body }, index) => ({
    number: index + 1,
    kind,
    ...origin,
    headings,
    tokens,
    text: body,
  }))
}

function continues(last: Item, next: Item): boolean {
  return (
    last.text === next.text &&
    last.position >= 0 &&
    next.position === last.position + 1 &&
    last.origin.pageNumber === next.origin.pageNumber &&
    last.source === next.source
  )
}

function omittedOf(left: readonly Item[]): Omit<ContextResult['omitted'], 'duplicates'> {
  const places = left.slice(0, PLACES_MAX).map(({ origin, headings, tokens }) => {
    const heading = headings.at(-1)
    const { document, page, pageNumber } = origin
    return { document, page, pageNumber, ...(heading === undefined ? {} : { heading }), tokens }
  })
  return { passages: left.length, tokens: total(left), places }
}

function leftOutLine({
  passages,
  tokens,
  places,
}: Pick<ContextResult['omitted'], 'passages' | 'tokens' | 'places'>): string {
  if (passages === 0) return ''
  const pages = [...new Set(places.map(({ page }) => page))].slice(0, 5)
  return `Left out for lack of room: ${passages} more passages, about ${tokens} tokens, such as on ${pages.join(', ')}.`
}

function total(items: readonly { tokens: number }[]): number {
  return items.reduce((sum, { tokens }) => sum + tokens, 0)
}
