import { expect, test } from 'vitest'
import { parseQuestions } from '../../../../src/core/eval/questions.ts'

test('questions are a list with their documents', () => {
  expect(parseQuestions('- question: Who?\n  documents: [a, b]\n', 'q.yaml')).toEqual([
    { question: 'Who?', documents: ['a', 'b'] },
  ])
  expect(parseQuestions('', 'q.yaml')).toEqual([])
})

test.for([
  ['- question: Who?\n', '[0].documents'],
  ['question: Who?\n', 'list'],
  ['- question: " "\n  documents: [a]\n', '[0].question'],
  ['- {question: Who?, documents: [a], extra: 1}\n', '[0].extra'],
  ['- [unclosed\n', 'q.yaml'],
])('%j is refused, and the message says where', ([source, where]) => {
  expect(() => parseQuestions(source ?? '', 'q.yaml')).toThrow(
    expect.objectContaining({ code: 'usage', message: expect.stringContaining(where ?? '') as string }),
  )
})
