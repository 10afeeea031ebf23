import { expect, it } from 'vitest'
import { jsonIn } from '../../../../src/io/model/answer-text.ts'

const JSON_TEXT = '{"title":"A, ]","items":[1,{"b":"}"}]}'

it.each([
  ['alone', JSON_TEXT],
  ['in a fence', `\`\`\`json\n${JSON_TEXT}\n\`\`\``],
  ['after reasoning', `<think>\nMaybe {"title":"x"} or [1, 2]?\n</think>\n\n${JSON_TEXT}`],
  ['after a closing tag alone', `first {"a":1}\n</think>\n${JSON_TEXT}`],
  ['after other tags', `<Reasoning>no</Reasoning>${JSON_TEXT}`],
  ['in prose', `Here it is {really}:\n\n${JSON_TEXT}\n\nNeed {anything} else?`],
  ['with trailing commas', '{"title":"A, ]","items":[1,{"b":"}",},],}'],
])('finds the object %s', (_, text) => {
  expect(JSON.parse(jsonIn(text))).toEqual(JSON.parse(JSON_TEXT))
})

it('leaves an answer without an object as it is, but for its reasoning', () => {
  expect(jsonIn('I do not know {that}.')).toBe('I do not know {that}.')
  expect(jsonIn('<think>{"a":1}</think>No.')).toBe('No.')
  expect(jsonIn('{"cut": [1, 2')).toBe('{"cut": [1, 2')
})
