import { expect, it } from 'vitest'
import { words } from '../../../../src/core/search/words.ts'

it.each([
  ['조선의 역사는 길다', ['조선', '역사', '길다']],
  ['서울은 데이터베이스로부터', ['서울', '데이터베이스']],
  ['학교에서 학교가 학교', ['학교', '학교', '학교']],
  // Too short for a noun with a particle.
  ['나는 국가', ['나는', '국가']],
])('Korean %j is found by its nouns', (text, found) => {
  expect(words(text)).toEqual(found)
})

it.each([
  ['Straße', 'strasse'],
  ['Łódź', 'lodz'],
  ['œuvre', 'oeuvre'],
  ['SØREN', 'soren'],
  ['Ægir', 'aegir'],
  ['ёлка', 'елка'],
  ['Ελλάς', 'ελλασ'],
  ['שָׁלוֹם', 'שלום'],
  ['مُحَمَّد', 'محمد'],
  ['مدرسة', 'مدرسه'],
  ['إسلام', 'اسلام'],
  ['Gesamt\u00ADkonzept', 'gesamtkonzept'],
  ['می\u200Cخواهم', 'میخواهم'],
  ['ISTANBUL’', 'istanbul'],
])('%j is found as %j', (text, word) => expect(words(text)).toEqual([word]))

it('keeps letters that are letters of their own', () => {
  expect(words('мой й')).toEqual(['мой', 'й'])
  expect(words('की')).toEqual(['की'])
})

it.each(['readExact', 'read_exact', 'read-exact', 'ReadExact', 'READ_EXACT'])(
  '%s has the words of the others',
  (name) => {
    expect(words(name)).toEqual(['read', 'exact', 'readexact'])
    expect(words(`é ${name}`)).toEqual(['e', 'read', 'exact', 'readexact'])
  },
)

it.each([
  ['HTTPServer', ['http', 'server', 'httpserver']],
  ['utf-8', ['utf', '8', 'utf8']],
  ['README', ['readme']],
  ['--help', ['help']],
  ['a-b-c-d-e-f-g', ['a', 'b', 'c', 'd', 'e', 'f', 'g']],
])('%s is %j', (text, found) => expect(words(text)).toEqual(found))
