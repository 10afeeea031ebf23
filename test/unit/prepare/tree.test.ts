import { describe, expect, test } from 'vitest'
import { cutPages, PAGE_CHARACTERS } from '../../../src/prepare/cut.ts'
import { headingsOf, plainText } from '../../../src/prepare/markdown-lines.ts'
import { completeOutline, outlineOfHeadings, treeOfOutline } from '../../../src/prepare/tree.ts'

const heading = (title: string, level: number, page: number, top = false) => ({ title, level, page, top })

async function pagesOf(...pieces: string[]): Promise<string[]> {
  const pages: string[] = []
  for await (const page of cutPages(pieces)) pages.push(page)
  return pages
}

describe('the outline', () => {
  test('a section ends where the next of its level begins', () => {
    const outline = outlineOfHeadings(
      [heading('A', 1, 1), heading('A.1', 2, 2), heading('B', 1, 4), heading('C', 1, 5, true)],
      9,
    )
    expect(outline.map(({ title, startPage, endPage }) => [title, startPage, endPage])).toEqual([
      ['A', 1, 4],
      ['A.1', 2, 4],
      ['B', 4, 4],
      ['C', 5, 9],
    ])
  })

  test('an outline from elsewhere is sorted and limited to the document', () => {
    const outline = completeOutline(
      [
        { title: ' A\nb ', level: 1, startPage: 3 },
        { title: 'B', level: 1, startPage: 2 },
        { title: 'C', level: 1, startPage: 99 },
      ],
      5,
    )
    expect(outline.map(({ title, startPage, endPage }) => [title, startPage, endPage])).toEqual([
      ['A b', 3, 3],
      ['B', 3, 5],
      ['C', 5, 5],
    ])
  })

  test('a section contains all pages of its sub-sections', () => {
    const outline = completeOutline(
      [
        { title: 'A', level: 1, startPage: 1, endPage: 1 },
        { title: 'A.1', level: 2, startPage: 2, endPage: 4 },
      ],
      9,
    )
    expect(outline[0]?.endPage).toBe(4)
  })
})

describe('the tree', () => {
  test('has the field names of PageIndex, and ids in reading order', () => {
    const outline = outlineOfHeadings([heading('A', 1, 2, true), heading('A.1', 2, 2), heading('B', 1, 4, true)], 6)
    expect(treeOfOutline(outline, 6)).toEqual([
      { title: 'Preface', node_id: '0001', start_index: 1, end_index: 1, nodes: [] },
      {
        title: 'A',
        node_id: '0002',
        start_index: 2,
        end_index: 3,
        nodes: [{ title: 'A.1', node_id: '0003', start_index: 2, end_index: 3, nodes: [] }],
      },
      { title: 'B', node_id: '0004', start_index: 4, end_index: 6, nodes: [] },
    ])
  })

  test('a document without headings is divided by pages, into at most fifty nodes', () => {
    const nodes = treeOfOutline([], 1_003)
    expect(nodes.length).toBeLessThanOrEqual(50)
    expect(nodes[0]).toMatchObject({ title: 'Pages 1 to 21', start_index: 1, end_index: 21 })
    expect(nodes.at(-1)?.end_index).toBe(1_003)
  })

  test('a million levels cost no more than a million entries', () => {
    const outline = outlineOfHeadings(
      Array.from({ length: 6_000 }, (_, index) => heading(`h${index}`, index, index + 1)),
      6_000,
    )
    expect(outline.length).toBe(5_000)
  })
})

describe('cutting into pages', () => {
  const paragraph = `${'word '.repeat(100).trim()}.`

  test('pages have the length of a printed page, and contain all of the text in order', async () => {
    const text = Array.from({ length: 60 }, (_, index) => `Paragraph ${index}. ${paragraph}`).join('\n\n')
    const pages = await pagesOf(text)
    expect(pages.join('\n\n')).toBe(text)
    expect(pages.every((page) => page.length < PAGE_CHARACTERS * 1.5)).toBe(true)
  })

  test('pages of Chinese, Japanese and Korean have about 1,200 characters, in paragraphs and in an endless line', async () => {
    const sentence = {
      zh: '数据库的页面缓存保存最近读取的页面。',
      ja: 'データベースは変更を記録します。',
      ko: '데이터베이스는변경내용을먼저기록한다.',
    }
    for (const text of Object.values(sentence)) {
      for (const whole of [`${text.repeat(10)}\n\n`.repeat(60), text.repeat(600)]) {
        const pages = await pagesOf(whole)
        expect(pages.join('').replace(/\s/g, '')).toBe(text.repeat(600))
        for (const page of pages.slice(0, -1)) expect(Math.abs(page.length - 1_200)).toBeLessThan(330)
      }
    }
  })

  test('a page never ends with a heading', async () => {
    const text = Array.from({ length: 40 }, (_, index) => `## Heading ${index}\n\n${paragraph}`).join('\n\n')
    for (const page of await pagesOf(text)) expect(page.split('\n').at(-1)).not.toMatch(/^#/)
  })

  test('code cut across pages is code on each page', async () => {
    const code = Array.from({ length: 400 }, (_, index) => `line ${index} of the program`).join('\n')
    const pages = await pagesOf(`\`\`\`python\n${code}\n\`\`\``)
    expect(pages.length).toBeGreaterThan(2)
    for (const page of pages) expect(page).toMatch(/^```python\n[\s\S]*\n```$/)
  })

  test('a table cut across pages has its header on each page', async () => {
    const rows = Array.from({ length: 400 }, (_, index) => `| ${index} | value of ${index} |`).join('\n')
    const pages = await pagesOf(`| id | value |\n| --- | --- |\n${rows}`)
    expect(pages.length).toBeGreaterThan(2)
    for (const page of pages) expect(page).toMatch(/^\| id \| value \|\n\| --- \| --- \|\n\| \d/)
  })

  test('an endless line is cut between words', async () => {
    const pages = await pagesOf('lorem ipsum '.repeat(2_000))
    expect(pages.length).toBeGreaterThan(5)
    expect(pages.join('').replace(/\s+/g, '')).toBe('loremipsum'.repeat(2_000))
  })

  test('the result does not depend on how the text is divided into pieces', async () => {
    const blocks = Array.from({ length: 50 }, (_, index) => `${index} ${paragraph}`)
    expect(await pagesOf(...blocks)).toEqual(await pagesOf(blocks.join('\n\n')))
  })
})

describe('headings', () => {
  test('are found in both notations, and not in code', () => {
    const found = headingsOf(
      '# One\n\n```\n# no\n```\n\nTwo\n---\n\ntext\n\n### Th**re**e `x` [l](https://e.com) ###\n',
      7,
    )
    expect(found).toEqual([heading('One', 1, 7, true), heading('Two', 2, 7), heading('Three x l', 3, 7)])
  })

  test('their titles are plain', () => {
    expect(plainText('*a* snake_case **b** \\*c\\* ![d](x.png) &amp;')).toBe('a snake_case b *c* d &')
  })
})
