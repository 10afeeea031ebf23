// Compares the words of a plain extraction with those of a converter's result: which words were lost, and where. The
// counts decide how many are lost; runs of words that both have decide which of several equal words it was. Linear in
// both.
import { visitWords } from './plain-words.ts'

/** A part of the plain extraction: about a paragraph or a cell. Its text is compared as a run. */
export type PlainPart = {
  text: string
  /** Page, slide or sheet from 1, if the body has physical pages. */
  page?: number | undefined
  /** For a reader, if there is no page: `the notes`, `the sheet "Fees"`. */
  where?: string
}

/** Consecutive lost words of one part. */
export type LostRun = {
  part: PlainPart
  text: string
  words: number
  /** The whole part is lost. */
  whole: boolean
  /** The nearest preceding words that were kept: the piece that has them and where in the piece they end. */
  after?: { piece: number; offset: number }
}

export type Coverage = { words: number; lost: LostRun[] }

/** Length, in words, of the runs that locate a word. */
const SHINGLE = 3
/** Words around the expected place to search for a run that the result has with different spacing. */
const NEAR_WORDS = 60
/** A run of at least this many letters can be searched for without its neighbours. */
const TELLING_LETTERS = 12
/** Maximum number of words by which a run is moved back to begin with its part. */
const SLIDE_MAX = 20
/** Searches through the whole result, each linear in its length. */
const SEARCHES_MAX = 200

/** Words as numbers, with their places. */
type Sequence = { ids: number[]; starts: number[]; ends: number[]; owners: number[] }

/**
 * `pieces` are the result, `dropped` what the converter leaves out on purpose (running heads, page numbers,
 * navigation): both count as kept.
 */
export function compareWords(plain: Iterable<PlainPart>, pieces: string[], dropped: Iterable<string> = []): Coverage {
  const vocabulary = new Vocabulary()
  const kept = vocabulary.sequence([...pieces, ...dropped])
  const parts = [...plain]
  const original = vocabulary.sequence(parts.map(({ text }) => text))
  const left = new Int32Array(vocabulary.size)
  for (const id of kept.ids) left[id] = (left[id] ?? 0) + 1
  const lacks = original.ids.some((id) => (left[id] = (left[id] ?? 0) - 1) < 0)
  const lost = lacks ? new Comparison(vocabulary, parts, original, kept, pieces.length).lost() : []
  return { words: original.ids.length, lost }
}

/** Share of words kept, rounded down to four digits: below 1 as soon as one word is lost. */
export function shareOf(words: number, lost: number): number {
  return lost === 0 ? 1 : Math.floor(((words - lost) / words) * 10_000) / 10_000
}

class Vocabulary {
  readonly #ids = new Map<string, number>()
  readonly words: string[] = []

  get size(): number {
    return this.words.length
  }

  sequence(texts: string[]): Sequence {
    const sequence: Sequence = { ids: [], starts: [], ends: [], owners: [] }
    for (const [owner, text] of texts.entries()) {
      visitWords(text, (word, start, end) => {
        sequence.ids.push(this.#id(word))
        sequence.starts.push(start)
        sequence.ends.push(end)
        sequence.owners.push(owner)
      })
    }
    return sequence
  }

  #id(word: string): number {
    const known = this.#ids.get(word)
    if (known !== undefined) return known
    this.#ids.set(word, this.words.length)
    return this.words.push(word) - 1
  }
}

const UNMATCHED = -1

/** Words joined without separators, and where each begins. `first`: the first one's index in the result. */
type Letters = { text: string; starts: number[]; first: number }

