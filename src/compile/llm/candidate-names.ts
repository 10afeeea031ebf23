// What a text may call a topic: the keys of its words and of short sequences of words, by which the base is asked for
// its names. The base is never listed.
import { topicKey } from '../../core/page/topic.ts'

/** Characters of a document that are examined, words per name, and keys. */
const CHARACTERS_MAX = 120_000
const WORDS_MAX = 4
const KEYS_MAX = 60_000

const WORD = /[\p{L}\p{N}][\p{L}\p{M}\p{N}'’+#-]*/gu
const SMALL = new Set(
  'a an and are as at be but by for from has have in into is it its not of on or that the their they this to was we were which with'.split(
    ' ',
  ),
)

/** Keys (see `topicKey`) that a name in the text would have, with how often each occurs. */
export function textKeys(text: string): Map<string, number> {
  const counts = new Map<string, number>()
  const keys = new Map<string, string>()
  const keyOf = (word: string): string => {
    const known = keys.get(word) ?? topicKey(word)
    keys.set(word, known)
    return known
  }
  for (const sentence of text.slice(0, CHARACTERS_MAX).split(/[.!?;:|()[\]{}"“”\n]+/)) {
    const words = (sentence.match(WORD) ?? []).map((word) => ({
      key: keyOf(word),
      isSmall: SMALL.has(word.toLowerCase()),
    }))
    for (const [start, first] of words.entries()) {
      if (first.isSmall) continue
      let key = ''
      for (const { key: next, isSmall } of words.slice(start, start + WORDS_MAX)) {
        key = key === '' ? next : `${key} ${next}`
        if (isSmall || key.length < 2) continue
        const count = counts.get(key)
        if (count !== undefined || counts.size < KEYS_MAX) counts.set(key, (count ?? 0) + 1)
      }
    }
  }
  return counts
}
