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

  test('folds the plural of the last word only', () => {
    expect(topicKey('systems libraries')).toBe('systems library')
    expect(topicKey(' two  caches ')).toBe('two cache')
    expect(topicKey('')).toBe('')
  })
})
