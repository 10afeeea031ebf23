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