/** The last of the ascending `starts` that is not beyond `offset`. */
function indexAt(starts: number[], offset: number): number {
  let [low, high] = [0, starts.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low
}

class Comparison {
  readonly #words: string[]
  readonly #parts: PlainPart[]
  readonly #plain: Sequence
  readonly #kept: Sequence
  readonly #pieces: number
  /** For each plain word, the place of the same word in the result, if a run around it matches. */
  readonly #places: Int32Array
  /** For each plain word, the place of the nearest matched word before it. */
  readonly #before: Int32Array
  /** How many more of each word the result has than the plain extraction. */
  readonly #spare: Int32Array
  #all: Letters | undefined
  #searches = 0

  constructor({ words }: Vocabulary, parts: PlainPart[], plain: Sequence, kept: Sequence, pieces: number) {
    this.#words = words
    this.#parts = parts
    this.#plain = plain
    this.#kept = kept
    this.#pieces = pieces
    this.#spare = new Int32Array(words.length)
    for (const id of kept.ids) this.#spare[id] = (this.#spare[id] ?? 0) + 1
    for (const id of plain.ids) this.#spare[id] = (this.#spare[id] ?? 0) - 1
    this.#places = this.#matchRuns()
    let before = UNMATCHED
    this.#before = this.#places.map((place) => {
      const last = before
      if (place !== UNMATCHED) before = place
      return last
    })
  }

  lost(): LostRun[] {
    const isLost = this.#lostWords()
    const { owners } = this.#plain
    const runs: LostRun[] = []
    for (let first = 0; first < isLost.length; first++) {
      if (isLost[first] !== 1) continue
      let last = first
      while (isLost[last + 1] === 1) last++
      const slid = this.#slide(first, last)
      for (let from = first - slid; from <= last - slid;) {
        let to = from
        while (to < last - slid && owners[to + 1] === owners[from]) to++
        if (!this.#isThere(from, to)) runs.push(this.#run(from, to))
        from = to + 1
      }
      first = last
    }
    return runs
  }

  /**
   * `the [lost one. The]` might as well be `[the lost one.] The`: how far to move a run back so that it begins with its
   * part.
   */
  #slide(first: number, last: number): number {
    const { ids, owners } = this.#plain
    for (let back = 0; back <= SLIDE_MAX; back++) {
      if (owners[first - back] !== owners[first - back - 1]) return back
      if (ids[first - back - 1] !== ids[last - back]) return 0
    }
    return 0
  }

  /** Each run of plain words is matched with the next free equal run of the result. */
  #matchRuns(): Int32Array {
    const places = new Int32Array(this.#plain.ids.length).fill(UNMATCHED)
    const heads = new Map<number, number>()
    const next = new Int32Array(this.#kept.ids.length).fill(UNMATCHED)
    const taken = new Uint8Array(this.#kept.ids.length)
    for (let index = this.#kept.ids.length - SHINGLE; index >= 0; index--) {
      const key = keyOf(this.#kept.ids, index)
      next[index] = heads.get(key) ?? UNMATCHED
      heads.set(key, index)
    }
    for (let index = 0; index + SHINGLE <= places.length; index++) {
      const key = keyOf(this.#plain.ids, index)
      const found = heads.get(key) ?? UNMATCHED
      if (found === UNMATCHED || !this.#sameRun(index, found)) continue
      heads.set(key, next[found] ?? UNMATCHED)
      for (let i = 0; i < SHINGLE; i++) {
        if (places[index + i] !== UNMATCHED || taken[found + i] === 1) continue
        places[index + i] = found + i
        taken[found + i] = 1
      }
    }
    return places
  }

  #sameRun(plain: number, kept: number): boolean {
    for (let i = 0; i < SHINGLE; i++) if (this.#plain.ids[plain + i] !== this.#kept.ids[kept + i]) return false
    return true
  }

  /** Words outside of matched runs use up what the result has left of them. */
  #lostWords(): Uint8Array {
    const { ids } = this.#plain
    const left = new Int32Array(this.#words.length)
    for (const id of this.#kept.ids) left[id] = (left[id] ?? 0) + 1
    for (const [index, id] of ids.entries()) if (this.#places[index] !== UNMATCHED) left[id] = (left[id] ?? 0) - 1
    return Uint8Array.from(ids, (id, index) => {
      if (this.#places[index] !== UNMATCHED) return 0
      const rest = left[id] ?? 0
      left[id] = rest - 1
      return rest > 0 ? 0 : 1
    })
  }

  /** Whether the result has the run with different word boundaries: `co-operate`, a mark in mid-word, a line end. */
  #isThere(from: number, to: number): boolean {
    const letters = this.#letters(this.#plain.ids, from, to + 1)
    const { owners } = this.#plain
    const start = from > 0 && owners[from - 1] === owners[from] ? from - 1 : from
    const end = to + 1 < owners.length && owners[to + 1] === owners[to] ? to + 1 : to
    const telling = letters.length >= TELLING_LETTERS
    // A short part alone proves little: then all of its words must be ones that nothing else accounts for.
    const isAlone = !telling && start === from && end === to
    const needle = telling ? letters : this.#letters(this.#plain.ids, start, end + 1)
    const before = this.#before[from] ?? UNMATCHED
    if (before !== UNMATCHED && this.#finds(needle, this.#lettersOf(before - 2, before + NEAR_WORDS), isAlone))
      return true
    if (++this.#searches > SEARCHES_MAX) return false
    this.#all ??= this.#lettersOf(0, this.#kept.ids.length)
    return this.#finds(needle, this.#all, isAlone)
  }

  /** Only in surplus words of the result: others are accounted for. Matches are used up. */
  #finds(needle: string, { text, starts, first }: Letters, entirely: boolean): boolean {
    for (
      let offset = text.indexOf(needle), tries = 0;
      offset >= 0 && tries < 20;
      offset = text.indexOf(needle, offset + 1), tries++
    ) {
      let word = indexAt(starts, offset)
      const used: number[] = []
      const from = word
      for (; word < starts.length && (starts[word] ?? 0) < offset + needle.length; word++) {
        const id = this.#kept.ids[first + word] ?? 0
        if ((this.#spare[id] ?? 0) > 0) used.push(id)
      }
      if (used.length === 0 || (entirely && used.length < word - from)) continue
      for (const id of used) this.#spare[id] = (this.#spare[id] ?? 0) - 1
      return true
    }
    return false
  }

  #letters(ids: number[], from: number, to: number): string {
    return ids
      .slice(Math.max(0, from), to)
      .map((id) => this.#words[id])
      .join('')
  }

  /** Of a range of the result. */
  #lettersOf(from: number, to: number): Letters {
    const first = Math.max(0, from)
    const words = this.#kept.ids.slice(first, to).map((id) => this.#words[id] ?? '')
    let end = 0
    const starts = words.map((word) => (end += word.length) - word.length)
    return { text: words.join(''), starts, first }
  }

  #run(from: number, to: number): LostRun {
    const { owners, starts, ends } = this.#plain
    const owner = owners[from] ?? 0
    const part = this.#parts[owner] ?? { text: '' }
    const whole = owners[from - 1] !== owner && owners[to + 1] !== owner
    const text = whole ? part.text.trim() : part.text.slice(starts[from], ends[to])
    const run: LostRun = { part, text, words: to - from + 1, whole }
    const place = this.#before[from] ?? UNMATCHED
    const piece = this.#kept.owners[place]
    if (piece === undefined || piece >= this.#pieces) return run
    return { ...run, after: { piece, offset: this.#kept.ends[place] ?? 0 } }
  }
}

/**
 * The key of the run that begins at `at`. Different runs may share one: the words themselves are compared afterwards.
 */
function keyOf(ids: number[], index: number): number {
  let key = 0
  for (let i = 0; i < SHINGLE; i++) key = Math.imul(key ^ (ids[index + i] ?? 0), 0x9e3779b1) ^ (key >>> 15)
  return key
}
