// Names in the base that a text might use: guessed from the text alone, so that the base is asked for a few names and
// never listed.
import { topicKey } from '../../core/page/topic.ts'

/** Characters of a document that are examined, and words per name. */
const CHARACTERS_MAX = 120_000
const WORDS_MAX = 4
/** Maximum number of keys to look up in the base. */
const CANDIDATES_MAX = 400

const WORD = /[\p{L}\p{N}][\p{L}\p{M}\p{N}'’+#-]*/gu
const SMALL = new Set(
  'a an and are as at be but by for from has have in into is it its not of on or that the their they this to was we were which with'.split(
    ' ',
  ),
)

/** Keys (see `topicKey`) of capitalised names and of recurring phrases, the likeliest first. */
export function candidateKeys(text: string): string[] {
  const scores = new Map<string, number>()
  for (const sentence of text.slice(0, CHARACTERS_MAX).split(/[.!?;:|()[\]{}"“”\n]+/)) {
    const words = sentence.match(WORD) ?? []
    for (let start = 0; start < words.length; start++) {
      for (let length = 1; length <= WORDS_MAX && start + length <= words.length; length++) {
        const name = words.slice(start, start + length)
        if (SMALL.has(name[0]?.toLowerCase() ?? '') || SMALL.has(name.at(-1)?.toLowerCase() ?? '')) continue
        const key = topicKey(name.join(' '))
        if (key.length < 3) continue
        const proper = name.every((word) => /^\p{Lu}/u.test(word) || SMALL.has(word)) && (start > 0 || length > 1)
        scores.set(key, (scores.get(key) ?? 0) + (proper ? 3 : 1))
      }
    }
  }
  return [...scores]
    .filter(([, score]) => score >= 2)
    .toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, CANDIDATES_MAX)
    .map(([key]) => key)
}
