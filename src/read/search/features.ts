// What there is to say for a page as an answer to a query, in numbers of about 0 to 2: shares of what all of its words say.
import type { Asked } from '../../core/search/asked.ts'
import { words } from '../../core/search/words.ts'
import type { ContentMatch, Counts, MatchedTerm, Matches, PassageMatch } from './match.ts'

/**
 * `best`: the best passage by BM25; `spread`: the best of each word in any passage; `whole`: the file as one text by BM25;
 * `cover`: which words it has; `most`: the same, squared; `passage`: which words the best passage has; `title`: which words
 * the title has; `named`: the same, by how much of the title they are; `entitled`: whether all of a title is in
 * the query, more if it is much of the query; `headings`: which words headings have; `phrase`: which
 * pairs of words stand as in the query; `near`: which stand near each other; `long`: tenfolds of passages.
 */
export const FEATURES = [
  'best',
  'spread',
  'whole',
  'spelled',
  'cover',
  'most',
  'passage',
  'title',
  'named',
  'entitled',
  'headings',
  'phrase',
  'near',
  'long',
] as const
export type Feature = (typeof FEATURES)[number]
export type Features = Record<Feature, number>

/** BM25: how fast a second and third place count less, and how much length counts. */
const PASSAGE_K1 = 1.2
const PASSAGE_B = 0.4
const WHOLE_K1 = 1.4
const WHOLE_B = 0.7
/** Words of a passage on average: they are cut to about the same length. */
const PASSAGE_WORDS = 110
/** A text that has only another form of a word has less of it. */
const OTHER_WEIGHT = 0.7
/** Words between two that are near each other. */
const NEAR_WORDS = 6
/** Passages of a file in which pairs are looked for. */
const PAIRED_PASSAGES_MAX = 12

export class Rater {
  readonly #terms: MatchedTerm[]
  readonly #asked: Asked
  readonly #averageSize: number
  /** What the words say together. */
  readonly #all: number
  readonly #forms: Map<string, { term: number; share: number }[]>

