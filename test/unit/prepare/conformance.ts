// What every format must preserve. Each format defines how it is written, and which kinds of block it supports.
import {
  array,
  assert,
  asyncProperty,
  constant,
  integer,
  oneof,
  record,
  stringMatching,
  type Arbitrary,
} from 'fast-check'
import { describe, expect, test } from 'vitest'
import { StagingFolder, type Staged } from '../../support/staging.ts'

export type Block =
  | { kind: 'heading'; level: number; text: string }
  | { kind: 'paragraph'; text: string }
  | { kind: 'list'; items: string[] }
  | { kind: 'table'; rows: string[][] }
  /** A table inside a table cell. */
  | { kind: 'nested'; outer: string; rows: string[][] }
  | { kind: 'code'; language: string; text: string }
  | { kind: 'link'; text: string; address: string }
  /** LaTeX. */
  | { kind: 'formula'; latex: string }

export type FormatUnderTest = {
  /** With its dot. */
  extension: string
  format: string
  /** Kinds of block that the format supports. */
  holds: Block['kind'][]
  /** A file of these blocks, all of supported kinds. */
  write: (blocks: Block[]) => string | Uint8Array | Promise<string | Uint8Array>
  /** Whether text is code, in which marks mean nothing and nothing needs escaping. */
  asCode?: boolean
  /** Paragraphs of a document that is certain to be long: a format with its own pages may need more than text. */
  hugeParagraphs?: number
}

const UNICODE = [
  'Zażółć gęślą jaźń',
  '日本語のテキスト',
  'Ελληνικά και кириллица',
  'emoji 👩‍🔬 and e\u0301 combined',
  'ﬁ ligature — dash … dots',
]
const RIGHT_TO_LEFT = ['שלום עולם, זה טקסט בעברית', 'هذا نص باللغة العربية', 'mixed עברית and English']

