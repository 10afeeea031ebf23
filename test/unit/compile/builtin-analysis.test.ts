import { describe, expect, test } from 'vitest'
import { acronymsOf } from '../../../src/compile/builtin/acronyms.ts'
import { analyse } from '../../../src/compile/builtin/analyse.ts'
import type { AnalysisInput } from '../../../src/compile/builtin/analyse.ts'
import { splitSentences } from '../../../src/compile/builtin/sentences.ts'
import { tagEnglish } from '../../../src/compile/builtin/tag-words.ts'
import { topicKey } from '../../../src/core/page/topic.ts'
import { textBlocks } from '../../../src/compile/builtin/text-blocks.ts'

const TYPES = ['person', 'organization', 'place', 'product', 'work', 'event', 'other']

function analysed(content: string, more: Partial<AnalysisInput> = {}) {
  return analyse({ pages: [{ content }], outline: [], fallbackTitle: 'a-note', entityTypes: TYPES, ...more })
}

const NOTE = `# Crash recovery in the tide store

The tide store keeps every change in a write-ahead log (WAL) before it touches a page. This note describes how crash
recovery reads the write-ahead log after a power cut.

## Why a log

A write-ahead log is an append-only file in which the intent of each change is recorded first. Without the log, a torn
page could not be told from a good one. Checkpoints keep the WAL short.

\`\`\`rust
fn forbidden_identifier() { forbidden_identifier() }
\`\`\`

| column one | column two |
|---|---|
| tabular nonsense | tabular nonsense |

## Recovery

Crash recovery replays the WAL from the last checkpoint and stops at the first torn record. A checkpoint is a point from
which no earlier record of the WAL is needed. Grace Hopper tested crash recovery at Harvard University in 1944. Torn
pages are found by their checksums. Crash recovery never writes to the log that it reads.

## References

[1] A. Nobody. Irrelevant bibliography entry about irrelevant bibliography entries. 1999.
`

describe('tagging words', () => {
  test('treats a capital as a name only if the sentence does not explain it, and never in function words', () => {
    const words = tagEnglish('The store US wrote In Rust: Pages FooBar A x')
    const told = words.map(
      ({ text, lower, tag, proper, capital }) =>
        `${text} ${lower} ${tag}${proper ? ' proper' : ''}${capital ? ' capital' : ''}`,
    )
    expect(told).toEqual([
      'The the F capital',
      'store store N',
      'US us N proper capital',
      'wrote wrote V',
      'In in F capital',
      'Rust rust N proper capital',
      ': : S',
      'Pages pages N capital',
      'FooBar foobar N proper capital',
      'A a F capital',
      'x x N',
    ])
  })
})

describe('analysing a note', () => {
  const compiled = analysed(NOTE)
  const concept = (key: string) =>
    compiled.contributions.find((one) => one.kind === 'concept' && one.key === topicKey(key))

  test('finds its concepts, with the acronym as an alias of the long form', () => {
    const heaviest = compiled.contributions
      .filter(({ kind }) => kind === 'concept')
      .slice(0, 5)
      .map(({ name }) => name)
    expect(heaviest).toEqual(expect.arrayContaining(['Write-ahead log', 'Crash recovery']))
    expect(concept('write ahead log')).toMatchObject({
      aliases: ['WAL'],
      description: 'An append-only file in which the intent of each change is recorded first',
    })
    expect(concept('checkpoint')?.says).toContain('is a point from which no earlier record')
  })

  test('has what the document says about each, word for word, with its heading', () => {
    expect(concept('write ahead log')?.quotes[0]).toEqual({
      text: 'A write-ahead log is an append-only file in which the intent of each change is recorded first.',
      place: { heading: 'Why a log' },
    })
    const plain = NOTE.replace(/\s+/g, ' ')
    for (const { quotes } of compiled.contributions) for (const { text } of quotes) expect(plain).toContain(text)
  })

  test('assigns types only to entities that it is sure of', () => {
    const entities = compiled.contributions
      .filter(({ kind }) => kind === 'entity')
      .map(({ name, type }) => `${name}: ${type}`)
    expect(entities.sort()).toEqual(['Grace Hopper: person', 'Harvard University: organization'])
  })

  test('learns nothing from code, tables and references', () => {
    expect(JSON.stringify(compiled)).not.toMatch(/forbidden|tabular|irrelevant|Nobody/i)
  })

  test('chooses key points from the whole document, complete sentences in order', () => {
    expect(compiled.keyPoints.length).toBeGreaterThanOrEqual(3)
    expect(new Set(compiled.keyPoints.map(({ place }) => place?.heading)).size).toBeGreaterThan(1)
    const at = compiled.keyPoints.map(({ text }) => NOTE.replace(/\s+/g, ' ').indexOf(text))
    expect(at).toEqual([...at].sort((a, b) => a - b))
    expect(compiled).toMatchObject({ title: 'Crash recovery in the tide store', language: 'en', compiler: 'builtin@5' })
    expect(compiled.description).toMatch(/write-ahead log/)
  })

  test('gives the same result for the same text', () => {
    expect(analysed(NOTE)).toEqual(compiled)
  })
})

