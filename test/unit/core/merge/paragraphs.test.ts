import { describe, expect, it } from 'vitest'
import { mergeLines, mergeParagraphs } from '../../../../src/core/merge/paragraphs.ts'

const text = (...paragraphs: string[]): string => paragraphs.join('\n\n')

describe('mergeParagraphs', () => {
  it.each([
    [
      'keeps a remark below a paragraph that changed',
      text('h', 'a'),
      text('h', 'a', 'mine'),
      text('h', 'b'),
      text('h', 'b', 'mine'),
    ],
    [
      'keeps a remark between paragraphs',
      text('h', 'a', 'b'),
      text('h', 'a', 'mine', 'b'),
      text('h', 'x', 'b'),
      text('h', 'x', 'mine', 'b'),
    ],
    [
      'takes out what one side took out',
      text('h', 'a', 'b'),
      text('h', 'b'),
      text('h', 'a', 'b', 'c'),
      text('h', 'b', 'c'),
    ],
    [
      'keeps a paragraph that only we changed',
      text('h', 'a', 'b'),
      text('h', 'mine', 'b'),
      text('h', 'a', 'c'),
      text('h', 'mine', 'c'),
    ],
    ['refuses when both replaced the same paragraph', text('h', 'a'), text('h', 'mine'), text('h', 'b'), undefined],
    ['refuses a paragraph that occurs twice', text('a', 'a'), text('a'), text('a', 'b'), undefined],
  ])('%s', (_, ancestor, ours, theirs, merged) => {
    expect(mergeParagraphs(ancestor, ours, theirs)).toBe(merged)
  })
})

describe('mergeLines', () => {
  it.each([
    [
      'keeps a line below one that changed',
      'a\n\n- b\n- c',
      'a\n\n- b\nmine\n- c',
      'a\n\n- x\n- c',
      'a\n\n- x\nmine\n- c',
    ],
    ['keeps a paragraph at the end', '- a\n- b', '- a\n- b\n\nmine\n', '- a\n- c', '- a\n- c\n\nmine'],
    ['keeps a line where all else is gone', '- a', '- a\nmine', '', 'mine'],
    ['refuses when both replaced the same line', '- a\n- b', '- mine\n- b', '- c\n- b', undefined],
  ])('%s', (_, ancestor, ours, theirs, merged) => {
    expect(mergeLines(ancestor, ours, theirs)).toBe(merged)
  })
})
