import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutInline, sanitizeInline, plainInline } from '../../../../src/core/page/sanitize.ts'
import { linksOf } from '../../../../src/core/page/wiki-links.ts'

const noisy = fc.string({
  unit: fc.constantFrom('`', '``', '[[a|b]]', '[', ']', '\\', ' ', 'word', '&', '&#96;', '*', '_', '|', '#', '](x)'),
})

test('no text of a document becomes a link, whatever backticks and backslashes it has', () => {
  fc.assert(
    fc.property(noisy, (text) => void expect(linksOf(sanitizeInline(text))).toEqual([])),
    { numRuns: 2_000 },
  )
})

test('pairing backticks is enough to find the code: all other backticks are entities', () => {
  expect(sanitizeInline('when``T: IntoIterator` fails, `IntoIterator`')).toBe(
    'when&#96;`T: IntoIterator` fails, `IntoIterator`',
  )
  fc.assert(fc.property(noisy, (text) => void expect((sanitizeInline(text).match(/`/g) ?? []).length % 2).toBe(0)))
})

test('plain text can be recovered', () => {
  fc.assert(
    fc.property(
      noisy.filter((text) => !/`[^`\n]*[\\&][^`\n]*`/.test(text)),
      (text) => void expect(plainInline(sanitizeInline(text))).toBe(text),
    ),
  )
})

test('truncation never splits an escape, an entity or a code span', () => {
  const line = `${'a'.repeat(20)}${sanitizeInline('`')}b`
  for (let index = 20; index < line.length; index++) expect(cutInline(line, index)).not.toMatch(/&#9?6?…$/)
})

test('code that a plug-in would run is written so that it does not, in what is cut too', () => {
  for (const text of ['see `$= dv.x` there', 'see `= this.x` there', 'see `<% tp.x %>` there']) {
    const safe = sanitizeInline(text)
    expect(safe).not.toBe(text)
    expect(plainInline(safe)).toBe(text)
    expect(cutInline(safe, 200)).toBe(safe)
  }
})
