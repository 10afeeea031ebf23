import { describe, expect, test } from 'vitest'
import { topicKey } from '../../../../src/core/page/topic.ts'

const ENDINGS = [
  '',
  's',
  'es',
  'ies',
  'eies',
  'ss',
  'us',
  'is',
  'ics',
  'uses',
  'sses',
  'xes',
  'zzes',
  'shes',
  'ches',
  'iches',
  'aches',
  'iases',
  'crises',
  'analyses',
  'syntheses',
]
const STEMS = [
  '',
  'a',
  'go',
  'b',
  'cl',
  'bran',
  'stat',
  'attention',
  'ma tri',
  'write ahead log',
  'its own ca',
  'A',
  'I',
  'Attention',
  'Penn Tree',
  'In a Ca',
  'API',
  'AP',
  'CamelCa',
  'a API ca',
  'Ünder ca',
]

describe('the key of a topic', () => {
  test('is the same for plain words and for words that need folding', () => {
    const names = STEMS.flatMap((stem) => ENDINGS.map((ending) => stem + ending)).filter((name) => name !== '')
    for (const name of names) expect(topicKey(name), name).toBe(topicKey(`${name}!`))
  })

  test('folds the inflection of every word', () => {
    for (const [one, other] of [
      ['systems libraries', 'system library'],
      [' two  caches ', 'Two caching'],
      ['pattern matching', 'Pattern-matches'],
      ['tracing', 'trace'],
      ['intrinsics', 'intrinsic'],
      ['formatting strings', 'format string'],
    ] as const)
      expect(topicKey(one), one).toBe(topicKey(other))
    expect(topicKey('')).toBe('')
  })

  test('keeps words apart that only look inflected', () => {
    for (const [one, other] of [
      ['string', 'str'],
      ['thing', 'the'],
      ['news', 'new wave'],
      ['compiler', 'compile'],
    ] as const)
      expect(topicKey(one), one).not.toBe(topicKey(other))
  })
})
