import { describe, expect, it } from 'vitest'
import { markdownBlocks, pageBlocks } from '../../../../src/core/context/cut-blocks.ts'
import { answerPassages } from '../../../../src/core/search/answer-passages.ts'

const best = (markdown: string, words: string, options = {}) =>
  answerPassages(
    markdownBlocks(markdown),
    words.split(' ').map((word) => ({ word, weight: 1, known: true })),
    options,
  )[0]

describe('the best passage', () => {
  it('is whole sentences, as many as the words need, and never ends at an abbreviation', () => {
    const text =
      'Otters are rare. They eat fish, e.g. trout, and they also eat crabs, as Dr. Heron has shown in a long study of the estuary. Gulls are common. '
    expect(best(text, 'trout crabs')?.text).toBe(
      'They eat fish, e.g. trout, and they also eat crabs, as Dr. Heron has shown in a long study of the estuary. Gulls are common.',
    )
    expect(best(`${text}${'They shout. '.repeat(60)}`, 'rare crabs')?.text).toMatch(
      /^Otters .* estuary\. Gulls are common\.$/,
    )
  })

  it('is found by other forms of a word, which count less', () => {
    const text = '# A\n\nA mill was found.\n\n# B\n\nShe founded a mill.\n'
    expect(best(text, 'founded mill')).toMatchObject({
      text: 'She founded a mill.',
      share: 1,
      has: ['founded', 'mill'],
    })
    expect(best('A mill was found.', 'founded mill')?.share).toBeCloseTo(0.9)
  })

  it('is rather from the text than from its bibliography', () => {
    const text =
      '# Otters\n\nOtters crack mussels on stones.\n\n## References\n\nA study of otters, mussels and stones.\n'
    expect(best(text, 'otters mussels stones study')?.text).toBe('Otters crack mussels on stones.')
  })

  it('may have words in the headings above, which count less', () => {
    expect(best('# The dam\n\n## Height\n\nIt is nine metres.\n', 'dam metres')).toMatchObject({
      text: 'It is nine metres.',
      headings: ['The dam', 'Height'],
      has: ['metres', 'dam'],
    })
    expect(best('# The dam\n\nNothing else.\n', 'dam metres')).toBeUndefined()
  })

  it('defines a thing if that was asked', () => {
    const text = 'The weir and its lamp were sold.\n\n# Parts\n\nA weir is a low dam.\n'
    expect(best(text, 'weir', { definition: true })?.text).toBe('A weir is a low dam.')
  })

  it('is rather on the page that search found, unless another page has more of the words', () => {
    const pages = [
      { page: 1, content: 'A mill was founded here.' },
      { page: 2, content: 'The mill was founded by a widow.' },
      { page: 3, content: 'The mill was founded by Ada in spring.' },
    ]
    const chosen = (words: string, foundPage?: number): number | undefined => {
      const asked = words.split(' ').map((word) => ({ word, weight: 1, known: true }))
      return answerPassages(pageBlocks(pages), asked, { foundPage })[0]?.pageNumber
    }
    expect(chosen('mill founded')).toBe(1)
    expect(chosen('mill founded', 2)).toBe(2)
    expect(chosen('mill founded ada spring', 2)).toBe(3)
  })

  it('is an item of a list, a row of a table, or prose before code', () => {
    expect(best('- one gull\n- two herons\n  at dawn\n- three', 'herons')?.text).toBe(
      '- two herons\n  at dawn\n- three',
    )
    expect(best('| a | b |\n|---|---|\n| gull | 1 |\n| heron | 2 |', 'heron')?.text).toBe('| heron | 2 |')
    expect(best('```\nheron()\n```\n\nThe function heron draws.\n', 'heron')?.text).toBe('The function heron draws.')
  })

  it('is cut after a word if one sentence is too long', () => {
    const { text = '' } = best(`The heron ${'waits and '.repeat(90)}flies`, 'heron') ?? {}
    expect(text.length).toBeLessThanOrEqual(420)
    expect(text).toMatch(/^The heron .* (?:waits|and)$/)
  })

  it('needs words, and passages', () => {
    expect(answerPassages(markdownBlocks('A text.'), [])).toEqual([])
    expect(best('', 'a')).toBeUndefined()
  })
})
