import { describe, expect, it } from 'vitest'
import { findHeadings, joinLines, numberOf } from '../../../../src/prepare/convert/pdf-headings.ts'
import { usualGutter } from '../../../../src/prepare/convert/pdf-gutter.ts'
import { readLines, type Line } from '../../../../src/prepare/convert/pdf-lines.ts'
import { isRunning, runningText } from '../../../../src/prepare/convert/pdf-running.ts'
import { recognisedWords, type Word } from '../../../../src/prepare/convert/pdf-words.ts'

/** Words of one run of text on one baseline. */
function run(text: string, x: number, baseline: number, size = 10, more: Partial<Word> = {}): Word[] {
  let index = x
  return text.split(' ').map((each) => {
    const word = {
      text: each,
      x: index,
      width: each.length * size * 0.5,
      baseline,
      size,
      guessed: false,
      spaced: true,
      font: 'Body',
      bold: false,
      ...more,
    }
    index += word.width + size * 0.25
    return word
  })
}

const lines = (words: Word[][]): Line[] => readLines({ page: 1, width: 612, words: words.flat() }).lines

function line(text: string, page: number, more: Partial<Line> = {}): Line {
  return {
    text,
    page,
    column: 0,
    band: 0,
    x: 72,
    right: 300,
    wide: false,
    parts: [],
    baseline: 100,
    size: 10,
    guessed: false,
    font: 'Body',
    bold: false,
    ...more,
  }
}

describe('lines of a page', () => {
  it('join words on one baseline', () => {
    const found = lines([run('axe', 72, 100), run('Quick', 92, 100), run('gnu', 122, 100)])
    expect(found.map(({ text, size }) => [text, size])).toEqual([['axe Quick gnu', 10]])
  })

  it('read the left column before the right one, and a line across the page separates them', () => {
    const column = (x: number, name: string, from: number) =>
      Array.from({ length: 10 }, (_, n) => run(`${name} ${n} ${'word '.repeat(8)}`.trim(), x, from + n * 12, 9))
    const words = [
      run('A title across the whole page for both columns here', 60, 60, 18),
      ...column(60, 'left', 100),
      ...column(330, 'right', 103),
    ]
    const texts = lines(words).map(({ text }) => text.slice(0, 7))
    expect(texts[0]).toBe('A title')
    expect(texts.slice(1, 11).every((text) => text.startsWith('left'))).toBe(true)
    expect(texts.slice(11).every((text) => text.startsWith('right'))).toBe(true)
  })

  it('place recognised words on the baselines of their ink', () => {
    const box = (text: string, x: number, y: number, height: number) => ({ text, x, y, width: text.length * 5, height })
    const [found] = readLines({
      page: 1,
      width: 612,
      words: recognisedWords([box('axe', 72, 95.6, 4.4), box('Quick', 92, 93, 9.2), box('gnu', 122, 95.6, 6.6)]),
    }).lines
    expect(found?.text).toBe('axe Quick gnu')
    expect(found?.size).toBeCloseTo(10, 0)
    expect(found?.guessed).toBe(true)
  })

  it('at the edge of many pages are running heads, regardless of page numbers', () => {
    const pages = [1, 2, 3, 4].map((page) => ({
      height: 792,
      lines: [line(`Chapter 1 · ${page}`, page, { baseline: 40 }), line('same text', page, { baseline: 400 })],
    }))
    const running = runningText(pages)
    const first = pages[0]?.lines ?? []
    expect(first.map((each) => isRunning(each, 792, running, first))).toEqual([true, false])
  })

  it('use the usual gutter if a third of the pages have one there', () => {
    expect(usualGutter([300, 300.4, 300, undefined, undefined])).toBe(300)
    expect(usualGutter([300, undefined, undefined, undefined])).toBeUndefined()
  })
})

describe('headings', () => {
  const bold = { bold: true, size: 12 }
  const body = (page: number, count = 6): Line[] =>
    Array.from({ length: count }, (_, n) =>
      line('running text of the page goes on and on', page, { baseline: 200 + n * 12 }),
    )

  it('are consecutively numbered lines, not enumerations in the text', () => {
    const document = [
      line('1 Start', 1, bold),
      ...body(1),
      line('1. first of a list', 1),
      line('2. second of a list', 1),
      line('1.1 Detail', 2, bold),
      ...body(2),
      line('2 Middle', 3, bold),
      ...body(3),
      line('Appendix A: Proofs', 4, bold),
      ...body(4),
    ]
    expect(findHeadings(document).map(({ title, level, page, opensPage }) => [title, level, page, opensPage])).toEqual([
      ['1 Start', 1, 1, true],
      ['1.1 Detail', 2, 2, true],
      ['2 Middle', 1, 3, true],
      ['Appendix A: Proofs', 1, 4, true],
    ])
  })

  it('may have several lines', () => {
    const document = [
      line('1 One', 1, bold),
      ...body(1),
      line('2 A rather long ti-', 2, { ...bold, baseline: 50 }),
      line('tle of two lines', 2, { ...bold, baseline: 64 }),
      ...body(2),
      line('3 Three', 3, bold),
    ]
    expect(findHeadings(document).map(({ title }) => title)).toEqual([
      '1 One',
      '2 A rather long title of two lines',
      '3 Three',
    ])
  })

  it('without numbers are recognised by size', () => {
    const document = [1, 2, 3].flatMap((page) => [
      line(`Part of ${'abc'[page]}`, page, { size: 16 }),
      ...body(page),
      line(`Piece of ${'abc'[page]}`, page, { size: 13 }),
      ...body(page),
    ])
    expect(findHeadings(document).map(({ level }) => level)).toEqual([1, 2, 1, 2, 1, 2])
  })

  it('have digits as numbers, or letters for appendices', () => {
    expect(numberOf('3.2.1 Scaled Dots')).toEqual([3, 2, 1])
    expect(numberOf('A.2 Proofs')).toEqual([1001, 2])
    expect(numberOf('Appendix B: Files')).toEqual([1002])
    expect(numberOf('A walk in the park')).toBeUndefined()
    expect(numberOf('2013 was a year of 12')).toBeUndefined()
  })

  it('lose only the hyphen of a line end', () => {
    expect(joinLines(['Explicit Result Signa-', 'tures'])).toBe('Explicit Result Signatures')
    expect(joinLines(['Self-', 'Attention'])).toBe('Self-Attention')
    expect(joinLines(['1990-', '95'])).toBe('1990-95')
    expect(joinLines(['COVER-', 'AGE'])).toBe('COVERAGE')
  })
})
