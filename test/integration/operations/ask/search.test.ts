import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { renderPage } from '../../../../src/core/page/page.ts'
import { searchLanguages } from '../../../../src/core/search/languages.ts'
import { PageIndex } from '../../../../src/io/search/store.ts'
import { missingPages, branchPages, revisionPages, type PageSet } from '../../../../src/io/search/page-set.ts'
import { PageLookup } from '../../../../src/io/search/lookup.ts'
import { search, wordWeights, type SearchRequest } from '../../../../src/read/search.ts'
import { respelled } from '../../../../src/read/spelling.ts'
import { topicPage } from '../../../support/base-files.ts'
import { TestRepository } from '../../../support/git-content.ts'

const summary = (title: string, text = ''): string =>
  renderPage({ front: { type: 'summary', title }, intro: text, sections: [] })
const FIRST = {
  'wiki/sources/otters.md': `# Notes\n\n## Where they swim\n\nOtters are swimming in cold rivers.\n\n## Food\n\n${'They eat fish. '.repeat(60)}\n\nCrayfish too.\n`,
  'wiki/summaries/otters.md': summary('The otter in winter', 'About otters.'),
  'wiki/sources/report.json':
    '[{"page":1,"content":"# Report\\n\\nNothing here."},\n{"page":2,"content":"Herons wade at dawn."}]\n',
  'wiki/sources/report.tree.json': JSON.stringify({
    structure: [{ title: 'Wading birds', start_index: 2, end_index: 2, summary: 'On herons.' }],
  }),
  'wiki/summaries/report.md': summary('Birds of the estuary'),
  'wiki/concepts/hydrology.md': topicPage('Hydrology', ['otters'], { aliases: ['Study of water'] }),
  'wiki/explorations/what.md': '# What do otters eat?\n\nFish.\n',
  'wiki/sources/zh.md': '# 笔记\n\n机器学习是人工智能的一个分支。\n',
  'wiki/sources/ja.md': '# メモ\n\n東京都の図書館で勉強しました。\n',
  'wiki/sources/th.md': '# บันทึก\n\nฉันรักภาษาไทยและแมว\n',
  'wiki/concepts/emd.md': topicPage("Earth Mover's Distance", ['report'], { aliases: ['EMD'] }),
  'wiki/sources/emd.md': '# Measures\n\nThe EMD of two histograms is slow to compute.\n',
  'wiki/sources/api.md': '# Reading\n\nCall `read_exact` until the buffer is full.\n',
  'wiki/sources/de.md': '# Ordner\n\nDie Verzeichnisse der Benutzer liegen in Häusern.\n',
  'wiki/summaries/de.md': renderPage({
    front: { type: 'summary', title: 'Ordner', document: 'de', language: 'de' },
    intro: '# Ordner\n\nDie Ordner.\n',
    sections: [],
  }),
  'wiki/sources/fr.md': '# Étude\n\nLe château fort domine la vallée.\n',
}

let folder: string
let repository: TestRepository
let index: PageIndex
let pageSet: PageSet
let first: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kbgit-search-'))
  repository = new TestRepository(join(folder, 'repo'))
  index = PageIndex.open(join(folder, 'pageindex.db'), { access: 'write' })
  first = repository.commit(FIRST)
  pageSet = await branchPages(index, 'main', first, repository.content)
  await index.index(
    missingPages(index, pageSet, 100).map((key) => ({ ...key, content: repository.git('cat-file', 'blob', key.oid) })),
  )
})
afterAll(() => {
  index[Symbol.dispose]()
  rmSync(folder, { recursive: true })
})

function found(query: string, more: Partial<SearchRequest> = {}): string[] {
  return search(index, pageSet, { query, limit: 10, ...more }).map(({ page }) => page)
}

it('weighs the parts of a hyphenated word that no passage has in one piece', () => {
  const known = (question: string) => wordWeights(index, question).map(({ word, known }) => [word, known])
  expect(known('cold-fish')).toEqual([
    ['cold', true],
    ['fish', true],
  ])
  expect(known('coldFish')).toContainEqual(['coldfish', false])
  expect(known('read-exact')).toContainEqual(['readexact', true])
})

