import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LISTING_ENTRIES_MAX, SHARD_ENTRIES_MAX } from '../../../../src/core/layout.ts'
import { CatalogStore } from '../../../../src/io/catalog/store.ts'
import { digestOf, mention, registry, topicPage } from '../../../support/base-files.ts'
import { TestRepository } from '../../../support/git-content.ts'
import { overviewMark } from '../../../../src/core/page/overview-mark.ts'

let folder: string
let open: CatalogStore[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kbgit-catalog-'))
  open = []
})
afterEach(() => {
  for (const store of open) store[Symbol.dispose]()
  rmSync(folder, { recursive: true })
})

function catalog(key = 'main', access: 'read' | 'write' = 'write'): CatalogStore {
  const store = new CatalogStore(join(folder, 'catalog.db'), {
    key,
    access,
  })
  open.push(store)
  return store
}

/** Everything that a snapshot can answer, for comparing snapshots. */
function everything(store: CatalogStore): unknown {
  const topics = [...store.topics('concept'), ...store.topics('entity')]
  return {
    documents: [...store.documents()],
    topics,
    counts: store.counts(),
    due: store.overviewsDue(100),
    mentions: ['alpha', 'beta', 'gamma'].map((key) => [
      store.mentions('concept', key, 10),
      store.documentFrequency('concept', key),
    ]),
    shards: (['documents', 'concepts', 'entities'] as const).map((kind) => store.openShard(kind)),
    listings: (['documents', 'concepts', 'entities'] as const).map((kind) => store.openListing(kind, 1)),
  }
}

const FIRST = {
  'documents/a.json': registry('a', { topics: ['wiki/concepts/alpha.md'], mentions: [mention('beta')] }),
  'documents/b.json': registry('b', { mentions: [mention('alpha'), mention('beta')], addedAt: '2025-01-01T00:00:00Z' }),
  'documents/torn.json': '{"name": "torn"',
  'wiki/concepts/alpha.md': topicPage('Alpha', ['a'], { aliases: ['First Letters'] }),
  'wiki/concepts/alpha--2.md': topicPage('Alpha', ['b', 'c']),
  'wiki/entities/acme.md': topicPage('Acme', ['a'], { overview: overviewMark(['a'], '') }),
  'wiki/contents/documents.md': '# Documents\n\n- [[summaries/a]]\n- [[summaries/b]]\n',
  'wiki/summaries/a.md': 'not of the catalog',
  'wiki/concepts/plain.md': 'no front matter',
}