  constructor(matches: Matches, asked: Asked, averageSize: number) {
    this.#terms = matches.terms
    this.#asked = asked
    this.#averageSize = averageSize
    this.#all = Math.max(
      1e-6,
      matches.terms.reduce((sum, term) => sum + Math.max(term.exact, term.other), 0),
    )
    this.#forms = new Map()
    for (const [term, { word, forms }] of matches.terms.entries())
      for (const form of forms.length === 0 ? [{ term: word, share: 1 }] : forms)
        this.#forms.set(form.term, [...(this.#forms.get(form.term) ?? []), { term, share: form.share }])
  }

  /** For choosing pages to compare: cheap, and about as they will be ordered. */
  rough(content: ContentMatch): number {
    let sum = 0
    for (const index of this.#terms.keys()) sum += this.#say(content, index, WHOLE_K1)
    let best = 0
    for (const passage of content.passages) best = Math.max(best, this.#passage(passage))
    return (sum + best) / this.#all
  }

  /** How much of what the words say a name has, and how much of the name they are. */
  name(text: string): { has: number; share: number } {
    const parts = words(text)
    const has: number[] = this.#terms.map(() => 0)
    let known = 0
    for (const word of parts) {
      const found = this.#forms.get(word)
      if (found === undefined) continue
      known += 1
      for (const { term, share } of found) has[term] = Math.max(has[term] ?? 0, share)
    }
    return { has: this.#present(has), share: known / Math.max(1, parts.length) }
  }

  /** `passage`: the best one's id, if a passage has a word. */
  rate(
    content: ContentMatch | undefined,
    { names, size, passages }: { names: string[]; size: number; passages: number },
  ): { features: Features; passage: number | undefined } {
    const features = { ...NONE, long: Math.log10(Math.max(1, passages)) }
    for (const name of names) {
      const { has, share } = this.name(name)
      features.title = Math.max(features.title, has)
      features.named = Math.max(features.named, has * share)
      if (share === 1) features.entitled = Math.max(features.entitled, (1 + has) / 2)
    }
    if (content === undefined) return { features, passage: undefined }
    const ranked = [...content.passages]
      .map((passage) => ({ passage, score: this.#passage(passage) }))
      .sort((a, b) => b.score - a.score || a.passage.id - b.passage.id)
    const best = ranked[0]?.passage
    features.best = (ranked[0]?.score ?? 0) / this.#all
    features.spread = this.#spread(content) / this.#all
    features.whole = this.#whole(content, size) / this.#all
    features.spelled = this.#whole({ ...content, other: NOTHING }, size) / this.#all
    features.cover = this.#cover(content)
    features.most = features.cover ** 2
    features.passage = best === undefined ? 0 : this.#cover(best)
    features.headings = this.#present(content.inHeading)
    const { phrase, near } = this.#pairs(ranked.slice(0, PAIRED_PASSAGES_MAX).map(({ passage }) => passage))
    return { features: { ...features, phrase, near }, passage: best?.id }
  }

  #passage(passage: PassageMatch): number {
    const k1 = PASSAGE_K1 * (1 - PASSAGE_B + (PASSAGE_B * passage.size) / PASSAGE_WORDS)
    let sum = 0
    for (const index of this.#terms.keys()) sum += this.#say(passage, index, k1)
    return sum
  }

  #spread(content: ContentMatch): number {
    let sum = 0
    for (const index of this.#terms.keys()) {
      let most = 0
      for (const passage of content.passages) most = Math.max(most, this.#say(passage, index, PASSAGE_K1))
      sum += most
    }
    return sum
  }

  #whole(content: Counts, size: number): number {
    const k1 = WHOLE_K1 * (1 - WHOLE_B + (WHOLE_B * size) / this.#averageSize)
    let sum = 0
    for (const index of this.#terms.keys()) sum += this.#say(content, index, k1)
    return sum
  }

  /** BM25 of one term. The word as it is spelled weighs by how rare it is so, the others by how rare all are. */
  #say({ exact, other }: Counts, index: number, k1: number): number {
    const term = this.#terms[index]
    const own = exact[index] ?? 0
    const count = own + (other[index] ?? 0)
    if (term === undefined || count === 0) return 0
    const weight = own > 0 ? Math.max(term.exact, OTHER_WEIGHT * term.other) : OTHER_WEIGHT * term.other
    return (weight * count * (PASSAGE_K1 + 1)) / (count + k1)
  }

  #cover({ exact, other }: Counts): number {
    return this.#present(exact.map((count, index) => (count > 0 ? 1 : (other[index] ?? 0) > 0 ? OTHER_WEIGHT : 0)))
  }

  #present(has: number[]): number {
    let sum = 0
    for (const [index, term] of this.#terms.entries())
      sum += Math.min(1, has[index] ?? 0) * Math.max(term.exact, term.other)
    return sum / this.#all
  }

  /** Pairs of words that follow each other in the query, in the passage that has most of them. */
  #pairs(passages: PassageMatch[]): { phrase: number; near: number } {
    const { sequence } = this.#asked
    let most = { phrase: 0, near: 0 }
    if (sequence.length < 2) return most
    for (const { at } of passages) {
      const found = { phrase: 0, near: 0 }
      const places = new Map<number, number[]>()
      for (let each = 0; each < at.length; each += 2) {
        const term = at[each] ?? 0
        const known = places.get(term)
        if (known === undefined) places.set(term, [at[each + 1] ?? 0])
        else known.push(at[each + 1] ?? 0)
      }
      if (places.size < 2) continue
      for (let pair = 1; pair < sequence.length; pair++) {
        const [first, second] = [sequence[pair - 1], sequence[pair]]
        if (first === undefined || second === undefined || first.term === second.term) continue
        const weight = (this.#weight(first.term) + this.#weight(second.term)) / 2
        const [from, to] = [places.get(first.term) ?? [], places.get(second.term) ?? []]
        if (from.some((a) => to.includes(a + second.at - first.at))) found.phrase += weight
        if (from.some((a) => to.some((b) => Math.abs(a - b) <= NEAR_WORDS))) found.near += weight
      }
      if (found.phrase + found.near > most.phrase + most.near) most = found
    }
    return { phrase: most.phrase / this.#all, near: most.near / this.#all }
  }

  #weight(term: number): number {
    const found = this.#terms[term]
    return found === undefined ? 0 : Math.max(found.exact, found.other)
  }
}

const NOTHING: number[] = []
const NONE = Object.fromEntries(FEATURES.map((feature) => [feature, 0])) as Features