describe('search', () => {
  it('returns one hit per page, with its best passage, heading and page number', () => {
    const hits = search(index, pageSet, { query: 'crayfish', limit: 10 })
    expect(hits).toEqual([
      {
        page: 'wiki/sources/otters.md',
        kind: 'source',
        name: 'otters',
        document: 'otters',
        heading: 'Food',
        score: expect.any(Number),
        snippet: 'Crayfish too.',
      },
    ])
    const [heron] = search(index, pageSet, { query: 'herons at dawn', limit: 10 })
    expect(heron).toMatchObject({
      page: 'wiki/sources/report.json',
      kind: 'source',
      document: 'report',
      pageNumber: 2,
      snippet: 'Herons wade at dawn.',
    })
    const pages = found('otters fish rivers')
    expect(new Set(pages).size).toBe(pages.length)
  })

  it('finds other forms of English words, and words without their accents', () => {
    expect(found('otter swims river')[0]).toBe('wiki/sources/otters.md')
    expect(found('CHATEAU')).toEqual(['wiki/sources/fr.md'])
    expect(found('château')).toEqual(['wiki/sources/fr.md'])
  })

  it.each(['readExact', 'read_exact', 'read-exact', 'readexact', 'read exact'])('finds read_exact by %s', (query) => {
    expect(found(query)[0]).toBe('wiki/sources/api.md')
  })

  it('finds other forms of words of the languages that the base has', async () => {
    const languages = await searchLanguages(new PageLookup(index).languages())
    expect(languages.map(({ code }) => code)).toEqual(['en', 'de'])
    expect(found('Verzeichnis Haus', { languages })).toEqual(['wiki/sources/de.md'])
  })

  it('looks for the other names that the base has for what is asked', () => {
    expect(found("earth mover's distance")).toContain('wiki/sources/emd.md')
    expect(found('EMD')).toContain('wiki/concepts/emd.md')
  })

  it("shows no page's own lists", () => {
    for (const { snippet } of search(index, pageSet, { query: 'otters', limit: 10 }))
      expect(snippet).not.toMatch(/Original:|Text:|Continue/)
  })

  it.each([
    ['机器学习', 'zh'],
    ['人工智能', 'zh'],
    ['図書館', 'ja'],
    ['ภาษาไทย', 'th'],
  ])('finds %s in a text without spaces', (query, name) => {
    expect(found(query)).toEqual([`wiki/sources/${name}.md`])
  })

  it('finds a text by the title in its summary, and a topic by its alias', () => {
    expect(found('estuary birds')).toContain('wiki/sources/report.json')
    expect(found('study of water')[0]).toBe('wiki/concepts/hydrology.md')
  })

  it('limits hits to the requested kinds', () => {
    expect(found('herons', { kinds: ['node'] })).toEqual(['wiki/sources/report.tree.json'])
    expect(search(index, pageSet, { query: 'herons', limit: 1, kinds: ['node'] })[0]).toMatchObject({
      heading: 'Wading birds',
      pageNumber: 2,
      kind: 'node',
    })
    expect(found('otters', { kinds: ['exploration'] })).toEqual(['wiki/explorations/what.md'])
    expect(found('otters', { kinds: ['report'] })).toEqual([])
    expect(found('otters', { limit: 1 })).toHaveLength(1)
  })

  it.each([
    '',
    '   ',
    '"',
    '"otters',
    "otters'",
    'otters NEAR fish',
    'NEAR(',
    'otters AND',
    'OR',
    'NOT otters',
    '*',
    'otters*',
    '-otters',
    '^otters',
    'body:otters',
    '{body}',
    ')',
    '\u0000',
    '\\',
    ';--',
    '%',
    'a'.repeat(10_000),
    'w '.repeat(10_000),
    '\uD800',
  ])('treats %j as words, whatever it would mean to an engine', (query) => {
    expect(() => search(index, pageSet, { query, limit: 5 })).not.toThrow()
  })

  it('finds the word after quotes and operators', () => {
    for (const query of ['"otters', '-otters', 'otters*', 'body:otters', 'NOT otters'])
      expect(found(query)).toContain('wiki/sources/otters.md')
  })

  it('searches the base as of an older commit, without a checkout', async () => {
    const second = repository.commit({
      'wiki/sources/otters.md': '# Notes\n\nBeavers build dams.\n',
      'wiki/explorations/what.md': null,
    })
    const now = await branchPages(index, 'main', second, repository.content)
    await index.index(
      missingPages(index, now, 100).map((key) => ({ ...key, content: repository.git('cat-file', 'blob', key.oid) })),
    )
    const old = await revisionPages(index, first, repository.content)
    const pages = (at: PageSet, query: string): string[] =>
      search(index, at, { query, limit: 5, kinds: ['source', 'exploration'] }).map(({ page }) => page)
    expect(pages(now, 'beavers')).toEqual(['wiki/sources/otters.md'])
    expect(pages(now, 'crayfish')).toEqual([])
    expect(pages(old, 'beavers')).toEqual([])
    expect(pages(old, 'crayfish')).toEqual(['wiki/sources/otters.md'])
    expect(pages(await revisionPages(index, second, repository.content), 'beavers')).toEqual(['wiki/sources/otters.md'])
    pageSet = await branchPages(index, 'main', first, repository.content)
    expect(found('crayfish')).toEqual(['wiki/sources/otters.md'])
  })
})

describe('a spelling is suggested', () => {
  it.each([
    ['swiming otters', 'swimming otters'],
    ['rievrs', 'rivers'],
    ['crayfsih', 'crayfish'],
    ['heron', undefined],
    ['otters', undefined],
    ['xylophones', undefined],
    ['ot', undefined],
    ['chteau', 'chateau'],
    ['one two three four five six seven', undefined],
  ])('for %j: %j', (query, meant) => expect(respelled(new PageLookup(index), query)).toBe(meant))
})