describe('a catalog aligned with a commit', () => {
  it('answers questions about documents, topics, mentions, shards and listings', async () => {
    const repository = new TestRepository(join(folder, 'repo'))
    const commit = repository.commit(FIRST)
    const store = catalog()
    await store.align(commit, repository.content)

    expect(store.commit()).toBe(commit)
    expect(store.documentByName('a')?.topics).toEqual(['wiki/concepts/alpha.md'])
    expect(store.documentByDigest(digestOf('b'))?.name).toBe('b')
    expect(store.documentByOrigin('/in/b.md')?.name).toBe('b')
    expect(store.documentByName('torn')).toBeUndefined()
    expect(store.documentNameTaken('torn')).toBe(true)
    expect(store.documentNameTaken('nothing')).toBe(false)
    const alpha = {
      kind: 'concept',
      name: 'alpha',
      title: 'Alpha',
      path: 'wiki/concepts/alpha.md',
      parts: 2,
      sources: 3,
    }
    expect(store.topic('concept', ['nothing', 'first letter', 'alpha'])).toEqual(alpha)
    expect(store.topic('entity', ['alpha'])).toBeUndefined()
    expect(store.topicNameTaken('concept', 'plain')).toBe(true)
    expect(store.mentions('concept', 'beta', 10).map(({ document }) => document.name)).toEqual(['b', 'a'])
    expect(store.mentions('concept', 'beta', 1)).toHaveLength(1)
    expect(store.documentFrequency('concept', 'alpha')).toBe(4)
    expect(store.overviewsDue(10)).toEqual([alpha])
    expect(store.openListing('documents', 1)).toEqual({ part: 1, entries: 2 })
    expect(store.counts()).toEqual({ documents: 2, concepts: 2, entities: 1, unreadable: 2 })
  })

  it('omits mentions of a document that already has a section on the page', async () => {
    const store = catalog()
    store.begin()
    store.apply([
      {
        path: 'documents/a.json',
        content: registry('a', { topics: ['wiki/concepts/alpha--2.md'], mentions: [mention('alpha')] }),
      },
      { path: 'documents/b.json', content: registry('b', { mentions: [mention('alpha')] }) },
      { path: 'wiki/concepts/alpha.md', content: topicPage('Alpha', ['a']) },
    ])
    expect(store.mentions('concept', 'alpha', 10).map(({ document }) => document.name)).toEqual(['b'])
  })

  it('follows commits in both directions, reading only what changed, and equals a rebuilt snapshot', async () => {
    const repository = new TestRepository(join(folder, 'repo'))
    const first = repository.commit(FIRST)
    const second = repository.commit({
      'documents/a.json': registry('a', { title: 'new title', mentions: [mention('gamma')] }),
      'documents/b.json': null,
      'documents/torn.json': registry('torn', { mentions: [mention('alpha')] }),
      'wiki/concepts/alpha.md': null,
      'wiki/concepts/gamma.md': topicPage('Gamma', ['a']),
      'wiki/entities/acme.md': topicPage('Acme Inc', ['a'], { aliases: ['Acme'] }),
    })
    // Found by the same keys, with another title and another source.
    const third = repository.commit({ 'wiki/concepts/gamma.md': topicPage('GAMMA', ['a', 'torn']) })
    const store = catalog()
    for (const commit of [first, second, third, first, second]) {
      repository.reads = 0
      await store.align(commit, repository.content)
      const anew = catalog(`anew-${open.length}`)
      const reads = repository.reads
      await anew.align(commit, repository.content)
      expect(everything(store)).toEqual(everything(anew))
      if (open.length > 2) expect(reads).toBeLessThan(6)
    }
    repository.reads = 0
    await store.align(second, repository.content)
    expect(repository.reads).toBe(0)
  })

  it('is rebuilt if the old commit is gone, and left unchanged if the new one is', async () => {
    const repository = new TestRepository(join(folder, 'repo'))
    const commit = repository.commit(FIRST)
    const store = catalog()
    store.begin()
    store.apply([{ path: 'documents/gone.json', content: registry('gone') }])
    store.commitAt('1'.repeat(40))
    await store.align(commit, repository.content)
    expect(store.documentByName('gone')).toBeUndefined()
    expect(store.counts().documents).toBe(2)
    await expect(store.align('2'.repeat(40), repository.content)).rejects.toThrow()
    expect(store.commit()).toBe(commit)
    expect(store.counts().documents).toBe(2)
  })
})

