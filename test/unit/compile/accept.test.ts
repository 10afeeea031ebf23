import { expect, test } from 'vitest'
import { acceptKeyPoints, acceptTopics, readPart } from '../../../src/compile/llm/accept.ts'

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
