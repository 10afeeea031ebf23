import { expect, test } from 'vitest'
import { analyse, type AnalysisInput } from '../../../src/compile/builtin/analyse.ts'
import { definitionIn, spokenOf } from '../../../src/compile/builtin/evidence.ts'
import { inflectedKeys } from '../../../src/compile/builtin/inflections.ts'
import { Quoted } from '../../../src/compile/builtin/quoted.ts'
import { topicKey } from '../../../src/core/page/topic.ts'

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

test('a phrase that is only named makes no page of its own, a word of the trade only if the text is about it', () => {
  const said =
    'The tide store writes each record at the hand of its keeper. The keeper of the tide store counts its records.\n'
  const passing = analysed(
    `# Tides\n\n${said.repeat(9)}\nSome ask for minimum hassle and for a callback. Minimum hassle is rare.\n`,
  )
  const weight = (name: string): number => passing.contributions.find((one) => one.name === name)?.weight ?? 0
  expect(weight('Tide store')).toBeGreaterThanOrEqual(0.5)
  expect(weight('Minimum hassle')).toBeLessThan(0.5)
  expect(weight('Callback')).toBeLessThan(0.5)
})

test('a topic without a sentence of its own takes one that a heavier topic can spare', () => {
  const texts = ['The hull of the boat is long.', 'The boat is red and has a sail.']
  const sentences = texts.map((text, order) => ({ text, order, block: order, whole: true }))
  const terms = texts.map((text) => ({ all: text.split(' '), own: new Set(text.split(' ')) }))
  const of = { sentences, spoken: spokenOf(sentences), terms, scores: [1, 1] }
  const asked = (name: string, weight: number, ranked: { at: number; value: number }[]) => ({
    topic: { kind: 'concept' as const, key: name, name, aliases: [], weight, frequency: 2, sentences: [0] },
    forms: [name],
    ranked: ranked.map((one) => ({ ...one, part: 'named' as const })),
  })
  const boat = asked('boat', 0.6, [
    { at: 0, value: 2 },
    { at: 1, value: 1.5 },
  ])
  const hull = asked('hull', 0.5, [{ at: 0, value: 1 }])
  const quoted = new Quoted([boat, hull], of)
  expect(quoted.of(boat.topic).map(({ at }) => at)).toEqual([1])
  expect(quoted.of(hull.topic).map(({ at }) => at)).toEqual([0])
})

test('a definition is a clause of its own, never what a thing is doing or lacking', () => {
  const one = analysed(
    '# Rope\n\nA tide rope is a line that holds a boat, and nobody should cut it. A tide rope floats.\n',
  )
  expect(one.contributions.find(({ name }) => name === 'Tide rope')?.description).toBe('A line that holds a boat')
  const two = analysed('# Rope\n\nA tide rope is missing many parts of the standard rope. A tide rope floats.\n')
  expect(two.contributions.find(({ name }) => name === 'Tide rope')?.description).toBeUndefined()
})

test('authors are said to have written about something with others, people in fields by what they are there', () => {
  const { contributions } = analysed(NOTE, { author: 'Ann Lee, Bo Weber' })
  expect(contributions.find(({ name }) => name === 'Ann Lee')?.says).toMatch(
    /^Author of this document on .*Borrow checker.*, with (?:\[\[)?Bo Weber/,
  )
  const form = analysed(
    '| Patient Name: | Jonathan Harrison | |\n| --- | --- | --- |\n| Age: | 46 | Physician: Dr. Ada Stone, MD |\n',
  )
  expect(form.contributions.map(({ name, says }) => [name, says])).toEqual([
    ['Ada Stone', 'Named in this document as the physician.'],
    ['Jonathan Harrison', 'Named in this document as the patient.'],
  ])
})

test('a name whose only sentence is about something else says with what it is named, in other words', () => {
  const { contributions } = analysed(
    '# The Falcon\n\nThe Falcon Engine is a machine of Acme Corporation. Alice Smith built it with Bob Jones in Paris.\n',
  )
  const says = (name: string): string | undefined => contributions.find((one) => one.name === name)?.says
  expect(says('Falcon Engine')).toMatch(/^The Falcon Engine is a machine of .*Acme Corporation/)
  expect(says('Acme Corporation')).toBe('[[Falcon Engine|Falcon Engine]]: a machine of Acme Corporation.')
  expect(says('Bob Jones')).toBe('Bob Jones is named with [[Alice Smith|Alice Smith]].')
  // A place says little of what is done there.
  expect(says('Paris')).toBeUndefined()
})

test('says what a thing is where a list, an apposition or brackets say so, and nothing that only looks like it', () => {
  const said = (sentence: string, name: string): string | undefined => {
    const [spoken] = spokenOf([{ text: sentence, order: 0, block: 0, whole: true }])
    const range = spoken === undefined ? undefined : definitionIn(spoken, [name])
    return range === undefined ? undefined : spoken?.text.slice(range.start, range.end)
  }
  expect(said('We present the Tide rope, a line of hemp that holds a boat.', 'tide rope')).toBe(
    'a line of hemp that holds a boat',
  )
  expect(said('The tide rope (a line of hemp that holds a boat) is new.', 'tide rope')).toBe(
    'a line of hemp that holds a boat',
  )
  expect(said('`mast` - the pole of a boat that carries its sail.', 'mast')).toBe(
    'the pole of a boat that carries its sail.',
  )
  expect(said('Mast and boom are two poles that carry a sail.', 'mast')).toBe('two poles that carry a sail.')
  expect(said('In the tide rope, the strands of hemp are twisted.', 'tide rope')).toBeUndefined()
  expect(said('It has the mast, the boom and the sail of a boat.', 'mast')).toBeUndefined()
  expect(said('Mast: the captain will take the mast with him.', 'mast')).toBeUndefined()
  expect(said('A mast is one of those.', 'mast')).toBeUndefined()
})

test('other inflections of a noun are keys of its topic, in languages whose inflection keys do not fold', () => {
  expect(inflectedKeys('Eintrag', 'de')).toContain(topicKey('Einträge'))
  expect(inflectedKeys('Bibliotheken', 'de')).toContain(topicKey('Bibliothek'))
  expect(inflectedKeys('dépendance', 'fr-CA')).toContain(topicKey('dépendances'))
  expect(inflectedKeys('configuración', 'es')).toContain(topicKey('configuraciones'))
  expect(inflectedKeys('name resolution', 'en')).toEqual([])
})

test('no key point or description begins with a word that joins it to what is before it, or is what a feed adds', () => {
  const { description, keyPoints } = analysed(
    `# Tides\n\nThe post Tides and moons of this bay appeared first on The Tide Blog.\n\nStill, the tide of this bay is the highest tide of all bays.\n\nThe tide of this bay rises by nine metres in six hours.\n`,
  )
  expect(description).toBe('The tide of this bay rises by nine metres in six hours.')
  for (const { text } of keyPoints) expect(text).not.toMatch(/^Still|appeared first on/)
})
