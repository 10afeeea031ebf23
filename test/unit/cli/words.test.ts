import { describe, expect, it } from 'vitest'
import { suggest, suggestCommand } from '../../../src/cli/suggest.ts'
import { completeLine, parseLine, splitWords } from '../../../src/cli/slash.ts'
import { block, columns, counted, cut, duration, inline, size, width } from '../../../src/cli/text.ts'
import { MarkdownStream, markdown } from '../../../src/cli/markdown.ts'
import { styleFor } from '../../../src/cli/style.ts'

describe('a suggestion', () => {
  const names = ['add', 'remove', 'recompile', 'list', 'status', 'search', 'completion']
  it.each([
    ['ad', 'add'],
    ['dad', 'add'],
    ['lsit', 'list'],
    ['stauts', 'status'],
    ['SEARCH', 'search'],
    ['remvoe', 'remove'],
    ['comp', 'completion'],
    ['rec', 'recompile'],
    ['frobnicate', undefined],
    ['x', undefined],
    ['', undefined],
  ])('for %j is %j', (typed, meant) => expect(suggest(typed, names)).toBe(meant))

  it.each([
    ['rm', 'remove'],
    ['Delete', 'remove'],
    ['ingest', 'add'],
    ['ls', 'list'],
    ['rollback', 'undo'],
    ['lsit', 'list'],
  ])('of a command for %j is %j', (typed, meant) => {
    expect(suggestCommand(typed, ['add', 'list', 'remove', 'undo'])).toBe(meant)
  })

  it('of a command is never one that is not there', () => {
    expect(suggestCommand('rm', ['add'])).toBeUndefined()
  })
})

describe('text on a terminal', () => {
  it('makes control characters visible', () => {
    expect(inline('a\tb\r\n\x1b[31m\x00\x9b\u2066')).toBe('a\\tb\\r\\n\\e[31m\\x00\\x9b\\u2066')
    expect(block('a\tb\r\nc\x1b]0;x\x07')).toBe('a\tb\nc\\e]0;x\\x07')
  })

  it('has the width that is displayed', () => {
    expect(['abc', '日本', 'é', 'e\u0301', '👍', '👨‍👩‍👧', '\x1b[31mred\x1b[39m', 'ﬀ'].map(width)).toEqual([
      3, 4, 1, 1, 2, 2, 3, 1,
    ])
  })

  it('is truncated if it is too long, never within a character', () => {
    expect([
      cut('abcdef', 6),
      cut('abcdef', 5),
      cut('日本語', 5),
      cut('日本語', 4),
      cut('abc', 1),
      cut('abc', 0),
    ]).toEqual(['abcdef', 'abcd…', '日本…', '日…', '…', ''])
  })

  it('is aligned in columns without trailing spaces', () => {
    expect(
      columns(
        [
          ['a', '', ''],
          ['bbb', '1', 'x'],
          ['c', '22', ''],
        ],
        [1],
      ),
    ).toBe('a\nbbb   1  x\nc    22')
    expect(columns([])).toBe('')
  })

  it('formats amounts for people', () => {
    expect([counted(1, 'page'), counted(0, 'entity', 'entities')]).toEqual(['1 page', '0 entities'])
    expect([0, 1023, 1024, 1.5 * 1024 ** 3].map(size)).toEqual(['0 B', '1023 B', '1.0 KiB', '1.5 GiB'])
    expect([40, 9_949, 9_950, 59_400, 59_600, 200_000, 7_500_000].map(duration)).toEqual([
      '0.0 s',
      '9.9 s',
      '10 s',
      '59 s',
      '1 min',
      '3 min 20 s',
      '2 h 5 min',
    ])
  })

  it('from Markdown keeps code unchanged, and is the same when it arrives in pieces', () => {
    const style = styleFor(true)
    const page = '# T\n\n**b** [[x|shown]] `c **d**`\n\n```\n# no heading\n[[x]]\n```\n## E\n'
    const whole = markdown(page, style)
    expect(whole).toContain('\x1b[2m# no heading\x1b[22m')
    expect(whole).toContain('\x1b[4mshown\x1b[24m')
    const stream = new MarkdownStream(style)
    expect([...page].map((character) => stream.push(character)).join('') + stream.end()).toBe(whole)
  })
})

describe('a line of a conversation', () => {
  it('is a question, or a slash command', () => {
    expect(parseLine('  ')).toEqual({ kind: 'nothing' })
    expect(parseLine('What is /add?')).toEqual({ kind: 'question', question: 'What is /add?' })
    expect(parseLine('/etc/hosts tells what?')).toEqual({ kind: 'question', question: '/etc/hosts tells what?' })
    expect(parseLine(' /Add  a b ')).toEqual({ kind: 'slash', name: 'add', rest: 'a b' })
    expect(parseLine('/quit')).toEqual({ kind: 'slash', name: 'exit', rest: '' })
    expect(parseLine('/serch x')).toEqual({
      kind: 'unknown',
      message: 'Unknown command /serch. Did you mean /search?',
    })
  })

  it('is split like in a shell', () => {
    expect(splitWords(`a "b c" d\\ e 'f"g' "h\\"i" j"k l"m`)).toEqual(['a', 'b c', 'd e', 'f"g', 'h"i', 'jk lm'])
    expect(splitWords('"open end')).toEqual(['open end'])
    expect(splitWords('  ')).toEqual([])
  })

  it('is completed: commands, and paths for /add', () => {
    expect(completeLine('/s', '/')).toEqual([['/status', '/search', '/save'], '/s'])
    expect(completeLine('What', '/')).toEqual([[], 'What'])
    const here = new URL('../../..', import.meta.url).pathname
    expect(completeLine('/add x src/cl', here)).toEqual([['src/cli/'], 'src/cl'])
    expect(completeLine('/add package.j', here)).toEqual([['package.json'], 'package.j'])
    expect(completeLine('/add nowhere/x', here)).toEqual([[], 'nowhere/x'])
    expect(completeLine('/search src/cl', here)).toEqual([[], '/search src/cl'])
  })
})
