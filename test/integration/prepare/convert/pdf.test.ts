import { describe, expect, it } from 'vitest'
import { convert } from '../../../../src/prepare/convert/pdf.ts'
import { failureOf, gather } from '../../../support/convert.ts'
import { pdf, type PdfLine, type PdfPage } from '../../../support/pdf.ts'

const read = (bytes: Uint8Array, limits = {}) => gather(convert, 'pdf', bytes, limits)
const WORDS = 'the quick brown fox jumps over a lazy dog while seven wizards make toast for all of them at dawn'.split(
  ' ',
)

/** Lines of running text from `y` down. */
function prose(count: number, y: number, options: { x?: number; words?: number; seed?: number } = {}): PdfLine[] {
  const { x = 72, words = 13, seed = 0 } = options
  return Array.from({ length: count }, (_, n) => ({
    x,
    y: y + n * 13,
    text: Array.from({ length: words }, (_, w) => WORDS[(n * 7 + w * 3 + seed) % WORDS.length]).join(' '),
  }))
}

/** A page with a running head, a page number and numbered headings at given heights. */
function page(number: number, headings: { title: string; y: number; size?: number }[]): PdfPage {
  const lines: PdfLine[] = [
    { text: `A Study of Foxes`, x: 250, y: 40, size: 8 },
    { text: String(number), x: 300, y: 760, size: 8 },
  ]
  for (const { title, y, size = 14 } of headings) lines.push({ text: title, y, size, bold: true })
  const tops = headings.map(({ y }) => y)
  for (const line of prose(45, 80)) if (!tops.some((y) => line.y > y - 20 && line.y < y + 14)) lines.push(line)
  return { lines: lines.sort((a, b) => a.y - b.y) }
}

const STUDY = [
  page(1, [
    { title: '1 Introduction', y: 80 },
    { title: '1.1 Aims', y: 400, size: 12 },
  ]),
  page(2, [{ title: '2 Methods', y: 300 }]),
  page(3, [
    { title: '2.1 Data', y: 80, size: 12 },
    { title: '2.2 Care', y: 500, size: 12 },
  ]),
  page(4, [
    { title: '3 Results', y: 80 },
    { title: 'References', y: 600 },
  ]),
]

