// Which topic each sentence is quoted for: a sentence is said of one topic only.
import type { Ranked, Sentences, Topic } from './topic.ts'
import { definitionIn, type Part } from './evidence.ts'
import { overlap } from './salience.ts'

const DEFINITIONS_LOOKED_AT_MAX = 12
/** How much better a sentence says what a topic is than one that only names it. */
export const VALUE: Record<Part, number> = {
  defined: 5,
  described: 2.4,
  introduced: 1.8,
  subject: 1.6,
  named: 1,
  aside: 0.5,
}
/** Minimum weight of a topic of which a second sentence is quoted, and a third. */
const QUOTED_WEIGHTS = [0.35, 0.55]
/** A topic that weighs more gets its second quote before lighter ones choose their first. */
const CENTRAL_WEIGHT_MIN = 0.7
/** A further quote is not much worse than the first, whatever that one says of the topic. */
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
  /** The best first. */
  readonly #quotes = new Map<Topic, Ranked[]>()

  /** A sentence that defines a topic is kept for it; then the heaviest topics choose first, one sentence at a time. */
  constructor(asked: Asked[], of: Sentences) {
    this.#of = of
    for (const [at, { folded }] of of.spoken.entries()) if (!this.#first.has(folded)) this.#first.set(folded, at)
    for (const { topic, forms } of asked)
      for (const at of topic.sentences.slice(0, DEFINITIONS_LOOKED_AT_MAX)) {
        const said = of.spoken[at]
        if (said !== undefined && !this.#taken.has(this.#same(at)) && definitionIn(said, forms) !== undefined)
          this.#taken.set(this.#same(at), topic)
      }
    const byTopic = new Map(asked.map(({ topic, ranked }) => [topic, ranked]))
    const ordered = [
      ...asked.filter(({ topic }) => !isSetting(topic)),
      ...asked.filter(({ topic }) => isSetting(topic)),
    ]
    for (const { topic, ranked } of ordered) {
      const best = ranked.find(({ at }) => this.#isFree(at, topic)) ?? this.#yielded(ranked, byTopic)
      if (best === undefined) continue
      this.#taken.set(this.#same(best.at), topic)
      this.#quotes.set(topic, [best])
      if (topic.weight >= CENTRAL_WEIGHT_MIN) this.#quoteAnother(topic, ranked, 2)
    }
    for (const [index, weight] of QUOTED_WEIGHTS.entries())
      for (const { topic, ranked } of ordered) if (topic.weight >= weight) this.#quoteAnother(topic, ranked, index + 2)
  }

  /** A sentence that a topic with another one about as good leaves to one that has none. */
  #yielded(ranked: Ranked[], byTopic: ReadonlyMap<Topic, Ranked[]>): Ranked | undefined {
    for (const wanted of ranked) {
      const holder = this.#taken.get(this.#same(wanted.at))
      const held = holder === undefined ? undefined : this.#quotes.get(holder)?.[0]
      if (holder === undefined || held === undefined || this.#same(held.at) !== this.#same(wanted.at)) continue
      if (held.part === 'defined') continue
      const other = byTopic
        .get(holder)
        ?.find(({ at, value }) => value >= held.value * YIELDED_VALUE_SHARE && !this.#taken.has(this.#same(at)))
      if (other === undefined) continue
      this.#taken.set(this.#same(other.at), holder)
      this.#quotes.get(holder)?.splice(0, 1, other)
      return wanted
    }
    return undefined
  }

  /** The best sentence for a topic, and for a heavier one up to two that say something else. */
  of(topic: Topic): Ranked[] {
    return this.#quotes.get(topic) ?? []
  }

  #quoteAnother(topic: Topic, ranked: Ranked[], most: number): void {
    const quoted = this.#quotes.get(topic)
    const best = quoted?.[0]
    if (quoted === undefined || best === undefined || quoted.length >= most) return
    const { sentences, terms } = this.#of
    const worth = (one: Ranked): number => one.value / VALUE[one.part]
    const next = ranked.find(
      (one) =>
        worth(one) >= worth(best) * QUOTED_VALUE_SHARE &&
        sentences[one.at]?.whole === true &&
        this.#isFree(one.at, topic) &&
        quoted.every(
          ({ at }) => this.#same(one.at) !== this.#same(at) && overlap(terms[at], terms[one.at]) < OVERLAP_MAX,
        ),
    )
    if (next === undefined) return
    this.#taken.set(this.#same(next.at), topic)
    quoted.push(next)
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

/** A product or a place that a document speaks of says less of it than what it says of that: it chooses last. */
export function isSetting({ type, isTitled }: Topic): boolean {
  return (type === 'product' || type === 'place') && isTitled !== true
}
