import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutInline, inertInline, plainInline } from '../../../../src/core/page/inert.ts'
import { linksOf } from '../../../../src/core/page/wiki-links.ts'

const noisy = fc.string({
  unit: fc.constantFrom('`', '``', '[[a|b]]', '[', ']', '\\', ' ', 'word', '&', '&#96;', '*', '_', '|', '#', '](x)'),
})

test('no text of a document makes a link, whatever backticks and backslashes it has', () => {
  fc.assert(
    fc.property(noisy, (text) => void expect(linksOf(inertInline(text))).toEqual([])),
    { numRuns: 2_000 },
  )
})

test('who looks for code by pairs of backticks alone finds what is code: all others are entities', () => {
  expect(inertInline('when``T: IntoIterator` fails, `IntoIterator`')).toBe(
    'when&#96;`T: IntoIterator` fails, `IntoIterator`',
  )
  fc.assert(fc.property(noisy, (text) => void expect((inertInline(text).match(/`/g) ?? []).length % 2).toBe(0)))
})

test('the plain text is got back', () => {
  fc.assert(
    fc.property(
      noisy.filter((text) => !/`[^`\n]*[\\&][^`\n]*`/.test(text)),
      (text) => void expect(plainInline(inertInline(text))).toBe(text),
    ),
  )
})

test('a cut leaves no half of an escape, of an entity or of a code span', () => {
  const line = `${'a'.repeat(20)}${inertInline('`')}b`
  for (let at = 20; at < line.length; at++) expect(cutInline(line, at)).not.toMatch(/&#9?6?…$/)
})
