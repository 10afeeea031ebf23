import { describe, expect, it } from 'vitest'
import { convert } from '../../../../src/prepare/convert/pdf.ts'
import { gather } from '../../../support/convert.ts'
import { pdf, type PdfLine, type PdfPage } from '../../../support/pdf.ts'

const textOf = async (page: PdfPage, options = {}): Promise<string> =>
  (await gather(convert, 'pdf', pdf([page], options), {})).text
const CHARACTER = 5.1
/** A line in two weights: the text begins where the bold words end. */
const runIn = (bold: string, rest: string, y: number, x = 72): PdfLine[] => [
  { text: bold, x, y, bold: true },
  { text: rest, x: x + bold.length * CHARACTER + 12, y },
]

describe('a PDF loses no words', () => {
  it('after a title that is followed by text on its line', async () => {
    const lines = [
      { text: 'On Boilers', y: 60, size: 18, bold: true },
      ...runIn('2. Boiler valves', 'The safety valve opens at twelve bar.', 100),
      { text: 'Unallocated expenses rose from 308 to 460 after a legal settlement.', y: 140 },
    ]
    const outline = [
      { title: '2. Boiler valves', page: 1, y: 90 },
      { title: 'Unallocated expenses', page: 1, y: 130 },
    ]
    const text = await textOf({ lines }, { outline })
    expect(text).toContain('## 2. Boiler valves\n\nThe safety valve opens at twelve bar.')
    expect(text).toContain('Unallocated expenses rose from 308 to 460')
  })

  it('in labels without a header, or in rows of a band', async () => {
    const row = (label: string, now: string, then: string, y: number): PdfLine[] => [
      { text: label, y },
      { text: now, x: 320, y },
      { text: then, x: 420, y },
    ]
    const lines = [
      { text: '2024', x: 320, y: 88, bold: true },
      { text: '2023', x: 420, y: 88, bold: true },
      ...row('Harbour dues', '24,690', '23,549', 104),
      ...row('Costs and expenses', '(20,612)', '(20,613)', 117),
      ...row('Taxes on income', '1,204', '1,187', 130),
      ...row('', '5,282', '4,123', 143).slice(1),
    ]
    expect(await textOf({ lines })).toBe(
      [
        '|  | 2024 | 2023 |',
        '| --- | --- | --- |',
        '| Harbour dues | 24,690 | 23,549 |',
        '| Costs and expenses | (20,612) | (20,613) |',
        '| Taxes on income | 1,204 | 1,187 |',
        '|  | 5,282 | 4,123 |',
      ].join('\n'),
    )
  })

  it.each([90, 180, 270])('rotated by %i degrees', async (turned) => {
    const place = (n: number): Pick<PdfLine, 'x' | 'y'> =>
      ({ 90: { x: 100 + n * 14, y: 700 }, 180: { x: 540, y: 700 - n * 14 }, 270: { x: 500 - n * 14, y: 80 } })[
        turned
      ] ?? { y: 0 }
    const lines = ['The pilots met on the first Monday', 'and chose a new chairman for two years.'].map((text, n) => ({
      text,
      turned,
      ...place(n),
    }))
    expect(await textOf({ lines })).toBe('The pilots met on the first Monday and chose a new chairman for two years.')
  })

  it('at places that no page has', async () => {
    const lines = [
      { text: 'The harbour closes at five.', y: 100 },
      { text: 'Nobody sees this', x: 1e17, y: 120 },
      { text: 'nor that', x: 72, y: -1e17 },
    ]
    const text = await textOf({ lines })
    expect(text).toContain('The harbour closes at five.')
    expect(text).toContain('nor that')
  })

  it('in forms, in text typed onto the page and in comments', async () => {
    const text = await textOf({
      lines: [
        { text: 'Name of the vessel:', y: 100 },
        { text: 'Insured:', y: 130 },
      ],
      annotations: [
        '<</Type/Annot/Subtype/Widget/FT/Tx/T(vessel)/V(Kittiwake of Dover)/Rect[190 682 390 702]>>',
        '<</Type/Annot/Subtype/Widget/FT/Ch/Ff 131072/T(kind)/V(Cutter)/Opt[(Cutter)(Ketch)]/Rect[190 652 390 672]>>',
        '<</Type/Annot/Subtype/FreeText/Contents(Two crates arrived broken)/Rect[72 500 372 530]/DA(/R 10 Tf)>>',
        '<</Type/Annot/Subtype/Text/T(Ann)/Contents(Ask the pilot)/Rect[10 500 30 520]>>',
      ],
    })
    expect(text).toMatch(/Name of the vessel:[ |]+Kittiwake of Dover/)
    expect(text).toMatch(/Insured:[ |]+Cutter/)
    expect(text).toContain('Two crates arrived broken')
    expect(text).toContain('Note by Ann: Ask the pilot')
  })
})

