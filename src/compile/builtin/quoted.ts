// Which topic each sentence is quoted for: a sentence is said of one topic only.
import type { Ranked, Sentences, Topic } from './topic.ts'
import { definitionLength } from './evidence.ts'
import { overlap } from './salience.ts'

const DEFINITIONS_LOOKED_AT_MAX = 12
/** Minimum weight of a topic of which a second sentence is quoted, and a third. */
const QUOTED_WEIGHTS = [0.35, 0.7]
/** A further quote is not much worse than the first. */
const QUOTED_VALUE_SHARE = 0.3
/** So much of its value another sentence must have for a topic to leave one to a topic that has none. */
const YIELDED_VALUE_SHARE = 0.5
/** Two sentences that share more of their words say the same. */
const OVERLAP_MAX = 0.6

export type Asked = { topic: Topic; forms: string[]; ranked: Ranked[] }

/** Which topic each sentence is quoted for. */
export class Quoted {
  readonly #of: Sentences
  /** Of sentences that the document repeats, the first. */
  readonly #first = new Map<string, number>()
  readonly #taken = new Map<number, Topic>()
  readonly #best = new Map<Topic, Ranked>()

  /** A sentence that defines a topic is kept for it; then the heaviest topics choose first. */
  constructor(asked: Asked[], of: Sentences) {
    this.#of = of
    for (const [at, { folded }] of of.spoken.entries()) if (!this.#first.has(folded)) this.#first.set(folded, at)
    for (const { topic, forms } of asked)
      for (const at of topic.sentences.slice(0, DEFINITIONS_LOOKED_AT_MAX)) {
        const said = of.spoken[at]
        if (said !== undefined && !this.#taken.has(this.#same(at)) && definitionLength(said, forms) > 0)
          this.#taken.set(this.#same(at), topic)
      }
    const byTopic = new Map(asked.map(({ topic, ranked }) => [topic, ranked]))
    for (const { topic, ranked } of asked) {
      const best = ranked.find(({ at }) => this.#isFree(at, topic)) ?? this.#yielded(ranked, byTopic)
      if (best === undefined) continue
      this.#taken.set(this.#same(best.at), topic)
      this.#best.set(topic, best)
    }
  }

  /** A sentence that a topic with another one about as good leaves to one that has none. */
  #yielded(ranked: Ranked[], byTopic: ReadonlyMap<Topic, Ranked[]>): Ranked | undefined {
    for (const wanted of ranked) {
      const holder = this.#taken.get(this.#same(wanted.at))
      const held = holder === undefined ? undefined : this.#best.get(holder)
      if (holder === undefined || held === undefined || this.#same(held.at) !== this.#same(wanted.at)) continue
      if (held.part === 'defined') continue
      const other = byTopic
        .get(holder)
        ?.find(({ at, value }) => value >= held.value * YIELDED_VALUE_SHARE && !this.#taken.has(this.#same(at)))
      if (other === undefined) continue
      this.#taken.set(this.#same(other.at), holder)
      this.#best.set(holder, other)
      return wanted
    }
    return undefined
  }

  /** The best sentence for a topic, and for a heavier one up to two that say something else. */
  of(topic: Topic, ranked: Ranked[]): Ranked[] {
    const best = this.#best.get(topic)
    if (best === undefined) return []
    const { sentences, terms } = this.#of
    const quoted = [best]
    for (const weight of QUOTED_WEIGHTS) {
      if (topic.weight < weight) break
      const next = ranked.find(
        ({ at, value }) =>
          value >= best.value * QUOTED_VALUE_SHARE &&
          sentences[at]?.whole === true &&
          this.#isFree(at, topic) &&
          quoted.every(
            (one) => this.#same(one.at) !== this.#same(at) && overlap(terms[at], terms[one.at]) < OVERLAP_MAX,
          ),
      )
      if (next === undefined) break
      this.#taken.set(this.#same(next.at), topic)
      quoted.push(next)
    }
    return quoted
  }

  /** The topic of which the best of these sentences is said, if it is a whole one. */
  holderOf(ranked: Ranked[]): Topic | undefined {
    const at = ranked[0]?.at ?? -1
    return this.#of.sentences[at]?.whole === true ? this.#taken.get(this.#same(at)) : undefined
  }

  #same(at: number): number {
    return this.#first.get(this.#of.spoken[at]?.folded ?? '') ?? at
  }

  #isFree(at: number, topic: Topic): boolean {
    return (this.#taken.get(this.#same(at)) ?? topic) === topic
  }
}
