import { expect, it } from 'vitest'
import { markSentences } from '../../../src/read/mark-sentences.ts'

it.each([
  ['The mill burned [1]. Nobody saw it.', 'The mill burned [1]. Nobody saw it. (no source)', 2, 1],
  [
    'The mill burned. [1] Dr. Gull saw it, e.g. at dawn [2].',
    'The mill burned. [1] Dr. Gull saw it, e.g. at dawn [2].',
    2,
    2,
  ],
  ['The mill burned. [1, 2]', 'The mill burned. [1, 2]', 1, 1],
  ['There are two reasons:', 'There are two reasons:', 0, 0],
  ['Who knows?', 'Who knows?', 0, 0],
  ['- the wind', '- the wind (no source)', 1, 0],
  ['1. the rain [1]', '1. the rain [1]', 1, 1],
  ['A sentence that goes on in', 'A sentence that goes on in', 0, 0],
  ['## Heading.', '## Heading.', 0, 0],
  ['| a. | b. |', '| a. | b. |', 0, 0],
  ['', '', 0, 0],
])('%j', (line, text, sentences, cited) => {
  expect(markSentences(line)).toEqual({ text, sentences, cited })
})
