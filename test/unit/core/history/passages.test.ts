import { expect, it } from 'vitest'
import { passagesOf } from '../../../../src/core/history/passages.ts'
import type { BlameLine } from '../../../../src/core/results.ts'

const line = (number: number, text: string, commit: string, document?: string): BlameLine => ({
  line: number,
  text,
  commit,
  operation: 'add',
  document,
  date: '2026-01-02T03:04:05Z',
  author: 'Ada',
})

it('joins lines of one commit and document, and leaves out front matter', () => {
  const lines = [
    line(1, '---', 'a'),
    line(2, 'type: concept', 'a'),
    line(3, '---', 'b'),
    line(4, '', 'a'),
    line(5, '# Title', 'a', 'paper'),
    line(6, '', 'b', 'notes'),
    line(7, 'text', 'a', 'paper'),
    line(8, 'other', 'a', 'notes'),
    line(9, 'last', 'b', 'notes'),
  ]
  expect(passagesOf(lines).map(({ from, to, text, document }) => [from, to, text, document])).toEqual([
    [5, 7, '# Title\n\ntext', 'paper'],
    [8, 8, 'other', 'notes'],
    [9, 9, 'last', 'notes'],
  ])
  expect(passagesOf([])).toEqual([])
})
