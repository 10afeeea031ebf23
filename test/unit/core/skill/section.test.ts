import { assert, property, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findSection, renderSection, withoutSection, withSection } from '../../../../src/core/skill/section.ts'
import { SKILL_CLIENTS, skillPlace, skillText } from '../../../../src/core/skill/text.ts'

const section = renderSection('Search first.\n\nThen cite.', 3)

describe('a section of kbgit in a file of the user', () => {
  test.each(['', 'My rules.\n', 'My rules.', 'My rules.\r\n\r\nMore.\r\n', '# A\n\n\n'])(
    'goes in and out of %j',
    (text) => {
      const put = withSection(text, findSection(text), section)
      expect(put.startsWith(text)).toBe(true)
      const state = findSection(put)
      expect(state).toMatchObject({ kind: 'present', version: 3, edited: false })
      expect(withSection(put, state, section)).toBe(put)
      expect(withoutSection(put, state).trimEnd()).toBe(text.trimEnd())
      expect(put.replaceAll('\r\n', '').includes('\n')).toBe(!text.includes('\r\n'))
    },
  )

  test('loses nothing of any text around it', () => {
    assert(
      property(string(), string(), (before, after) => {
        const text = `${before}\n${section}\n${after}`
        const state = findSection(text)
        expect(state.kind).toBe('present')
        const next = withSection(text, state, renderSection('Other.', 4))
        expect(next).toBe(`${before}\n${renderSection('Other.', 4)}\n${after}`)
        expect(withoutSection(text, state).replace(/\s/g, '')).toBe((before + after).replace(/\s/g, ''))
      }),
    )
  })

  test('is known to be edited, but not by other line ends', () => {
    expect(findSection(section.replace('cite', 'boast'))).toMatchObject({ kind: 'present', edited: true })
    expect(findSection(section.replaceAll('\n', '\r\n'))).toMatchObject({ kind: 'present', edited: false })
  })

  test.each([
    `${section}\n${section}`,
    section.slice(0, -5),
    section.slice(10),
    'a\n<!-- kbgit:end -->',
    `${section}<!-- kbgit:end -->`,
  ])('is left alone if its marks are no pair', (text) => expect(findSection(text)).toEqual({ kind: 'broken' }))
})

test('the text is short, and every client has a place for it', () => {
  const text = skillText('notes')
  expect(text.length).toBeLessThan(2_000)
  expect(text).toContain('kbgit search <words> --kb notes')
  expect(skillText('.')).not.toContain('--kb')
  for (const client of SKILL_CLIENTS) expect(skillPlace(client).path).toMatch(/^[\w./-]+\.(?:md|mdc)$/)
})
