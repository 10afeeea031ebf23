// How much each feature of a page counts: `npm run bench:search -- --fit` finds them, from many kinds of query on several
// corpora.
import type { IndexedKind } from '../../core/page/page-kind.ts'
import type { QueryKind } from '../../core/search/asked.ts'
import { FEATURES, type Feature } from './features.ts'

/** `summary`, `tree`: for a page of this kind, which mostly says what the document's text says. */
export type Weights = Record<Feature | 'summary' | 'tree', number>
/**
 * For a topic's page, which quotes documents: they come first, unless the page is named so. Not fitted, because no query of the
 * bench is answered by a topic.
 */
const TOPIC: Record<QueryKind, number> = { word: -0.5, words: -1, question: -2 }
const TOPICS: ReadonlySet<IndexedKind> = new Set(['concept', 'entity'])

const WEIGHTS: Record<QueryKind, Weights> = {
  word: {
    best: 0.65,
    spread: 0.56,
    whole: 2.6,
    spelled: 3.88,
    cover: 0,
    most: 0,
    passage: 0,
    title: 0,
    named: 5.98,
    entitled: 0,
    headings: 0,
    phrase: 0,
    near: 0,
    long: -0.29,
    summary: -1.52,
    tree: -0.6,
  },
  words: {
    best: 0.65,
    spread: 0.84,
    whole: 0.16,
    spelled: 1.11,
    cover: 2.67,
    most: 3.26,
    passage: 1.9,
    title: 1.67,
    named: 2.39,
    entitled: 1.57,
    headings: 0,
    phrase: 4.72,
    near: 2.96,
    long: -1.17,
    summary: -0.33,
    tree: -0.02,
  },
  question: {
    best: 3.51,
    spread: 1.92,
    whole: 3.89,
    spelled: 2.14,
    cover: 0,
    most: 0,
    passage: 0.39,
    title: 1.37,
    named: 1.27,
    entitled: 1.87,
    headings: 2.06,
    phrase: 0.82,
    near: 2.88,
    long: -2.81,
    summary: -2.12,
    tree: -0.18,
  },
}

export function score(features: Record<Feature, number>, page: IndexedKind, query: QueryKind): number {
  const weights = WEIGHTS[query]
  let sum = page === 'summary' || page === 'tree' ? weights[page] : TOPICS.has(page) ? TOPIC[query] : 0
  for (const feature of FEATURES) sum += weights[feature] * features[feature]
  return sum
}