/** Runs the suite for one format. */
export function describeConformance(format: FormatUnderTest): void {
  const holds = (kind: Block['kind']): boolean => format.holds.includes(kind)
  const paragraphs = (texts: string[]): Block[] => texts.map((text) => ({ kind: 'paragraph', text }))
  const prepare = async (folder: StagingFolder, blocks: Block[], longPages = 20): Promise<Staged> =>
    folder.prepare(`document${format.extension}`, await format.write(blocks.filter((block) => holds(block.kind))), {
      longPages,
    })

  describe(`${format.extension} documents`, () => {
    test.runIf(holds('paragraph'))('keep every script and symbol, and the order of right-to-left text', async () => {
      await using folder = await StagingFolder.make()
      const { prepared, text } = await prepare(folder, paragraphs([...UNICODE, ...RIGHT_TO_LEFT]))
      expect(prepared.format).toBe(format.format)
      for (const each of [...UNICODE, ...RIGHT_TO_LEFT]) expect(plain(text)).toContain(plain(each))
    })

    test('without text are prepared as short documents', async () => {
      await using folder = await StagingFolder.make()
      const { prepared } = await prepare(folder, paragraphs([' ']))
      expect(prepared.kind).toBe('short')
    })

    test.runIf(holds('paragraph'))('that are huge become pages in order, with a tree that covers them', async () => {
      await using folder = await StagingFolder.make()
      const count = format.hugeParagraphs ?? 1_500
      const numbered = Array.from(
        { length: count },
        (_, index) => `Paragraph number ${index} speaks of something that takes a line or two to say.`,
      )
      const { prepared, pages, text, staging } = await prepare(folder, paragraphs(numbered), 5)
      expect(prepared.kind).toBe('long')
      expect(pages.map((page) => page.page)).toEqual(pages.map((_, index) => index + 1))
      // The header of a table is on every page, so its text may repeat.
      const met = new Set([...text.matchAll(/Paragraph number (\d+) speaks/g)].map((match) => Number(match[1])))
      expect([...met]).toEqual(numbered.map((_, index) => index))
      const tree = JSON.parse(await readText(staging, 'tree.json')) as {
        structure: { start_index: number; end_index: number }[]
      }
      expect(tree.structure[0]?.start_index).toBe(1)
      expect(tree.structure.at(-1)?.end_index).toBe(pages.length)
    })

    test.runIf(holds('table'))('keep tables as tables', async () => {
      await using folder = await StagingFolder.make()
      const { text } = await prepare(folder, [
        {
          kind: 'table',
          rows: [
            ['Name', 'Height'],
            ['Ann', '1.70'],
            ['Bo | b', '1.80'],
          ],
        },
      ])
      expect(text).toMatch(/\|\s*Name\s*\|\s*Height\s*\|\n\|[\s:|-]+\|\n\|\s*Ann\s*\|\s*1\.70\s*\|/)
      expect(text).toContain('Bo \\| b')
    })

    test.runIf(holds('nested'))('keep nested tables inside their tables', async () => {
      await using folder = await StagingFolder.make()
      const { text } = await prepare(folder, [
        {
          kind: 'nested',
          outer: 'Outside',
          rows: [
            ['inner one', 'inner two'],
            ['three', 'four'],
          ],
        },
      ])
      for (const each of ['Outside', 'inner one', 'inner two', 'three', 'four']) expect(plain(text)).toContain(each)
    })

    test.runIf(holds('formula'))('keep formulas as LaTeX', async () => {
      await using folder = await StagingFolder.make()
      const { text } = await prepare(folder, [{ kind: 'formula', latex: 'E = mc^2' }])
      expect(text.replace(/[\s{}]/g, '')).toMatch(/\$E=mc\^2\$/)
    })

    test.runIf(holds('link'))('keep safe links and drop unsafe ones', async () => {
      await using folder = await StagingFolder.make()
      const { text } = await prepare(folder, [
        { kind: 'link', text: 'the site', address: 'https://example.com/a?b=c' },
        { kind: 'link', text: 'a trap', address: 'javascript:alert(1)' },
      ])
      expect(text).toContain('[the site](https://example.com/a?b=c)')
      expect(text).toContain('a trap')
      expect(text).not.toMatch(/\]\(javascript:/)
    })

    test.runIf(holds('paragraph') && format.asCode !== true)('cannot smuggle markup into the wiki', async () => {
      await using folder = await StagingFolder.make()
      const hostile = [
        '<script>alert(1)</script>',
        '[[summaries/other]]',
        '![x](https://e.com/i.png)',
        '[x](javascript:alert(1))',
        '<img src=x onerror=alert(1)>',
        '# no heading',
        '---',
      ]
      const { text } = await prepare(folder, paragraphs(['first', ...hostile]))
      const live = text.replace(/\\[<[!\]#-]/g, '')
      expect(live).not.toMatch(/<script|<img|!\[|\[\[|\]\(javascript:/)
      expect(text).not.toMatch(/^---/)
    })

    test.runIf(holds('heading'))('keep their headings with their levels', async () => {
      await using folder = await StagingFolder.make()
      const { prepared } = await prepare(folder, [
        { kind: 'heading', level: 1, text: 'Top' },
        { kind: 'paragraph', text: 'Some text.' },
        { kind: 'heading', level: 2, text: 'Below' },
        { kind: 'paragraph', text: 'More text.' },
      ])
      expect(prepared.outline.map(({ title }) => title)).toEqual(['Top', 'Below'])
      const [top = 0, below = 0] = prepared.outline.map(({ level }) => level)
      expect(below).toBeGreaterThan(top)
    })

    test('that are generated come back complete and in order', async () => {
      await using folder = await StagingFolder.make()
      await assert(
        asyncProperty(array(anyBlock(format.holds), { minLength: 1, maxLength: 8 }), async (blocks) => {
          const { text } = await prepare(folder, blocks)
          const found = plain(text)
          let offset = 0
          for (const word of blocks.flatMap(wordsOf)) {
            const next = found.indexOf(word, offset)
            expect(next, `"${word}" after ${offset} in ${found}`).toBeGreaterThanOrEqual(0)
            offset = next
          }
        }),
        { numRuns: 12, seed: 11, endOnFailure: true },
      )
    })
  })
}

/** Text without Markdown syntax and with single spaces, to search for words. */
export function plain(text: string): string {
  return text.replace(/\\([!-/:-@[-`{-~])/g, '$1').replace(/\s+/g, ' ')
}

async function readText(staging: string, file: string): Promise<string> {
  const { readFile } = await import('node:fs/promises')
  return readFile(`${staging}/${file}`, 'utf8')
}

const word = stringMatching(/^[a-z]{3,10}$/)
const phrase = array(word, { minLength: 1, maxLength: 5 }).map((words) => words.join(' '))

function anyBlock(kinds: Block['kind'][]): Arbitrary<Block> {
  const all: Partial<Record<Block['kind'], Arbitrary<Block>>> = {
    heading: record({ kind: constant('heading' as const), level: integer({ min: 1, max: 3 }), text: phrase }),
    paragraph: record({ kind: constant('paragraph' as const), text: phrase }),
    list: record({ kind: constant('list' as const), items: array(phrase, { minLength: 1, maxLength: 4 }) }),
    table: integer({ min: 1, max: 3 })
      .chain((width) =>
        array(array(phrase, { minLength: width + 1, maxLength: width + 1 }), { minLength: 2, maxLength: 4 }),
      )
      .map((rows) => ({ kind: 'table' as const, rows })),
    code: record({ kind: constant('code' as const), language: constant('python'), text: phrase }),
  }
  const usable = kinds.map((kind) => all[kind]).filter((arbitrary) => arbitrary !== undefined)
  return oneof(...usable)
}

function wordsOf(block: Block): string[] {
  switch (block.kind) {
    case 'list':
      return block.items
    case 'table':
    case 'nested':
      return block.rows.flat()
    case 'formula':
      return []
    case 'heading':
    case 'paragraph':
    case 'code':
    case 'link':
      return [block.text]
  }
}
