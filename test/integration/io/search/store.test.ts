import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pageKind } from '../../../../src/core/page/page-kind.ts'
import { INDEXED_BYTES_MAX } from '../../../../src/io/search/indexed-text.ts'
import { PageIndex, type PageEntry } from '../../../../src/io/search/store.ts'
import { missingPages, branchPages } from '../../../../src/io/search/page-set.ts'
import { search } from '../../../../src/read/search.ts'
import { topicPage } from '../../../support/base-files.ts'
import { TestRepository } from '../../../support/git-content.ts'

let folder: string
let open: PageIndex[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kbgit-pageindex-'))
  open = []
})
afterEach(() => {
  for (const index of open) index[Symbol.dispose]()
  rmSync(folder, { recursive: true })
})

function pageIndex(name = 'pageindex.db', thorough = false): PageIndex {
  const index = PageIndex.open(join(folder, name), { access: 'write', thorough })
  open.push(index)
  return index
}

const oid = (n: number): string => n.toString(16).padStart(40, '0')
const TREE = JSON.stringify({
  doc_name: 'Report',
  structure: [
    {
      title: 'Results',
      node_id: '0001',
      start_index: 3,
      end_index: 9,
      summary: 'What was found.',
      nodes: [{ title: 'Errors', start_index: 8, end_index: 9 }],
    },
  ],
})
const ENTRIES: PageEntry[] = [
  { oid: oid(1), kind: 'source', content: '# Otters\n\nOtters swim in cold rivers.\n' },
  {
    oid: oid(2),
    kind: 'pages',
    content: '[{"page":1,"content":"# Report\\n\\nFirst page."},\n{"page":2,"content":"Herons wade."}]\n',
  },
  { oid: oid(3), kind: 'tree', content: TREE },
  { oid: oid(4), kind: 'concept', content: topicPage('Rivers', ['a', 'b'], { aliases: ['Streams'] }) },
]

/** Rows of the full text index, read from the store's file. */
function passages(index: PageIndex): number {
  return Number(index.db.one('SELECT count(*) AS n FROM passage')?.['n'])
}

describe('the store of page texts', () => {
  it('contains what was added, once, and reports what is missing', async () => {
    const index = pageIndex()
    expect(index.state).toBe('fresh')
    expect(index.missing(ENTRIES)).toHaveLength(4)
    expect(await index.index(ENTRIES)).toBe(4)
    expect(await index.index([...ENTRIES, ...ENTRIES])).toBe(0)
    expect(index.missing(ENTRIES)).toEqual([])
    expect(index.stats().documents).toBe(2)
    expect(index.verify()).toEqual([])
    expect(index.nodes(oid(3))).toEqual([
      { nodeId: '0001', title: 'Results', within: [], startPage: 3, endPage: 9, summary: 'What was found.' },
      { nodeId: '0002', title: 'Errors', within: ['Results'], startPage: 8, endPage: 9, summary: '' },
    ])
  })

  it('adds nothing of a group if one of its files cannot be read completely', async () => {
    const index = pageIndex()
    const broken = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('some text')
      throw new Error('the disk is gone')
    }
    await expect(index.index([...ENTRIES, { oid: oid(9), kind: 'source', content: broken }])).rejects.toThrow(
      'the disk is gone',
    )
    expect(index.missing(ENTRIES)).toHaveLength(4)
    expect(passages(index)).toBe(0)
    expect(await index.index(ENTRIES)).toBe(4)
  })

  it('adds one passage when a page grows by one section', async () => {
    const index = pageIndex()
    const sources = Array.from({ length: 20 }, (_, n) => `doc-${n}`)
    await index.index([{ oid: oid(1), kind: 'concept', content: topicPage('Rivers', sources) }])
    const before = passages(index)
    await index.index([{ oid: oid(2), kind: 'concept', content: topicPage('Rivers', [...sources, 'another']) }])
    expect(passages(index)).toBe(before + 1)
  })

  it('equals one that grew in another order, and differs if the text does', async () => {
    const first = pageIndex('first.db')
    await first.index(ENTRIES)
    const second = pageIndex('second.db')
    await second.index([{ oid: oid(8), kind: 'source', content: 'of another branch' }])
    for (const entry of ENTRIES.toReversed()) await second.index([entry])
    expect(second.fingerprint(ENTRIES)).toBe(first.fingerprint(ENTRIES))
    const third = pageIndex('third.db')
    await third.index(ENTRIES.slice(0, 3))
    expect(third.fingerprint(ENTRIES)).not.toBe(first.fingerprint(ENTRIES))
  })

  it('accepts malformed content of every kind silently', async () => {
    const index = pageIndex()
    const contents = [
      '',
      '{',
      '[[[',
      'null',
      '[{"page":"x"}]',
      '{"structure":[null,{"title":5},{"title":"x","nodes":{}}]}',
      '---\n: [\n---\n',
      '\uFEFF\u0000',
      Buffer.from([0xff, 0xfe, 0xc3]),
    ]
    const kinds = ['source', 'pages', 'tree', 'concept'] as const
    const entries = contents.flatMap((content, n) =>
      kinds.map((kind, k) => ({ oid: oid(100 + n * 10 + k), kind, content })),
    )
    expect(await index.index(entries)).toBe(entries.length)
  })

  it('indexes the beginning of a text of any size, and reads no further', async () => {
    const index = pageIndex()
    const line = Buffer.from(`${'word '.repeat(2000)}\n\n`)
    let given = 0
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('# Beginning\n\nThe needle is here.\n\n')
      for (;;) {
        given += line.length
        yield line
      }
    }
    await index.index([{ oid: oid(1), kind: 'source', content: endless }])
    expect(given).toBeLessThan(INDEXED_BYTES_MAX + 2 * line.length)
  })

  it('drops what no commit reaches, and keeps passages that others share', async () => {
    const index = pageIndex()
    await index.index([
      { oid: oid(1), kind: 'concept', content: topicPage('Rivers', ['a', 'b']) },
      { oid: oid(2), kind: 'concept', content: topicPage('Rivers', ['a', 'b', 'c']) },
    ])
    const before = index.fingerprint([{ oid: oid(1), kind: 'concept' }])
    expect(await index.dropExcept((id) => id === oid(1), { dryRun: true })).toBe(1)
    expect(index.has({ oid: oid(2), kind: 'concept' })).toBe(true)
    expect(await index.dropExcept((id) => id === oid(1))).toBe(1)
    expect(index.has({ oid: oid(2), kind: 'concept' })).toBe(false)
    expect(index.fingerprint([{ oid: oid(1), kind: 'concept' }])).toBe(before)
    expect(index.verify()).toEqual([])
    await index.dropExcept(() => false)
    expect(passages(index)).toBe(0)
  })
})

