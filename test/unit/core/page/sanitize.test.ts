import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutInline, sanitizeInline, plainInline } from '../../../../src/core/page/sanitize.ts'
import { linksOf } from '../../../../src/core/page/wiki-links.ts'

const noisy = fc.string({
  unit: fc.constantFrom('`', '``', '[[a|b]]', '[', ']', '\\', ' ', 'word', '&', '&#96;', '*', '_', '|', '#', '](x)'),
})

test('no text of a document makes a link, whatever backticks and backslashes it has', () => {
  fc.assert(
    fc.property(noisy, (text) => void expect(linksOf(sanitizeInline(text))).toEqual([])),
    { numRuns: 2_000 },
  )
})

test('who looks for code by pairs of backticks alone finds what is code: all others are entities', () => {
  expect(sanitizeInline('when``T: IntoIterator` fails, `IntoIterator`')).toBe(
    'when&#96;`T: IntoIterator` fails, `IntoIterator`',
  )
  fc.assert(fc.property(noisy, (text) => void expect((sanitizeInline(text).match(/`/g) ?? []).length % 2).toBe(0)))
})

test('the plain text is got back', () => {
  fc.assert(
    fc.property(
      noisy.filter((text) => !/`[^`\n]*[\\&][^`\n]*`/.test(text)),
      (text) => void expect(plainInline(sanitizeInline(text))).toBe(text),
    ),
  )
})

test('a cut leaves no half of an escape, of an entity or of a code span', () => {
  const line = `${'a'.repeat(20)}${sanitizeInline('`')}b`
  for (let at = 20; at < line.length; at++) expect(cutInline(line, at)).not.toMatch(/&#9?6?…$/)
})
