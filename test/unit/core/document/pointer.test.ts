import { expect, it } from 'vitest'
import { parsePointer, serializePointer } from '../../../../src/core/document/pointer.ts'

const POINTER = { sha256: 'ab'.repeat(32), size: 12_345_678 }

it('a pointer is the text that git-lfs writes, and can be read back', () => {
  const text = serializePointer(POINTER)
  expect(text).toBe(`version https://git-lfs.github.com/spec/v1\noid sha256:${'ab'.repeat(32)}\nsize 12345678\n`)
  expect(parsePointer(text)).toEqual(POINTER)
})

it.each([
  ['', 'nothing'],
  ['just a text', 'another text'],
  [serializePointer(POINTER).replace('ab', 'xy'), 'a digest that is none'],
  [serializePointer(POINTER).replace('12345678', '-1'), 'a size below zero'],
  [serializePointer(POINTER) + ' '.repeat(2000), 'a file that is longer than a pointer can be'],
])('%j is not a pointer: %s', (text) => {
  expect(parsePointer(text)).toBeUndefined()
})
