// Fits the weights of search: a listwise logistic regression (the right document's share of a softmax over all), each kind of
// query on each corpus counting the same, with cross-validation by document.
import type { Weights } from '../../../src/read/search/weights.ts'
import { FEATURES } from '../../../src/read/search/features.ts'
import { FOLDS, type Example } from './examples.ts'

type Vector = Float64Array
type List = { share: number; right: Uint8Array; values: Vector }
export type Fit = { weights: Weights; validated: { group: string; rank: number }[] }

const STEPS = 200
const RATE = 0.5
/** Keeps weights small that hardly change an order. */
const DECAY = 1e-3
/** What a page of such a kind is given, after the features. */
const KINDS = ['summary', 'tree']
const NAMES: string[] = [...FEATURES, ...KINDS]
const LENGTH = NAMES.length
/** Features that may count against a page. */
const SIGNED = new Set([FEATURES.indexOf('long'), FEATURES.length, FEATURES.length + 1])

/** What tells pages apart for one word: the others say the same of it. */
const OF_ONE_WORD = new Set<string>(['best', 'spread', 'whole', 'spelled', 'named', 'long', ...KINDS])

/** For queries of one kind. `validated`: by weights that were fitted to the other folds. */
export function fit(examples: Example[]): Fit {
  const validated = Array.from({ length: FOLDS }, (_, fold) => {
    const weights = descend(examples.filter((example) => example.fold !== fold))
    return examples
      .filter((example) => example.fold === fold)
      .map((example) => ({ group: groupOf(example), rank: reciprocalRank(example, weights) }))
  }).flat()
  return { weights: named(descend(examples)), validated }
}

export function groupOf({ corpus, kind }: Example): string {
  return `${corpus}: ${kind}`
}

function descend(examples: Example[]): Vector {
  const sizes = new Map<string, number>()
  for (const example of examples) sizes.set(groupOf(example), (sizes.get(groupOf(example)) ?? 0) + 1)
  const lists = examples
    .filter(({ pages }) => pages.some(({ isRight }) => isRight))
    .map((example) => ({
      share: 1 / (sizes.get(groupOf(example)) ?? 1) / sizes.size,
      right: Uint8Array.from(example.pages, ({ isRight }) => (isRight ? 1 : 0)),
      values: Float64Array.from(example.pages.flatMap((page) => [...valuesOf(page)])),
    }))
  const isOneWord = examples.every(({ asked }) => asked === 'word')
  const weights = Float64Array.from(NAMES, (name) => (isOneWord && !OF_ONE_WORD.has(name) ? 0 : 1))
  const squares = new Float64Array(LENGTH)
  for (let step = 0; step < STEPS; step++) {
    const slope = new Float64Array(LENGTH)
    for (const list of lists) addSlope(slope, weights, list)
    for (const index of weights.keys()) {
      if (isOneWord && !OF_ONE_WORD.has(NAMES[index] ?? '')) continue
      const down = (slope[index] ?? 0) - DECAY * (weights[index] ?? 0)
      squares[index] = (squares[index] ?? 0) + down ** 2
      const next = (weights[index] ?? 0) + (RATE * down) / Math.sqrt((squares[index] ?? 0) + 1e-12)
      weights[index] = SIGNED.has(index) ? next : Math.max(0, next)
    }
  }
  return weights
}

/** Adds how the logarithm of the right pages' share changes with each weight. `values`: page after page. */
function addSlope(slope: Vector, weights: Vector, { share, right, values }: List): void {
  const parts = new Float64Array(right.length)
  let [top, all, good] = [-Infinity, 0, 0]
  for (let page = 0; page < right.length; page++) {
    let score = 0
    for (let index = 0; index < LENGTH; index++) score += (weights[index] ?? 0) * (values[page * LENGTH + index] ?? 0)
    parts[page] = score
    top = Math.max(top, score)
  }
  for (let page = 0; page < right.length; page++) {
    const part = Math.exp((parts[page] ?? 0) - top)
    parts[page] = part
    all += part
    if (right[page] === 1) good += part
  }
  for (let page = 0; page < right.length; page++) {
    const part = parts[page] ?? 0
    const pull = share * ((right[page] === 1 ? part / good : 0) - part / all)
    for (let index = 0; index < LENGTH; index++)
      slope[index] = (slope[index] ?? 0) + pull * (values[page * LENGTH + index] ?? 0)
  }
}

function reciprocalRank({ pages }: Example, weights: Vector): number {
  const best = new Map<string, { score: number; isRight: boolean }>()
  for (const page of pages) {
    const score = dot(weights, valuesOf(page))
    if (score > (best.get(page.document)?.score ?? -Infinity)) best.set(page.document, { score, isRight: page.isRight })
  }
  const at = [...best.values()].sort((a, b) => b.score - a.score).findIndex(({ isRight }) => isRight)
  return at === -1 || at >= 10 ? 0 : 1 / (at + 1)
}

function valuesOf({ values, kind }: Example['pages'][number]): Vector {
  return Float64Array.from([...values, ...KINDS.map((each) => (kind === each ? 1 : 0))])
}

function dot(a: Vector, b: Vector): number {
  let sum = 0
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0)
  return sum
}

function named(weights: Vector): Weights {
  const entries = NAMES.map((name, at) => [name, Math.round((weights[at] ?? 0) * 100) / 100])
  return Object.fromEntries(entries) as Weights
}
