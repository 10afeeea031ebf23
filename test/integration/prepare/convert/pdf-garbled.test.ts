// Pages whose letters are not those that they show.
import { describe, expect, it } from 'vitest'
import { convert } from '../../../../src/prepare/convert/pdf.ts'
import { gather } from '../../../support/convert.ts'
import { pdf } from '../../../support/pdf.ts'
import { unmappedPdf } from '../../../support/pdf-unmapped.ts'

const LINES = [
  'The outer mole is closed from Monday until Friday.',
  'Boats may use the inner harbour and pay half of the fee.',
  'The pilots answer on the usual channel.',
]

describe('a PDF with a font that does not name its letters', () => {
  it('is read by text recognition, which a note says', async () => {
    const { text, notes } = await gather(convert, 'pdf', await unmappedPdf(LINES))
    for (const line of LINES) expect(text).toContain(line)
    expect(notes).toEqual(['Page 1 was read by text recognition and may contain mistakes.'])
  })

  it('is noticed if it has only a few words', async () => {
    const { text, notes } = await gather(convert, 'pdf', await unmappedPdf(['Mooring fees']))
    expect(text).toContain('Mooring fees')
    expect(notes).toEqual(['Page 1 was read by text recognition and may contain mistakes.'])
    const hurried = await gather(convert, 'pdf', await unmappedPdf(['Mooring fees']), { convertTimeoutMs: 0 })
    expect(hurried.notes).toEqual(['Page 1 has letters that make no sense, and could not be read by text recognition.'])
  })

  it('has a note if there is no time for text recognition', async () => {
    const { text, notes } = await gather(convert, 'pdf', await unmappedPdf(LINES), { convertTimeoutMs: 0 })
    expect(text).not.toContain('outer mole')
    expect(notes).toEqual(['Page 1 has letters that make no sense, and could not be read by text recognition.'])
  })
})

it('letters that are spaced apart make sense', async () => {
  const lines = LINES.map((line, n) => ({ text: [...line].join(' '), y: 100 + n * 20 }))
  const { text, notes } = await gather(convert, 'pdf', pdf([{ lines }]))
  expect(notes).toEqual([])
  expect(text.replaceAll(' ', '')).toContain(LINES.join('').replaceAll(' ', ''))
})
