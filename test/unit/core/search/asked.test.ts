import { expect, it } from 'vitest'
import { readQuery } from '../../../../src/core/search/asked.ts'
import { searchLanguages } from '../../../../src/core/search/languages.ts'

it.each([
  ['How do I read a file?', ['read', 'file']],
  ['Wie lese ich die Datei?', ['lese', 'datei']],
  ['Où est le fichier à lire ?', ['fichier', 'lire']],
  ['die casting', ['die', 'casting']],
  ['to be or not to be', ['to', 'be', 'or', 'not']],
  ["can't we open it", ['open']],
  ['readExact', ['read', 'exact', 'readexact']],
  ['', []],
])('%j asks for %j', async (query, expected) => {
  const languages = await searchLanguages(['de', 'fr-CA'])
  expect(readQuery(query, languages, 10).terms.map(({ word }) => word)).toEqual(expected)
})

it('knows a question by its mark, and where words stand to each other', async () => {
  const languages = await searchLanguages([])
  expect(readQuery('what is it?', languages, 10).kind).toBe('question')
  expect(readQuery('本は何ですか？', languages, 10).kind).toBe('question')
  expect(readQuery('the world', languages, 10).kind).toBe('word')
  const { kind, sequence } = readQuery('the end of the world', languages, 10)
  expect(kind).toBe('words')
  expect(sequence).toEqual([
    { term: 0, at: 1 },
    { term: 1, at: 4 },
  ])
})

it('looks for at most so many words', async () => {
  const { terms } = readQuery('one two three four two', await searchLanguages([]), 3)
  expect(terms.map(({ word }) => word)).toEqual(['one', 'two', 'three'])
})

it.each([
  ['de', 'hauser', 'haus'],
  ['ru', 'книги', 'книга'],
  ['fr', 'chevaux', 'cheval'],
  ['es', 'canciones', 'cancion'],
])('joins forms of a word in %s: %s and %s', async (tag, a, b) => {
  const language = (await searchLanguages([tag])).at(-1)
  expect(language?.code).toBe(tag)
  expect(language?.stem(a)).toBe(language?.stem(b))
})
