import { describe, expect, it } from 'vitest'
import { pdfDate } from '../../../../src/prepare/convert/pdf-facts.ts'
import { markSections, rangeSections } from '../../../../src/prepare/convert/pdf-sections.ts'
import { sameTitle } from '../../../../src/prepare/convert/pdf-titles.ts'
import { listPages } from '../../../../src/prepare/convert/pdf-notes.ts'

const heading = (title: string, level: number, page: number, opensPage = false, index = page * 10) => ({
  title,
  level,
  page,
  opensPage,
  at: index,
  lines: 1,
})

describe('sections', () => {
  it('end where the next of their level begins, or on the page before if that one opens its page', () => {
    const marks = [heading('1', 1, 1, true), heading('1.1', 2, 2), heading('2', 1, 5, true), heading('3', 1, 7)]
    expect(rangeSections(marks, 9).map(({ startPage, endPage }) => [startPage, endPage])).toEqual([
      [1, 4],
      [2, 4],
      [5, 7],
      [7, 9],
    ])
  })

  it('follow the outline, with printed titles and missing sections taken from the pages', () => {
    const outline = [
      { title: 'Introduction', level: 1, page: 2 },
      { title: 'Methods', level: 1, page: 3 },
    ]
    const headings = [heading('Abstract', 1, 1), heading('1 Introduction', 1, 2, true), heading('2 Methods', 1, 3)]
    expect(markSections({ pages: 4, outline, printed: [], headings }).map(({ title }) => title)).toEqual([
      'Abstract',
      '1 Introduction',
      '2 Methods',
    ])
  })

  it('follow the headings if the outline has few of them', () => {
    const headings = Array.from({ length: 6 }, (_, n) => heading(`${n + 1} Part ${'abcdef'[n]}`, 1, n + 1))
    expect(
      markSections({
        pages: 6,
        outline: [
          { title: 'Part a', level: 1, page: 1 },
          { title: 'x', level: 1, page: 2 },
        ],
        printed: [],
        headings,
      }),
    ).toHaveLength(6)
  })

  it('have levels without gaps', () => {
    const headings = [heading('Top words', 3, 1), heading('Below that', 5, 2), heading('Top again', 3, 3)]
    expect(markSections({ pages: 3, outline: [], printed: [], headings }).map(({ level }) => level)).toEqual([1, 2, 1])
  })

  it('are matched by title, regardless of number and case', () => {
    expect(sameTitle('3.1 Names', 'NAMES')).toBe(true)
    expect(sameTitle('Names', 'Games')).toBe(false)
  })
})

describe('notes on pages', () => {
  it('list consecutive pages as ranges', () => {
    expect(listPages([3])).toBe('3')
    expect(listPages([3, 4])).toBe('3 and 4')
    expect(listPages([1, 3, 4, 5, 9])).toBe('1, 3 to 5 and 9')
  })
})

it('reads the dates of PDFs', () => {
  expect(pdfDate("D:20131106004244+08'00'")).toBe('2013-11-06T00:42:44+08:00')
  expect(pdfDate('D:20240410211143Z')).toBe('2024-04-10T21:11:43Z')
  expect(pdfDate('D:20240410')).toBe('2024-04-10')
  expect(pdfDate('yesterday')).toBeUndefined()
})
