import { expect, test } from 'vitest'
import { serializeRecord, type DocumentRecord } from '../../../../src/core/document/document.ts'
import { parseRecord } from '../../../../src/core/document/record.ts'
import { relink } from '../../../../src/core/document/linked-text.ts'
import { renamedFile, renamedRecord, renamedText, renameIn } from '../../../../src/core/merge/rename-document.ts'
import { overviewDue, overviewMark } from '../../../../src/core/page/overview-mark.ts'
import { parsePage } from '../../../../src/core/page/page.ts'

const RENAMES = [
  { key: 'v2/minutes', to: 'minutes-2' },
  { key: 'Prüfung', to: 'Prüfung-2' },
]

test.each([
  ['[[summaries/v2/minutes|Minutes]]', '[[summaries/v2/minutes-2|Minutes]]'],
  [
    '[[sources/v2/minutes#A heading|x]] ![[summaries/v2/minutes]]',
    '[[sources/v2/minutes-2#A heading|x]] ![[summaries/v2/minutes-2]]',
  ],
  [
    '[x](../summaries/v2/minutes.md) [y](../sources/v2/minutes.md#A%20b)',
    '[x](../summaries/v2/minutes-2.md) [y](../sources/v2/minutes-2.md#A%20b)',
  ],
  ['[x](../summaries/Pr%C3%BCfung.md)', '[x](../summaries/Pr%C3%BCfung-2.md)'],
  [
    '![a](images/v2/minutes/1.png) ![b](../images/v2/minutes/12.jpg)',
    '![a](images/v2/minutes-2/1.png) ![b](../images/v2/minutes-2/12.jpg)',
  ],
])('renames the document in %j', (before, after) => {
  expect(renameIn('wiki/concepts/x.md', `# X\n\n${before}\n`, RENAMES)).toBe(`# X\n\n${after}\n`)
})

test.each([
  '[[summaries/minutes|Minutes]] of another shard',
  '[[summaries/v2/minutes-of-may|longer]] [[concepts/v2/minutes|a topic]]',
  'minutes, v2/minutes, images/v2/minutes/ and summaries/v2/minutes as words',
])('leaves %j alone', (text) => {
  expect(renameIn('wiki/concepts/x.md', `# X\n\n${text}\n`, RENAMES)).toBe(`# X\n\n${text}\n`)
})

test('two documents may swap names', () => {
  const renames = [
    { key: 'a', to: 'a-2' },
    { key: 'a-2', to: 'a-3' },
  ]
  expect(renameIn('wiki/x.md', '[[summaries/a|x]] [[summaries/a-2|y]]\n', renames)).toBe(
    '[[summaries/a-2|x]] [[summaries/a-3|y]]\n',
  )
})

test('names in front matter follow, and an overview that was current stays so', () => {
  const words = 'Two documents, [[summaries/v2/minutes|one]] of May.'
  const page = (name: string, text: string) =>
    `---\ntype: concept\ntitle: X\ndescribed_by: ${name}\nsources: ["${name}", "tides"]\noverview: "${overviewMark([name, 'tides'], text)}"\n---\n\n# X\n\n${text}\n`
  const renamed = renameIn('wiki/concepts/x.md', page('minutes', words), RENAMES)
  expect(renamed).toBe(page('minutes-2', words.replace('minutes', 'minutes-2')))
  expect(overviewDue(parsePage(renamed))).toBe(false)
})

test('log entries and the lists of other records follow', () => {
  expect(
    renameIn(
      'wiki/log.md',
      '- 2026-01-02T03:04:05Z add: minutes (Minutes)\n- 2026-01-02T03:04:05Z add: minutes-of-may\n',
      RENAMES,
    ),
  ).toBe('- 2026-01-02T03:04:05Z add: minutes-2 (Minutes)\n- 2026-01-02T03:04:05Z add: minutes-of-may\n')
  const message = { title: 'minutes', attachments: ['minutes', 'other'] } as unknown as DocumentRecord
  expect(JSON.parse(renameIn('documents/mail.json', serializeRecord(message), RENAMES))).toEqual({
    title: 'minutes',
    attachments: ['minutes-2', 'other'],
  })
})

test('a record, its files and the places of its links are those of the new name', () => {
  const text = '# M\n\n![](../images/v2/minutes/1.png)\n\nSee [[summaries/tides|tides]].\n'
  const record: DocumentRecord = {
    version: 1,
    name: 'minutes',
    title: 'M',
    sha256: 'a'.repeat(64),
    format: 'md',
    kind: 'short',
    origin: '/x/minutes.md',
    raw: 'raw/v2/minutes.md.pointer',
    source: 'wiki/sources/v2/minutes.md',
    summary: 'wiki/summaries/v2/minutes.md',
    images: ['wiki/sources/images/v2/minutes/1.png'],
    links: [{ to: 'tides', text: 'tides', at: text.indexOf('[[summaries') }],
    listed: 'wiki/contents/documents-v2.md',
    compiler: 'builtin@3',
    addedAt: '2026-01-02T03:04:05Z',
    topics: [],
  }
  const renamed = renamedRecord(record, 'minutes-2', text, RENAMES)
  const path = renamedFile('documents/v2/minutes.json', record, 'minutes-2')
  expect(path).toBe('documents/v2/minutes-2.json')
  expect(parseRecord(serializeRecord(renamed), path)).toMatchObject({
    raw: 'raw/v2/minutes-2.md.pointer',
    images: ['wiki/sources/images/v2/minutes-2/1.png'],
  })
  const moved = renamedText(record.source, text, record, 'minutes-2', RENAMES)
  expect(moved).toContain('images/v2/minutes-2/1.png')
  expect(relink(moved, renamed, () => undefined)).toContain('See tides.')
  expect(
    renamedText(
      record.summary,
      '- Original: [minutes.md](../../../raw/v2/minutes.md.pointer)\n',
      record,
      'minutes-2',
      RENAMES,
    ),
  ).toContain('(../../../raw/v2/minutes-2.md.pointer)')
})
