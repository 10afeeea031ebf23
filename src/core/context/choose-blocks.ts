// Which blocks go into a pack: the best first, without repetition, from many documents, within a budget of tokens.
import { words } from '../search/words.ts'

export type Candidate = {
  /** Where the block is: blocks of one text have adjacent numbers. */
  text: string
  position: number
  /** What it counts towards: no source may fill the pack alone. */
  source: string
  score: number
  tokens: number
  body: string
}

export type Choice<T> = { chosen: T[]; duplicates: T[]; unaffordable: T[] }

/** Share of the best score below which a block is not about the task. */
const RELEVANT_SHARE = 0.3
/** Factor for each block that the same source already has. */
const REPEATED_SOURCE = 0.88
/** Share of a block's word sequences that another block has, from which it says nothing new. */
const REPEATED_SHARE = 0.6
/** Words of a sequence. */
const SEQUENCE = 5
/** Blocks compared; below them nothing is relevant enough. */
const CANDIDATES_MAX = 400
/** Share of the budget for the best blocks alone; the rest is for what surrounds them. */
const BEST_SHARE = 0.75

/** Chooses greedily: after each block, those of the same source count for less. `budget` is in tokens. */
export function chooseBlocks<T extends Candidate>(candidates: readonly T[], budget: number): Choice<T> {
  const best = candidates.reduce((most, { score }) => Math.max(most, score), 0)
  const open = candidates
    .filter(({ score }) => score > 0 && score >= best * RELEVANT_SHARE)
    .sort((a, b) => b.score - a.score || (a.text < b.text ? -1 : a.text > b.text ? 1 : a.position - b.position))
    .slice(0, CANDIDATES_MAX)
  const choice: Choice<T> = { chosen: [], duplicates: [], unaffordable: [] }
  const seen = new Set<string>()
  const bySource = new Map<string, number>()
  let spent = 0
  while (open.length > 0) {
    const next = open.splice(bestOf(open, bySource), 1)[0]
    if (next === undefined) break
    const sequences = sequencesIn(next.body)
    if (isKnown(sequences, seen)) choice.duplicates.push(next)
    else if (spent + next.tokens > budget * (choice.chosen.length === 0 ? 1 : BEST_SHARE))
      choice.unaffordable.push(next)
    else {
      choice.chosen.push(next)
      spent += next.tokens
      for (const sequence of sequences) seen.add(sequence)
      bySource.set(next.source, (bySource.get(next.source) ?? 0) + 1)
    }
  }
  return choice
}

/**
 * The neighbours of the chosen blocks, of the best first, that still fit into `budget` tokens: what a passage means is
 * often said before it.
 */
export function surroundings<T extends Candidate>(
  { chosen, duplicates }: Choice<T>,
  all: readonly T[],
  budget: number,
): T[] {
  const key = (text: string, position: number): string => `${position} ${text}`
  const byPlace = new Map(all.map((block) => [key(block.text, block.position), block]))
  const taken = new Set([...chosen, ...duplicates].map((block) => key(block.text, block.position)))
  const found: T[] = []
  let spent = 0
  for (const step of [1, -1]) {
    for (const { text, position } of chosen) {
      const place = key(text, position + step)
      const block = byPlace.get(place)
      if (block === undefined || taken.has(place) || spent + block.tokens > budget) continue
      taken.add(place)
      found.push(block)
      spent += block.tokens
    }
  }
  return found
}

/** Whether a text has most of the word sequences of another. */
export function repeats(text: string, part: string): boolean {
  const wanted = sequencesIn(part)
  return wanted.size > 0 && isKnown(wanted, sequencesIn(text))
}

function bestOf(open: readonly Candidate[], bySource: ReadonlyMap<string, number>): number {
  let best = 0
  let most = -1
  for (const [index, { source, score }] of open.entries()) {
    // Sorted: no later block can be better than its own score.
    if (score <= most) break
    const worth = score * REPEATED_SOURCE ** (bySource.get(source) ?? 0)
    if (worth > most) [best, most] = [index, worth]
  }
  return best
}

function sequencesIn(text: string): Set<string> {
  const all = words(text)
  const found = new Set<string>()
  for (let at = 0; at + SEQUENCE <= all.length; at++) found.add(all.slice(at, at + SEQUENCE).join(' '))
  return found
}

function isKnown(sequences: ReadonlySet<string>, seen: ReadonlySet<string>): boolean {
  if (sequences.size === 0) return false
  let known = 0
  for (const sequence of sequences) if (seen.has(sequence)) known++
  return known >= sequences.size * REPEATED_SHARE
}
