// Recognises words of a text in another text, whatever Markdown, punctuation and line breaks do to them: by hashes of
// runs of consecutive words (shingles: Broder, "On the resemblance and containment of documents", 1997).

/** Words per run. Fewer would find phrases that every author uses. */
export const RUN_WORDS = 8

/** A writing system without blanks between words: each character counts as a word. */
const WORD = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}]|[\p{L}\p{N}]+/gu

/** `start` and `end` are offsets in UTF-16 units. Return true to stop. */
export type OnRun = (hash: number, start: number, end: number) => boolean | void

/** Reports every run of `RUN_WORDS` words in order. Texts with fewer words have none. */
export function eachWordRun(text: string, onRun: OnRun): void {
  const hashes = new Uint32Array(RUN_WORDS)
  const starts = new Uint32Array(RUN_WORDS)
  let count = 0
  for (const match of text.matchAll(WORD)) {
    hashes[count % RUN_WORDS] = wordHash(match[0].toLowerCase())
    starts[count % RUN_WORDS] = match.index
    count++
    if (count < RUN_WORDS) continue
    let high = 0
    let low = 0
    for (let i = 0; i < RUN_WORDS; i++) {
      const hash = hashes[(count + i) % RUN_WORDS] ?? 0
      high = Math.imul(high, 0x01000193) ^ hash
      low = Math.imul(low ^ hash, 0x85ebca6b) + (low >>> 13)
    }
    // 53 bits fit a number exactly.
    const run = (high >>> 0) * 0x200000 + ((low >>> 0) & 0x1fffff)
    if (onRun(run, starts[count % RUN_WORDS] ?? 0, match.index + match[0].length) === true) return
  }
}

/** Hashes of the runs of a text. */
export function wordRuns(text: string): Set<number> {
  const runs = new Set<number>()
  eachWordRun(text, (hash) => void runs.add(hash))
  return runs
}

/** Whether a text has one of the runs. */
export function hasRun(text: string, runs: ReadonlySet<number>): boolean {
  let found = false
  if (runs.size > 0)
    eachWordRun(text, (hash) => {
      found = runs.has(hash)
      return found
    })
  return found
}

/** FNV-1a, 32 bits. */
function wordHash(word: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
