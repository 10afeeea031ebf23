// Queries made from notes, for known-item search: each should find the note that it was made from.

export type Note = { name: string; title: string; text: string }
export type KnownItemQuery = {
  kind: 'own rarer words' | 'title, paraphrased' | 'title, reordered'
  name: string
  query: string
}

/** Number of words per query of the first kind. */
const RARER_WORDS = 4
/** Queries of each kind per note. */
const ROUNDS = 3
const SMALL = new Set([
  'a',
  'an',
  'and',
  'as',
  'by',
  'for',
  'from',
  'in',
  'into',
  'is',
  'of',
  'on',
  'or',
  'the',
  'to',
  'with',
])
const FRAMES: ((words: string) => string)[] = [
  (words) => `how does ${words} work`,
  (words) => `notes about ${words}`,
  (words) => `what is said of ${words}`,
  (words) => words,
]

/** The same queries for the same notes and numbers. A word counts as rare if two to five in a hundred notes have it. */
export function knownItemQueries(notes: Note[], random: () => number): KnownItemQuery[] {
  const vocabularies = notes.map(({ text }) => new Set(text.toLowerCase().match(/[a-z]{4,}/g) ?? []))
  const frequency = new Map<string, number>()
  for (const vocabulary of vocabularies)
    for (const word of vocabulary) frequency.set(word, (frequency.get(word) ?? 0) + 1)
  const most = Math.max(2, notes.length / 20)
  const queries: KnownItemQuery[] = []
  for (const [index, { name, title }] of notes.entries()) {
    const rarer = [...(vocabularies[index] ?? [])].filter((word) => between(frequency.get(word) ?? 0, 2, most)).sort()
    const words = title
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '' && !SMALL.has(word))
    for (let round = 0; round < ROUNDS; round++) {
      if (rarer.length >= RARER_WORDS) {
        queries.push({ kind: 'own rarer words', name, query: shuffled(rarer, random).slice(0, RARER_WORDS).join(' ') })
      }
      if (words.length === 0) continue
      const kept = shuffled(words, random).slice(0, words.length > 2 && random() < 0.5 ? -1 : undefined)
      const frame = FRAMES[Math.floor(random() * FRAMES.length)] ?? String
      queries.push({ kind: 'title, reordered', name, query: frame(kept.join(' ')) })
      queries.push({
        kind: 'title, paraphrased',
        name,
        query: frame(kept.map((word) => (random() < 0.5 ? inflected(word) : word)).join(' ')),
      })
    }
  }
  return queries
}

/** Another form of an English word: the singular of a plural, and the other way round. */
function inflected(word: string): string {
  if (/[^aeiou]ies$/.test(word)) return `${word.slice(0, -3)}y`
  if (/(?:s|x|ch|sh)es$/.test(word)) return word.slice(0, -2)
  if (/[^su]s$/.test(word)) return word.slice(0, -1)
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`
  return /(?:s|x|ch|sh)$/.test(word) ? `${word}es` : `${word}s`
}

function shuffled<T>(items: T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item)
}

function between(value: number, least: number, most: number): boolean {
  return value >= least && value <= most
}
