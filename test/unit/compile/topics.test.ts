import { expect, test } from 'vitest'
import { analyse, type AnalysisInput } from '../../../src/compile/builtin/analyse.ts'

const TYPES = ['person', 'organization', 'place', 'product', 'work', 'event', 'other']

function analysed(content: string, more: Partial<AnalysisInput> = {}) {
  return analyse({ pages: [{ content }], outline: [], fallbackTitle: 'a-note', entityTypes: TYPES, ...more })
}

const NOTE = `# Borrow checking

The borrow checker rejects a program in January as in any month. A borrow checker is a pass that follows the loans of a
program. Borrow checkers need the control-flow graph. The control-flow graph has a node per statement of the program.
Employees of the company wrote the borrow checker in a month. The company and its employees read the control-flow graph.
The company has employees. Employees see the summary. Loans end with the last use, the borrow checker says. The
\`drop_flag\` says whether a value was moved. Each value has a \`drop_flag\` of its own.
`

test('common words, calendar words and what every text speaks of are no topics', () => {
  const names = analysed(NOTE).contributions.map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['Borrow checker', 'Control-flow graph', 'drop_flag']))
  for (const name of ['Employee', 'Company', 'January', 'Month', 'Summary', 'Program'])
    expect(names).not.toContain(name)
})

test('a topic is titled in the singular, with a capital unless it is code, and has its other names', () => {
  const { contributions } = analysed(NOTE)
  expect(contributions.filter(({ name }) => /borrow checkers?$/i.test(name))).toHaveLength(1)
  expect(contributions.find(({ name }) => name === 'Borrow checker')?.description).toMatch(/^A pass that follows/)
})

test('no sentence is what a document says of two of its lighter topics', () => {
  const says = analysed(NOTE).contributions.flatMap(({ weight, quotes }) =>
    weight < 0.5 ? quotes.map(({ text }) => text) : [],
  )
  expect(new Set(says).size).toBe(says.length)
})

test.each<[string, string, Partial<AnalysisInput>, string]>([
  [
    'a notebook by its sections',
    '# Runs\n\n## First run\n\n```python\nf()\n```\n\n## Second run\n\nEnd',
    { format: 'ipynb' },
    'First run and Second run',
  ],
  [
    'a list by its first items',
    'Birds of the quay\n\n- Terns\n- Gulls\n- Waders\n',
    {},
    'Birds of the quay, Terns, Gulls, Waders',
  ],
  ['a line of values by itself', '**Version:** 1', {}, 'Version: 1'],
  ['a picture without text as one', '', { format: 'png' }, 'A picture in which no text was recognised.'],
  ['nothing as nothing', '', {}, 'A document without text.'],
])('%s is described', (_, text, given, description) => {
  expect(analysed(text, given).description).toBe(description)
})

test('a line break is no part of a sentence, and a licence is not what a document is about', () => {
  const { description, keyPoints } = analysed(
    'Rights: the poems are in the public domain, and the poems are free of copyright restrictions here.\n\nThe poems of the quay were\\\nwritten by a keeper of the light.',
  )
  expect(description).toBe('The poems of the quay were written by a keeper of the light.')
  expect(keyPoints.map(({ text }) => text).join()).not.toContain('\\')
})

test('a deck of slides without titles is called by its file', () => {
  expect(analysed('## Slide 1\n\nTerns breed on the quay.\n\n## Slide 2\n').title).toBe('a note')
})

test('a table is described by its columns and rows, a mail by its parties and subject', () => {
  const table = '| 氏名 | 年齢 |\n| --- | --- |\n| 佐藤 | 30 |\n| 三木 | 25 |\n'
  expect(analysed(table, { format: 'csv' }).description).toBe('Table of 2 rows: 氏名, 年齢')
  expect(analysed(`## Fees\n\n${table}`, { format: 'xlsx' }).description).toBe('Sheet Fees of 2 rows: 氏名, 年齢')
  expect(analysed(`Two fees.\n\n## Fees\n\n${table}`, { format: 'docx' }).description).toBe(
    'Table “Fees” of 2 rows: 氏名, 年齢',
  )
  const captioned = '| Fees of 2026 | |\n| --- | --- |\n| 氏名 | 年齢 |\n| 佐藤 | 30 |\n| 三木 | 25 |\n'
  expect(analysed(captioned, { format: 'csv' }).description).toBe('Table “Fees of 2026” of 2 rows: 氏名, 年齢')
  const letter = { from: 'Ann <ann@example.org>', to: 'Bo, Cy, Di', subject: 'Lamps' }
  expect(analysed('Hello.', { format: 'eml', ...letter }).description).toBe(
    'E-mail from Ann to Bo, Cy and 1 more: Lamps',
  )
  const note =
    '> **Note:** 99.46% of the words of the original were kept. Missing (1 word): "50mg" on page 3.\n\n# Report\n'
  expect(analysed(note).description).not.toContain('99.46%')
})