describe('the text of a PDF', () => {
  it('has the weight of each run, and is not cut after it', async () => {
    const lines = [
      ...runIn('Fees', 'The fee is paid in advance and is printed on a board at the head', 100),
      { text: 'of the stairs.', y: 112 },
    ]
    expect(await textOf({ lines })).toBe(
      '**Fees** The fee is paid in advance and is printed on a board at the head of the stairs.',
    )
  })

  it('keeps superscripts and subscripts with their text', async () => {
    const lines = [
      { text: 'It took 10', y: 100, size: 11 },
      { text: '19', x: 118, y: 95, size: 7 },
      { text: 'steps in all.', x: 129, y: 100, size: 11 },
    ]
    expect(await textOf({ lines })).toBe('It took 10¹⁹ steps in all.')
  })

  it('has its accents on their letters', async () => {
    const lines = [
      { text: 'they met in zurich', y: 100 },
      { text: '\xa8', x: 72 + 55.6, y: 100 },
    ]
    expect(await textOf({ lines })).toBe('they met in zürich')
  })

  it('keeps the lines of code and pseudo-code in a column, with their indentation', async () => {
    const column = (x: number, from: number, count: number): PdfLine[] =>
      Array.from({ length: count }, (_, n) => ({
        text: 'the boats that come in with the tide and those that leave',
        x,
        y: from + n * 12,
        size: 9,
      }))
    const listing = (rows: string[], y: number, mono: boolean): PdfLine[] =>
      rows.map((row, n) => {
        const text = row.trim()
        return { text, x: 60 + (row.length - text.length) * 5.4, y: y + n * 11, size: 9, mono }
      })
    const code = ['for (;;) {', '  wait();', '}']
    const steps = ['procedure Sort(L)', '  for i = 1 to n do', '    j := i', '  end for', 'end procedure']
    const text = await textOf({
      lines: [
        ...column(54, 60, 10),
        ...listing(code, 190, true),
        ...column(54, 240, 10),
        ...listing(steps, 370, false),
        ...column(54, 440, 20),
        ...column(320, 60, 50),
      ],
    })
    expect(text).toContain(`\n\n\`\`\`\n${code.join('\n')}\n\`\`\`\n\n`)
    const found = /```\n(procedure[^`]*)\n```/.exec(text)?.[1]?.split('\n') ?? []
    expect(found.map((row) => row.trim())).toEqual(steps.map((row) => row.trim()))
    const indents = found.map((row) => row.search(/\S/))
    expect(indents[0]).toBe(0)
    expect(indents[2]).toBeGreaterThan(indents[1] ?? 0)
  })

  it('begins a paragraph at each indentation', async () => {
    const lines = [1, 2, 3].flatMap((n) => [
      { text: `Paragraph ${n} begins with an indent, as in most of the journals`, x: 84, y: 60 + n * 36 },
      { text: 'and goes on at the edge of the column up to its end, which is full', y: 72 + n * 36 },
      { text: 'and has nothing after it that would tell where the next one begins', y: 84 + n * 36 },
    ])
    expect((await textOf({ lines })).split('\n\n')).toHaveLength(3)
  })
})
