import { expect, test } from 'vitest'
import { compareWords, shareOf, type LostRun } from '../../../src/prepare/coverage.ts'

const lost = (plain: string[], pieces: string[], dropped: string[] = []): string[] =>
  compareWords(
    plain.map((text) => ({ text })),
    pieces,
    dropped,
  ).lost.map(({ text }: LostRun) => text)

test('a result with every word in another order, case and markup lacks nothing', () => {
  expect(lost(['The Fee is', '12,500 dollars'], ['| 12,500 **Dollars** | the fee *is* |'])).toEqual([])
})

test('a missing sentence is named with its place, however common its words are', () => {
  const text = 'The fee is due in March. The fee is paid by the owner. The fee is due in May.'
  const result = 'The fee is due in March. The fee is due in May.'
  const [run] = compareWords([{ text, page: 3 }], [result]).lost
  expect(run?.text).toBe('paid by the owner. The fee is')
  expect(run?.part.page).toBe(3)
  expect(result.slice(0, run?.after?.offset)).toMatch(/due in March. The fee is$/)
})

test('a word that occurs once less than it should is missing once', () => {
  expect(lost(['one two', 'one two'], ['one two', 'one'])).toEqual(['two'])
})

test('words with different boundaries are found: marks in a word, line ends, hyphens', () => {
  expect(lost(['the exam-\nple of co-operation'], ['the example of cooperation'])).toEqual([])
  expect(lost(['an important word here'], ['an im**port**ant word here'])).toEqual([])
})

test('invisible characters, ligatures, full width and superscript digits do not make another word', () => {
  expect(lost(['ship\u00adwreck ﬁre ＡＢＣ 103'], ['shipwreck fire abc 10³'])).toEqual([])
})

test('scripts without spaces are compared character by character', () => {
  expect(lost(['料金は三月に払う'], ['料金は三月に'])).toEqual(['払う'])
  expect(compareWords([{ text: '料金は三月' }], ['料金は\n三月']).words).toBe(5)
})

test('words omitted on purpose do not count', () => {
  expect(lost(['Annual report 7', 'The fee'], ['The fee'], ['Annual report 7'])).toEqual([])
})

test('the share is below 1 as soon as one word is lost', () => {
  expect(shareOf(1_000_000, 1)).toBe(0.9999)
  expect(shareOf(10, 0)).toBe(1)
  expect(shareOf(10, 10)).toBe(0)
})

test('the time for many words, many of them lost, grows no faster than their number', () => {
  const words = Array.from({ length: 60_000 }, (_, index) => `w${index % 5_000} x${(index * 7) % 9_001}`)
  const start = performance.now()
  const { lost } = compareWords([{ text: words.join(' ') }], [words.filter((_, index) => index % 50 > 3).join(' ')])
  expect(lost.length).toBeGreaterThan(1_000)
  expect(performance.now() - start).toBeLessThan(10_000)
})