describe('a PDF', () => {
  it('has sections from its headings, with their pages', async () => {
    const { outline, pages } = await read(pdf(STUDY))
    expect(outline).toEqual([
      { title: '1 Introduction', level: 1, startPage: 1, endPage: 2 },
      { title: '1.1 Aims', level: 2, startPage: 1, endPage: 2 },
      { title: '2 Methods', level: 1, startPage: 2, endPage: 3 },
      { title: '2.1 Data', level: 2, startPage: 3, endPage: 3 },
      { title: '2.2 Care', level: 2, startPage: 3, endPage: 3 },
      { title: '3 Results', level: 1, startPage: 4, endPage: 4 },
      { title: 'References', level: 1, startPage: 4, endPage: 4 },
    ])
    expect(pages).toHaveLength(4)
    expect(pages[0]).toMatch(/^## 1 Introduction\n/)
    expect(pages[2]).toContain('\n### 2.2 Care\n')
  })

  it('loses running heads and page numbers', async () => {
    const { text } = await read(pdf(STUDY))
    expect(text).not.toContain('A Study of Foxes')
    expect(text).not.toMatch(/^\d$/m)
  })

  it('has sections from its outline, completed from its pages', async () => {
    const outline = [
      { title: 'Introduction', page: 1, y: 60 },
      { title: 'Methods', page: 2, y: 290 },
      { title: 'Results', page: 4, y: 60 },
    ]
    const told = (await read(pdf(STUDY, { outline }))).outline ?? []
    expect(told.map(({ title, startPage, endPage }) => [title, startPage, endPage])).toEqual([
      ['1 Introduction', 1, 2],
      ['1.1 Aims', 1, 2],
      ['2 Methods', 2, 3],
      ['2.1 Data', 3, 3],
      ['2.2 Care', 3, 3],
      ['3 Results', 4, 4],
      ['References', 4, 4],
    ])
  })

  it('has sections from its printed contents if there is no other source', async () => {
    const contents: PdfPage = {
      lines: [
        { text: 'Contents', y: 80, size: 10 },
        ...['Of Foxes', 'Of Dogs', 'Of Wizards', 'Of Toast'].map((title, n) => ({
          text: `${title} ${'. '.repeat(30)}${n + 1}`,
          y: 120 + n * 16,
        })),
      ],
    }
    const chapters = ['Of Foxes', 'Of Dogs', 'Of Wizards', 'Of Toast'].map((title, n) => ({
      lines: [{ text: title, y: 80 }, ...prose(30, 110, { seed: n })],
    }))
    const told = (await read(pdf([contents, ...chapters]))).outline ?? []
    expect(told).toEqual([
      { title: 'Of Foxes', level: 1, startPage: 2, endPage: 2 },
      { title: 'Of Dogs', level: 1, startPage: 3, endPage: 3 },
      { title: 'Of Wizards', level: 1, startPage: 4, endPage: 4 },
      { title: 'Of Toast', level: 1, startPage: 5, endPage: 5 },
    ])
  })

  it('is read column by column, and words hyphenated at line ends are joined', async () => {
    const left = [
      ...prose(40, 100, { words: 6 }).map((line) => ({ ...line, text: `left ${line.text}`.slice(0, 42) })),
      { text: 'and so it was trans-', x: 72, y: 100 + 40 * 13 },
    ]
    const right = [
      { text: 'formed into one word.', x: 320, y: 100 },
      ...prose(40, 113, { x: 320, words: 6 }).map((line) => ({ ...line, text: `right ${line.text}`.slice(0, 42) })),
    ]
    const { text } = await read(pdf([{ lines: [...left, ...right] }]))
    expect(text).toContain('and so it was transformed into one word.')
    expect(text.indexOf('left')).toBeLessThan(text.indexOf('right'))
    expect(text.lastIndexOf('left')).toBeLessThan(text.indexOf('right'))
  })

  it('has title, author and date, but not the names of programs', async () => {
    const told = await read(pdf(STUDY, { title: 'Foxes', author: 'Ann', created: "D:20240102030405+01'00'" }))
    expect(told).toMatchObject({ title: 'Foxes', author: 'Ann', date: '2024-01-02T03:04:05+01:00' })
    const lines = [{ text: 'What Foxes Do', y: 90, size: 20 }, ...prose(30, 140)]
    expect((await read(pdf([{ lines }], { title: 'foxes.dvi' }))).title).toBe('What Foxes Do')
  })

  it('gives the same result each time', async () => {
    expect(await read(pdf(STUDY))).toEqual(await read(pdf(STUDY)))
  })

  it('has a note about pages without text, and leaves no files next to it', async () => {
    const picture = { width: 60, height: 80, rgb: Buffer.alloc(60 * 80 * 3, 0xc0) }
    const { notes, left, pages } = await read(pdf([...STUDY, { picture }, { picture }]))
    expect(notes).toEqual(['Pages 5 and 6 have no text.'])
    expect(pages).toHaveLength(6)
    expect(left).toEqual([])
  })

  it('may have an empty page', async () => {
    const { notes, pages } = await read(pdf([{}]))
    expect(pages).toEqual([''])
    expect(notes).toEqual(['No page has text.'])
  })

  it('fails as encrypted if it needs a password', async () => {
    const key = '<'.concat('ab'.repeat(32), '>')
    const trailer = `/Encrypt<</Filter/Standard/V 2/R 3/Length 128/P -44/O ${key}/U ${key}>>/ID[<00><00>]`
    expect((await failureOf(read(pdf(STUDY, { trailer })))).code).toBe('encrypted')
  })

  it('fails as corrupt if it is cut off or is not a PDF', async () => {
    const whole = pdf(STUDY)
    expect((await failureOf(read(whole.subarray(0, whole.length / 2)))).code).toBe('corrupt')
    expect((await failureOf(read(Buffer.from('%PDF-1.7\nnothing else\nstartxref\n9\n%%EOF')))).code).toBe('corrupt')
    expect((await failureOf(read(Buffer.from('no pdf')))).code).toBe('corrupt')
  })

  it('is read the same after other documents, whole and damaged ones', async () => {
    const [study, other] = [pdf(STUDY), pdf([{ lines: prose(20, 80, { seed: 5 }) }])]
    const first = await read(study)
    const broken = Buffer.from(study)
    for (let at = 400; at < broken.length - 400; at += 97) broken[at] = 0x7a
    for (const each of [other, broken, study.subarray(0, 900), other]) await read(each).catch(() => undefined)
    expect(await read(study)).toEqual(first)
  })

  it('is read as far as possible if it claims a million pages', async () => {
    expect((await read(pdf(STUDY, { claimedPages: 1_000_000 }))).pages).toHaveLength(4)
  })

  it('fails as a bomb if its pages never end', async () => {
    expect((await failureOf(read(pdf([{}], { claimedPages: 30_000, repeated: 30_000 })))).code).toBe('bomb')
  })
})