test('entities have only the types that the base allows', () => {
  const types = (entityTypes: string[]) =>
    analysed(NOTE, { entityTypes })
      .contributions.filter(({ kind }) => kind === 'entity')
      .map(({ type }) => type)
  expect(types(['person'])).toEqual(['person'])
  expect(types(['person', 'other']).sort()).toEqual(['other', 'person'])
})

test('the pages of a long document locate its quotes, and running titles are not text', () => {
  const pages = Array.from({ length: 6 }, (_, at) => ({
    page: at + 1,
    content: `Annual Report of the Harbour Board\n\nThe harbour crane moved ${at + 2} thousand containers in quarter ${at + 1}. The harbour crane is the oldest machine of the port.\n\nPage ${at + 1}`,
  }))
  const compiled = analyse({ pages, outline: [], fallbackTitle: 'report', entityTypes: TYPES })
  const crane = compiled.contributions.find(({ name }) => name === 'Harbour crane')
  expect(crane?.quotes[0]?.place).toEqual({ page: expect.any(Number) })
  expect(JSON.stringify(compiled.contributions)).not.toContain('Annual Report')
})

test('languages without word lists are analysed statistically', () => {
  const german = analysed(
    '# Der Speicher\n\nDer Seitenspeicher hält die Seiten der Datenbank. Der Seitenspeicher schreibt geänderte Seiten später. Ein Protokoll sichert den Seitenspeicher gegen Stromausfall. Das Protokoll wird vor dem Seitenspeicher geschrieben.',
  )
  expect(german.language).toBe('de')
  expect(german.contributions[0]?.key).toBe('seitenspeicher')
  const chinese = analysed(
    '# 机器学习\n\n机器学习是人工智能的一个分支。机器学习使用数据训练模型。神经网络是机器学习的重要方法。神经网络需要大量数据。',
  )
  expect(chinese.language).toBe('zh')
  expect(chinese.contributions.map(({ name }) => name).join(' ')).toMatch(/机器学习|神经网络/)
})

test('a single letter can be a title, a single mark cannot', () => {
  for (const title of ['X', '水']) expect(analysed(`# ${title}\n\nSome text.`, { title }).title).toBe(title)
  expect(analysed('Some text.', { title: '-' }).title).toBe('a note')
})

test('empty, tiny and hostile texts give bounded knowledge', () => {
  expect(analysed('')).toMatchObject({
    title: 'a note',
    description: 'A document without text.',
    keyPoints: [],
    contributions: [],
  })
  expect(analysed('Hi').contributions).toEqual([])
  const huge = analysed(
    `${'Word '.repeat(50_000)}\n\n${'`'.repeat(20_000)}\n\n${'('.repeat(20_000)}\n\n${'[a]('.repeat(5_000)}\n\n${'*_'.repeat(10_000)}`,
  )
  expect(JSON.stringify(huge).length).toBeLessThan(60_000)
})

test('an acronym is found with its long form, not with words that merely precede it', () => {
  expect(acronymsOf("We use long short-term memory (LSTM) and the earth mover's distance (EMD).")).toEqual([
    { short: 'LSTM', long: 'long short-term memory' },
    { short: 'EMD', long: "earth mover's distance" },
  ])
  expect(acronymsOf('See the appendix (PDF) or table (2).')).toEqual([])
})

test('sentences end where they should', () => {
  expect(splitSentences('See Fig. 3, e.g. the left. Costs 3.5 ms. `a. B` stays. Dr. Who et al. agree? Yes.')).toEqual([
    'See Fig. 3, e.g. the left.',
    'Costs 3.5 ms.',
    '`a. B` stays.',
    'Dr. Who et al. agree?',
    'Yes.',
  ])
})

test('endless marks at the end of a sentence are read once', () => {
  const marks = '!'.repeat(1_000_000)
  expect(splitSentences(`Never${marks}`)).toEqual([`Never${marks}`])
  expect(splitSentences(`Never${marks} Ever.`)).toEqual([`Never${marks}`, 'Ever.'])
})

test('blocks know their headings, and lose markup but not words', () => {
  const blocks = textBlocks(
    [
      {
        content:
          'Title\n=====\n\nA **bold** [link](http://x/y) and `code`[^1].\n\n- first item\n- second `[not](a link)`\n\n    indented code\n',
      },
    ],
    [],
  )
  expect(blocks).toEqual([
    { kind: 'heading', level: 1, text: 'Title', heading: 'Title' },
    { kind: 'paragraph', text: 'A bold link and `code`.', heading: 'Title' },
    { kind: 'item', text: 'first item', heading: 'Title' },
    { kind: 'item', text: 'second `[not](a link)`', heading: 'Title' },
  ])
})
