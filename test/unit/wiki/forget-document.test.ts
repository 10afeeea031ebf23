import { describe, expect, it } from 'vitest'
import { forgetDocument } from '../../../src/wiki/forget-document.ts'

const record = { summary: 'wiki/summaries/boats.md', source: 'wiki/sources/boats.md' }

const answer = `---
type: exploration
title: "When?"
---

# When?

- Boats wait on Sundays. [1] (boats)
- Tides are printed. [2] (tides)

The office is closed on Sundays. [1] Tables are printed every morning. [2]

## Sources

- [[sources/boats|boats]]: “Boats wait on Sundays.”
- [[sources/tides|tides]]: “Tides are printed.”
`

describe('a saved answer', () => {
  it('loses what it took from a removed document, and keeps the numbers of the others', () => {
    const text = forgetDocument(answer, record)
    expect(text).not.toMatch(/boats|Sunday/i)
    expect(text).toContain('- Tides are printed. [2] (tides)')
    expect(text).toContain('Tables are printed every morning. [2]')
    expect(text).toMatch(
      /## Sources\n\n- A removed document\.\n- \[\[sources\/tides\|tides]]: “Tides are printed\.”\n$/,
    )
  })
})

describe('a page that a person wrote', () => {
  it('keeps its words and loses the links', () => {
    const text = 'See [[summaries/boats|the note on boats]], [[sources/boats#Times]] and [[summaries/boats-2]].\n'
    expect(forgetDocument(text, record)).toBe('See the note on boats, boats and [[summaries/boats-2]].\n')
  })
})