describe('a store that is unusable', () => {
  it('is set aside if damage is found inside it during a search', async () => {
    const index = pageIndex()
    await index.index(
      Array.from({ length: 200 }, (_, n) => ({
        oid: oid(n + 1),
        kind: 'source' as const,
        content: `# T${n}\n\n${'text '.repeat(100)}${n}`,
      })),
    )
    index[Symbol.dispose]()
    const path = join(folder, 'pageindex.db')
    const size = statSync(path).size
    truncateSync(path, size - 4096)
    const again = pageIndex('pageindex.db', true)
    expect(again.state).toBe('replaced')
    expect(readdirSync(join(folder, 'set-aside'))).toContain('pageindex.db.1')
    writeFileSync(join(folder, 'pageindex-2.db.damaged'), 'met in the middle of work')
    again[Symbol.dispose]()
    expect(pageIndex().state).toBe('replaced')
    expect(pageIndex().state).toBe('kept')
  })

  it('does not reuse the name of the file set aside, so that a process that still has it open does no harm', async () => {
    const old = pageIndex()
    await old.index(ENTRIES)
    writeFileSync(join(folder, 'pageindex.db.damaged'), '')
    const fresh = pageIndex()
    expect(fresh.state).toBe('replaced')
    await fresh.index(ENTRIES.slice(0, 2))
    old[Symbol.dispose]()
    const reader = pageIndex()
    expect(reader.missing(ENTRIES)).toHaveLength(2)
  })
})

describe('the page set of a branch', () => {
  it('follows commits, and names the pages whose text is missing', async () => {
    const repository = new TestRepository(join(folder, 'repo'))
    const first = repository.commit({
      'wiki/sources/a.md': '# A\n\nOtters swim.',
      'wiki/concepts/x.md': topicPage('X', ['a']),
      'raw/a.md': 'x',
    })
    const index = pageIndex()
    const fill = async (commit: string): Promise<void> => {
      const pageSet = await branchPages(index, 'main', commit, repository.content)
      const missing = missingPages(index, pageSet, 100)
      await index.index(missing.map((key) => ({ ...key, content: repository.git('cat-file', 'blob', key.oid) })))
      expect(missingPages(index, pageSet, 100)).toEqual([])
      expect(missing.every(({ path, kind }) => pageKind(path) === kind)).toBe(true)
    }
    await fill(first)
    const second = repository.commit({ 'wiki/sources/a.md': '# A\n\nHerons wade.', 'wiki/concepts/x.md': null })
    await fill(second)
    const found = async (commit: string, query: string): Promise<string[]> =>
      search(index, await branchPages(index, 'main', commit, repository.content), { query, limit: 5 }).map(
        ({ page }) => page,
      )
    expect(await found(second, 'otter')).toEqual([])
    expect(await found(second, 'heron')).toEqual(['wiki/sources/a.md'])
    expect(await found(first, 'otter')).toEqual(['wiki/sources/a.md'])
    await expect(branchPages(index, 'main', '3'.repeat(40), repository.content)).rejects.toThrow()
    expect(await found(first, 'otter')).toEqual(['wiki/sources/a.md'])
  })
  it('is brought forward by two connections of one process at once, though git answers slowly', async () => {
    const repository = new TestRepository(join(folder, 'repo'))
    const commit = repository.commit({ 'wiki/sources/a.md': '# A', 'wiki/concepts/x.md': topicPage('X', ['a']) })
    const { content } = repository
    const slow = {
      diff: content.diff,
      async *tree(at: string) {
        for await (const file of content.tree(at)) {
          await new Promise((resolve) => setImmediate(resolve))
          yield file
        }
      },
    }
    using one = PageIndex.open(join(folder, 'shared.db'), { access: 'write' })
    using two = PageIndex.open(join(folder, 'shared.db'), { access: 'write' })
    const sets = await Promise.all([branchPages(one, 'a', commit, slow), branchPages(two, 'b', commit, slow)])
    expect(missingPages(one, sets[0], 100)).toHaveLength(2)
    expect(missingPages(two, sets[1], 100)).toHaveLength(2)
  })
})
