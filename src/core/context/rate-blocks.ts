// Which blocks say most about a task: BM25 over the blocks of the pages that search found.
import { looseStem } from '../search/loose-stem.ts'
import { queryWords, words } from '../search/words.ts'
import type { Block } from './cut-blocks.ts'

/** Words of a task that are looked for. */
const TASK_WORDS_MAX = 64
/** Robertson's usual constants. */
const SATURATION = 1.2
const LENGTH_SHARE = 0.5
/** Factor for a word in the headings above a block. */
const HEADING_WEIGHT = 0.5
/** Added, in shares of a word's rarity, for having the word at all. */
const PRESENCE_WEIGHT = 1

/** A number for each block, in their order; 0 if it has no word of the task. */
export function rateBlocks(task: string, blocks: readonly Block[]): number[] {
  const wanted = [...new Set(queryWords(task, TASK_WORDS_MAX).map(looseStem))]
  const counted = blocks.map((block) => countsIn(block.text, wanted))
  const headed = blocks.map((block) => countsIn(block.headings.join(' '), wanted))
  const average = counted.reduce((sum, { total }) => sum + total, 0) / Math.max(1, blocks.length)
  const rarity = wanted.map((_, word) => {
    const having = counted.filter(({ counts }, at) => (counts[word] ?? 0) + (headed[at]?.counts[word] ?? 0) > 0).length
    return Math.log(1 + (blocks.length - having + 0.5) / (having + 0.5))
  })
  return counted.map(({ counts, total }, at) => {
    const norm = 1 - LENGTH_SHARE + (LENGTH_SHARE * total) / Math.max(1, average)
    let score = 0
    for (const [word, weight] of rarity.entries()) {
      const count = (counts[word] ?? 0) + HEADING_WEIGHT * (headed[at]?.counts[word] ?? 0)
      if (count > 0) score += weight * (PRESENCE_WEIGHT + (count * (SATURATION + 1)) / (count + SATURATION * norm))
    }
    return score
  })
}

function countsIn(text: string, wanted: readonly string[]): { counts: number[]; total: number } {
  const found = words(text)
  const byStem = new Map<string, number>()
  for (const word of found) byStem.set(looseStem(word), (byStem.get(looseStem(word)) ?? 0) + 1)
  return { counts: wanted.map((word) => byStem.get(word) ?? 0), total: found.length }
}
