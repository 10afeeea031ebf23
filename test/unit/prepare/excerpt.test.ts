// Which part of a note is parsed in full, and that it means the same alone as in its place.
import { describe, expect, it } from 'vitest'
import { excerptOf } from '../../../src/prepare/excerpt.ts'
import { sanitize } from '../../../src/prepare/sanitize.ts'

const FILLER = `${'The tide was high in the harbour, and the pilot came aboard. '.repeat(20)}\n\n`
const options = { hasImage: () => false }
const clean = (text: string): Promise<string> => sanitize(text, options)
const marked = (text: string) => excerptOf(text, (block) => block.includes('MARK'))

describe('the excerpt of a text', () => {
  it('has the blocks that are needed, with their places', () => {
    const text = `${FILLER}First MARK.\n\n${FILLER}> Second MARK\n\n${FILLER}`
    const { text: excerpt, blocks } = marked(text)
    expect(excerpt).toBe('First MARK.\n\n> Second MARK\n\n')
    for (const block of blocks) {
      expect(text.slice(block.start, block.start + block.text.length)).toBe(block.text)
      expect(excerpt.slice(block.at, block.at + block.text.length)).toBe(block.text)
    }
  })

  it.each([
    ['a list', '- a\n\n  MARK\n\n      code\n\n'],
    ['code', '```\nMARK\n\nmore\n\n```\n\n'],
    ['HTML with blank lines', '<!--\n\nMARK\n\n-->\n\n'],
    ['a note', '[^a]: MARK\n\n    more\n\n'],
  ])('keeps %s together', (_, block) => {
    expect(marked(FILLER + block + FILLER).blocks.map(({ text }) => text)).toEqual([block])
  })

  it('names the definitions that its blocks refer to', () => {
    const text = `${FILLER}MARK [a][Name] and [^n]\n\n${FILLER}[name]: https://a.example\n[other]: https://b.example\n\n[^n]: Note\n`
    const { text: excerpt, definitions } = marked(text)
    expect(excerpt).toBe('[Name]: x\n\n[^n]: x\n\n***\n\nMARK [a][Name] and [^n]\n\n')
    expect(definitions.get('name')).toBe('https://a.example')
  })
})

describe('a long note', () => {
  it('loses links whose definition is elsewhere', async () => {
    const text = `See [a][b] and [b].\n\n${FILLER}[b]: other.md\n`
    expect(await clean(text)).toBe(`See a (other.md) and b (other.md).\n\n${FILLER}\n`)
  })

  it('keeps formulas that go on over blank lines', async () => {
    const text = `$$\n\n[[1]]\n\n$$\n\n${FILLER}<b>x</b>\n`
    expect(await clean(text)).toBe(`$$\n\n[{}[1]]\n\n$$\n\n${FILLER}**x**\n`)
  })

  it('is harmless where one block makes another active', async () => {
    expect(await clean(`<div>\n\`\`\`\n</div>\n\n<img src=x onerror=y>\n\n\`\`\`\n\n${FILLER}`)).not.toMatch(/<img/)
  })
})