describe('a catalog in a transaction', () => {
  it('shows planned changes to later documents, undoes one document, and forgets everything on rollback', () => {
    const store = catalog()
    store.begin()
    store.apply([{ path: 'documents/a.json', content: registry('a') }])
    const mark = store.mark()
    store.apply([
      { path: 'documents/b.json', content: registry('b', { mentions: [mention('beta')] }) },
      { path: 'wiki/concepts/alpha.md', content: topicPage('Alpha', ['a', 'b']) },
    ])
    expect(store.topic('concept', ['alpha'])?.sources).toBe(2)
    expect(store.documentCount()).toBe(2)
    store.undoTo(mark)
    expect(store.topic('concept', ['alpha'])).toBeUndefined()
    expect(store.documentFrequency('concept', 'beta')).toBe(0)
    expect(store.documentByName('a')).toBeDefined()
    expect(catalog('main', 'read').documentCount()).toBe(0)
    store.commitAt('c1')
    store.begin()
    store.apply([{ path: 'documents/a.json', content: null }])
    store.rollback()
    expect(store.commit()).toBe('c1')
    expect(store.documentCount()).toBe(1)
  })

  it('keeps what a reader is using until the reader releases it', () => {
    const store = catalog()
    store.begin()
    store.commitAt('c1')
    const reader = catalog('main', 'read')
    expect(reader.hold()).toBe('c1')
    store.begin()
    store.apply([{ path: 'documents/a.json', content: registry('a') }])
    store.commitAt('c2')
    expect([reader.commit(), reader.documentCount()]).toEqual(['c1', 0])
    reader.release()
    expect([reader.commit(), reader.documentCount()]).toEqual(['c2', 1])
  })

  it('opens a new shard when one is full, and a new listing page when one is full', () => {
    const store = catalog()
    store.begin()
    const listing = (entries: number): string => '- [[summaries/x]]\n'.repeat(entries)
    store.apply(
      Array.from({ length: SHARD_ENTRIES_MAX - 1 }, (_, n) => ({
        path: `documents/d${n}.json`,
        content: registry(`d${n}`),
      })),
    )
    expect(store.openShard('documents')).toBe(1)
    store.apply([{ path: 'documents/last.json', content: 'unreadable' }])
    expect(store.openShard('documents')).toBe(2)
    store.apply([
      { path: 'documents/v2/x.json', content: registry('x') },
      { path: 'documents/mine/x.json', content: registry('y') },
    ])
    expect(store.openShard('documents')).toBe(2)
    expect(store.openShard('concepts')).toBe(1)
    store.apply([
      { path: 'documents/v2/x.json', content: null },
      { path: 'documents/last.json', content: null },
    ])
    expect(store.openShard('documents')).toBe(1)
    expect(store.openListing('documents', 1)).toEqual({ part: 1, entries: 0 })
    store.apply([{ path: 'wiki/contents/documents.md', content: listing(LISTING_ENTRIES_MAX) }])
    expect(store.openListing('documents', 1)).toEqual({ part: 2, entries: 0 })
    store.apply([{ path: 'wiki/contents/documents--2.md', content: listing(3) }])
    expect(store.openListing('documents', 1)).toEqual({ part: 2, entries: 3 })
  })
})

describe('a catalog file that is unusable', () => {
  const damage: Record<string, (path: string) => void> = {
    truncated: (path) => truncateSync(path, 5_000),
    'not a database': (path) => writeFileSync(path, 'something else '.repeat(1000)),
    newer: (path) => {
      const db = new DatabaseSync(path)
      db.exec('PRAGMA user_version = 99')
      db.close()
    },
  }
  it.each(Object.keys(damage))('because it is %s is set aside by a writer, and left alone by a reader', (kind) => {
    const path = join(folder, 'catalog.db')
    const store = catalog()
    store.begin()
    store.apply([{ path: 'documents/a.json', content: registry('a') }])
    store.commitAt('c1')
    store[Symbol.dispose]()
    damage[kind]!(path)

    const reader = catalog('main', 'read')
    expect([reader.state, reader.commit(), reader.documentCount()]).toEqual(['standIn', undefined, 0])
    const writer = catalog()
    expect([writer.state, writer.commit(), writer.documentCount()]).toEqual(['replaced', undefined, 0])
    writer.begin()
    writer.commitAt('c2')
    writer[Symbol.dispose]()
    expect(readdirSync(join(folder, 'set-aside'))).toContain('catalog.db.1')
    expect(catalog().commit()).toBe('c2')
  })

  it('because it is empty is filled in place, in case another process has just created it', () => {
    const path = join(folder, 'catalog.db')
    writeFileSync(path, '')
    expect(catalog('main', 'read').state).toBe('standIn')
    const writer = catalog()
    expect([writer.state, writer.commit(), writer.documentCount()]).toEqual(['fresh', undefined, 0])
  })
})
