import { describe, expect, test } from 'vitest'
import { isGarbled, plausibility } from '../../../../src/prepare/convert/pdf-garbled.ts'
import type { Word } from '../../../../src/prepare/convert/pdf-words.ts'

const wordsOf = (text: string, unmapped = 0): Word[] =>
  text.split(' ').map((word) => ({
    text: word,
    x: 0,
    width: 1,
    baseline: 0,
    size: 10,
    guessed: false,
    spaced: true,
    font: 'F',
    bold: false,
    ...(unmapped > 0 ? { unmapped } : {}),
  }))
const shifted = (text: string, by: number): string =>
  text.replace(/[a-z]/g, (letter) => String.fromCharCode(((letter.charCodeAt(0) - 97 + by) % 26) + 97))

const ENGLISH = 'The harbour master keeps the records of every boat that enters or leaves the harbour before noon.'

describe('the text of a page', () => {
  test.each([
    ['English', ENGLISH],
    [
      'German',
      'Die Hafenmeisterin führt über jedes Boot ein Verzeichnis, das am Abend geschlossen wird und öffentlich ist.',
    ],
    [
      'French',
      'Le maître du port tient le registre de tous les bateaux qui entrent avant midi, même les plus petits d’entre eux.',
    ],
    ['Russian', 'Начальник порта ведёт учёт всех судов, которые входят в гавань или покидают её до полудня.'],
    [
      'Japanese',
      '港長は正午までに入港または出港するすべての船の記録を保管している。港長は記録を保管している。港長は記録を保管している。',
    ],
    ['figures', '1,234.56 78.90 12 345 6,789 0.12 (34) 56% $78 90 123 456 789 1,011 1,213 14 15 16'],
    ['a few letters', 'xqz jkv'],
  ])('makes sense: %s', (_, text) => {
    expect(isGarbled(plausibility(wordsOf(text)))).toBe(false)
  })

  test.each([
    ['letters that are shifted', wordsOf(shifted(ENGLISH.toLowerCase(), 3))],
    ['letters that are unknown', wordsOf(ENGLISH, 3)],
    ['signs', wordsOf('#@*! ^&*~ |<>= #@*! ^&*~ |<>= #@*! ^&*~ |<>= #@*! ^&*~ |<>= #@*! ^&*~')],
    [
      'letters of several scripts in each word',
      wordsOf('thе hаrbоur mаstеr kееps rесоrds оf еvеry bоаt еntеrs lеаvеs nооn wоrd'),
    ],
  ])('is garbled: %s', (_, words) => {
    expect(isGarbled(plausibility(words))).toBe(true)
  })
})
