import { describe, expect, test } from 'vitest'
import { readPart } from '../../../src/compile/llm/accept.ts'
import type { TopicAnswer } from '../../../src/compile/llm/prompts.ts'
import { Refusals } from '../../../src/compile/llm/refusals.ts'

const reading = readPart({
  text: 'The valve was invented by Alice Smith in 1901. The VLV holds steam under pressure.',
  nodes: [],
  placeAt: () => undefined,
})

const GOOD: TopicAnswer = {
  kind: 'concept',
  name: 'Valve',
  type: null,
  aliases: ['VLV'],
  importance: 8,
  description: 'A part of an engine',
  says: 'It was invented by [[Alice Smith]].',
  quotes: ['invented by Alice Smith in 1901'],
}
const SMITH: TopicAnswer = {
  ...GOOD,
  kind: 'entity',
  name: 'Alice Smith',
  type: 'person',
  aliases: [],
  says: 'She invented it.',
}

function refused(...topics: TopicAnswer[]): string[] {
  const refusals = new Refusals('answers.document')
  refusals.topics(topics, reading, ['person', 'place'])
  return refusals.problems.map(({ code, at }) => `${code} ${at.replace('answers.document.', '')}`)
}

test('what the text bears out is not refused', () => {
  expect(refused(GOOD, SMITH)).toEqual([])
})

describe('is refused, with its field', () => {
  const cases: [what: string, change: Partial<TopicAnswer>, fault: string][] = [
    ['a quote in other words', { quotes: ['discovered by Alice Smith in 1901'] }, 'quote topics[0].quotes[0]'],
    ['a quote that is too short', { quotes: ['steam'] }, 'quote topics[0].quotes[0]'],
    ['a quote that is too long', { quotes: ['invented '.repeat(60)] }, 'bounds topics[0].quotes[0]'],
    [
      'too many quotes',
      { quotes: GOOD.quotes.concat(GOOD.quotes, GOOD.quotes, GOOD.quotes) },
      'bounds topics[0].quotes',
    ],
    ['a link to nothing in the answer', { says: 'See [[Steam]].' }, 'brokenLink topics[0].says'],
    ['another link', { says: 'See [this](https://example.org).' }, 'active topics[0].says'],
    ['a heading', { says: '# Valve\nIt is one.' }, 'active topics[0].says'],
    ['HTML', { says: 'It is <i>one</i>.' }, 'active topics[0].says'],
    ['an alias that the text lacks', { aliases: ['Stopcock'] }, 'name topics[0].aliases[0]'],
    ['a name like a path', { name: '../valve', quotes: GOOD.quotes }, 'name topics[0].name'],
    ['a weight out of bounds', { importance: 0 }, 'bounds topics[0].importance'],
    ['words without content', { says: 'No changes.' }, 'empty topics[0].says'],
    ['a topic that the text does not have', { name: 'Governor', quotes: [], aliases: [] }, 'quote topics[0]'],
  ]
  test.each(cases)('%s', (_what, change, fault) => {
    expect(refused({ ...GOOD, ...change }, SMITH)).toContain(fault)
  })

  test('a type that was not asked for, and a topic that is there twice', () => {
    expect(refused(GOOD, { ...SMITH, type: 'machine' })).toEqual(['type topics[1].type'])
    expect(refused(GOOD, SMITH, { ...SMITH, name: 'alice smith' })).toEqual(['same topics[2].name'])
  })
})
