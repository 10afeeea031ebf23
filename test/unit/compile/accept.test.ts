import { expect, test } from 'vitest'
import { acceptKeyPoints, acceptTopics, mergeTopics, readPart } from '../../../src/compile/llm/accept.ts'

const reading = (text: string) => readPart({ text, nodes: [], placeAt: () => undefined })
const topic = (name: string, quote: string) => ({
  kind: 'concept' as const,
  name,
  type: null,
  aliases: [],
  importance: 5,
  description: `What ${name} is.`,
  says: `The text is about ${name}.`,
  quotes: [quote],
})

test.each([
  ['He said: “Nobody knows what it cost,” and left.', 'Nobody knows what it cost,', '“Nobody knows what it cost,”'],
  ['The «lock gate» of oak, and nothing else.', '«lock gate» of oak', '«lock gate» of oak'],
  ['The "lock gate of oak" was sold.', '"lock gate of oak"', '"lock gate of oak"'],
  ["The dogs' bones lie in the yard.", 'bones lie in the yard', 'bones lie in the yard'],
])('a quote from %s keeps its quotation marks', (text, quote, expected) => {
  const [accepted] = acceptTopics([topic('Gate', quote)], reading(text), [])
  expect(accepted?.quotes[0]?.text).toBe(expected)
  expect(acceptKeyPoints([{ text: 'A point.', quote }], reading(text))).toHaveLength(1)
})

test('a topic under two names is one, with both names and what is said under both', () => {
  const text = 'The lock gate, or sluice door, is of oak. A sluice door was sold. The mole is long.'
  const gate = { ...topic('Lock gate', 'The lock gate, or sluice door'), aliases: ['sluice door'] }
  const topics = [topic('Sluice door', 'A sluice door was sold'), gate, topic('Mole', 'The mole is long')]
  const merged = mergeTopics([acceptTopics(topics, reading(text), [])], 10)
  expect(merged.map(({ name, aliases }) => [name, aliases])).toEqual([
    ['Sluice door', ['Lock gate']],
    ['Mole', []],
  ])
  expect(merged[0]?.says).toBe('The text is about Sluice door.\n\nThe text is about Lock gate.')
  expect(merged[0]?.quotes.map(({ text: quote }) => quote)).toEqual([
    'A sluice door was sold',
    'The lock gate, or sluice door',
  ])
})
