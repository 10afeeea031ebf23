// Notes as people keep them: Markdown of one to three kilobytes, words by Zipf's law, a few subjects shared by many.
// The same number gives the same note, so that every run and every variant has the same documents.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { seeded } from '../../support/notes.ts'

const WORDS = 4_000
const SUBJECTS = 300
const PEOPLE = 200
const SYLLABLES = [
  'ba',
  'cor',
  'den',
  'el',
  'fir',
  'gan',
  'hol',
  'in',
  'jor',
  'kem',
  'lan',
  'mar',
  'nor',
  'or',
  'pel',
  'quin',
  'ros',
  'sta',
  'tem',
  'ul',
  'ver',
  'wen',
  'yor',
  'zan',
]
const FREQUENT =
  'the of and to in a is that for it was on are as with be at this have from or had by not but what all were when we there can an your which their said if do will each about how up out them then she many some so these would other into has more her two like him see time could no make than first been its who now people my made over did down only way find use may water long little very after words called just where most know get through back much before good new write our used me man too any day same right look think also around another came come work three word must because does part even place well such here take why things help put years different away again off went old number great tell men say small every found still between name should'.split(
    ' ',
  )

const random = seeded(2_026)
const pick = (from: readonly string[], next: () => number): string => from[Math.floor(next() * from.length)] ?? ''
const VOCABULARY = [
  ...FREQUENT,
  ...Array.from({ length: WORDS - FREQUENT.length }, () =>
    Array.from({ length: 2 + Math.floor(random() * 3) }, () => pick(SYLLABLES, random)).join(''),
  ),
]
/** Cumulative probabilities of the first n words, for a word of rank r as 1/r. */
const CUMULATED = cumulate(VOCABULARY.map((_, rank) => 1 / (rank + 1)))
const NAMES = Array.from({ length: PEOPLE }, () =>
  [
    capital(pick(SYLLABLES, random) + pick(SYLLABLES, random)),
    capital(pick(SYLLABLES, random) + pick(SYLLABLES, random) + pick(SYLLABLES, random)),
  ].join(' '),
)
const TOPICS = Array.from(
  { length: SUBJECTS },
  () => `${pick(VOCABULARY.slice(400), random)} ${pick(VOCABULARY.slice(400), random)}`,
)

/** Note number `at`. */
export function note(index: number): { name: string; text: string } {
  const next = seeded(index * 2_654_435 + 17)
  const word = (): string => VOCABULARY[rankOf(next())] ?? ''
  // A few subjects are in many notes, most in a few.
  const topics = Array.from(
    { length: 1 + Math.floor(next() * 3) },
    () => TOPICS[Math.floor(next() ** 3 * SUBJECTS)] ?? '',
  )
  const person = NAMES[Math.floor(next() ** 2 * PEOPLE)] ?? ''
  const sentence = (): string => {
    const words = Array.from({ length: 6 + Math.floor(next() * 14) }, word)
    if (next() < 0.35) words.splice(Math.floor(next() * words.length), 0, pick(topics, next))
    if (next() < 0.08) words.splice(Math.floor(next() * words.length), 0, person)
    return `${capital(words.join(' '))}.`
  }
  const paragraph = (): string => Array.from({ length: 3 + Math.floor(next() * 4) }, sentence).join(' ')
  const title = `${capital(topics[0] ?? '')}: ${word()} ${word()} ${index}`
  const parts = [`# ${title}`, paragraph()]
  for (let size = 1_000 + next() * 2_000; parts.join('\n\n').length < size;) {
    if (next() < 0.3) parts.push(`## ${capital(`${word()} ${pick(topics, next)}`)}`)
    parts.push(next() < 0.25 ? Array.from({ length: 3 }, () => `- ${sentence()}`).join('\n') : paragraph())
  }
  return {
    name: `${String(index).padStart(6, '0')}-${(topics[0] ?? '').replaceAll(' ', '-')}.md`,
    text: `${parts.join('\n\n')}\n`,
  }
}

/** Writes notes `from` to `from + count` into a folder, which is created, and returns their names. */
export function writeNotes(folder: string, from: number, count: number): string[] {
  mkdirSync(folder, { recursive: true })
  return Array.from({ length: count }, (_, offset) => {
    const { name, text } = note(from + offset)
    writeFileSync(join(folder, name), text)
    return name
  })
}

function cumulate(weights: number[]): number[] {
  let sum = 0
  const sums = weights.map((weight) => (sum += weight))
  return sums.map((value) => value / sum)
}

/** The first rank whose cumulative probability is at least `chance`. */
function rankOf(chance: number): number {
  let [low, high] = [0, CUMULATED.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((CUMULATED[middle] ?? 1) < chance) low = middle + 1
    else high = middle
  }
  return low
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
