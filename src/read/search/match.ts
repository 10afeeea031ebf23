// Where the words of a query are: in which passages, and in which files.
import type { Asked } from '../../core/search/asked.ts'
import type { SearchLanguage } from '../../core/search/languages.ts'
import type { PageLookup, Places } from '../../io/search/lookup.ts'
import { formsOf, type Form } from './forms.ts'

/** `exact`: what a place of the word as it is spelled says; `other`: of a form. 0 if no passage has it. */
export type MatchedTerm = { word: string; forms: Form[]; exact: number; other: number }
/** How often each term is there, by its number: as spelled, and in other forms, each weighted by where. */
export type Counts = { exact: number[]; other: number[] }
export type PassageMatch = Counts & { id: number; size: number; at: number[] }
export type ContentMatch = Counts & { id: number; inHeading: number[]; passages: Set<PassageMatch> }
export type Matches = { terms: MatchedTerm[]; contents: Map<number, ContentMatch>; passageCount: number }

/**
 * Places that one query may look at. Rare words go first; a word that would exceed this is the least informative and is
 * left out.
 */
const PLACES_MAX = 8_000
/** Passages of a word that alone exceeds it, if no other word is more informative. */
const COMMON_PASSAGES_MAX = 1_000
/** Passages that have a word, beyond which it is not worth finding the best of them. */
const RANKED_PASSAGES_MAX = 40_000
/** A word counts more in a heading. */
const HEADING_WEIGHT = 1.5
const HEADING = 0
/** Positions in a heading come before those in a text. */
const TEXT_OFFSET = 1_000

export function match(lookup: PageLookup, asked: Asked, languages: readonly SearchLanguage[]): Matches {
  const passageCount = lookup.passageCount()
  const terms = asked.terms.map(({ word, weight }) => {
    const forms = formsOf(lookup, word, languages)
    const rows = forms.reduce((sum, form) => sum + form.rows, 0)
    const own = forms[0]?.rows ?? 0
    return {
      word,
      forms: forms.filter((form) => form.rows > 0),
      rows,
      exact: own === 0 ? 0 : weight * rarity(own, passageCount),
      other: rows === 0 ? 0 : weight * rarity(rows, passageCount),
    }
  })
  const collector = new Collector(terms.length)
  let left = PLACES_MAX
  const order = terms
    .map((term, index) => ({ term, index }))
    .sort((a, b) => a.term.rows - b.term.rows || a.index - b.index)
  for (const { term, index } of order) {
    if (term.rows === 0) continue
    if (term.rows > left && left < PLACES_MAX) break
    for (const { term: word, rows, share } of term.forms) {
      const places =
        rows > PLACES_MAX && rows <= RANKED_PASSAGES_MAX
          ? lookup.bestPlaces(word, COMMON_PASSAGES_MAX)
          : lookup.places(word, PLACES_MAX)
      collector.add(places, index, share)
      left -= places.passage.length
    }
  }
  return { terms, contents: collector.contents, passageCount }
}

/** The weight of a word in `count` of `total` passages, as BM25 has it, and never below 0. */
export function rarity(count: number, total: number): number {
  const rows = Math.min(count, total)
  return Math.log(1 + (total - rows + 0.5) / (rows + 0.5))
}

class Collector {
  readonly contents = new Map<number, ContentMatch>()
  readonly #passages = new Map<number, PassageMatch & { first: ContentMatch }>()
  readonly #terms: number

  constructor(terms: number) {
    this.#terms = terms
  }

  add({ passage, column, at, content, size }: Places, term: number, share: number): void {
    for (let place = 0; place < passage.length; place++) {
      const id = passage[place] ?? 0
      const holder = content[place] ?? 0
      const isHeading = column[place] === HEADING
      const weight = share * (isHeading ? HEADING_WEIGHT : 1)
      let found = this.#passages.get(id)
      const file = found?.first.id === holder ? found.first : this.#content(holder)
      if (found === undefined) {
        found = { id, size: size[place] ?? 0, at: [], first: file, ...this.#counts() }
        this.#passages.set(id, found)
        file.passages.add(found)
      } else if (found.first !== file) file.passages.add(found)
      const side = share === 1 ? 'exact' : 'other'
      file[side][term] = (file[side][term] ?? 0) + weight
      if (isHeading) file.inHeading[term] = Math.max(file.inHeading[term] ?? 0, share)
      // A passage of several files has a place for each of them.
      if (found.first !== file) continue
      found[side][term] = (found[side][term] ?? 0) + weight
      found.at.push(term, (at[place] ?? 0) + (isHeading ? 0 : TEXT_OFFSET))
    }
  }

  #content(id: number): ContentMatch {
    let found = this.contents.get(id)
    if (found === undefined) {
      found = { id, inHeading: zeros(this.#terms), passages: new Set(), ...this.#counts() }
      this.contents.set(id, found)
    }
    return found
  }

  #counts(): Counts {
    return { exact: zeros(this.#terms), other: zeros(this.#terms) }
  }
}

/** A short list of numbers is made faster than a typed array, and there is one for each passage. */
function zeros(length: number): number[] {
  const list: number[] = []
  for (let at = 0; at < length; at++) list.push(0)
  return list
}
