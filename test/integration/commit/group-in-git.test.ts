import { describe, expect, it } from 'vitest'
import { LiveBase } from '../../support/live-base.ts'

const BATCH = ['Ant', 'Bee', 'Cat', 'Dog', 'Eel', 'Fox', 'Gnu', 'Hen', 'Ibis', 'Jay', 'Kite', 'Lark']

describe('a group in git', () => {
  it('includes the overviews of the run in the transaction of its last documents', async () => {
    using base = await LiveBase.make()
    const { overview } = await base.add(...BATCH)
    expect(overview.pages).toBeGreaterThan(0)
    const [newest = '', last = ''] = base
      .git('log', '-2', '--format=%H %(trailers:key=Kbgit-Transaction,valueonly,separator=) %s')
      .trim()
      .split('\n')
    expect(newest).toMatch(new RegExp(`^${overview.commit} \\S+ overview: ${overview.pages} `))
    expect(last).toContain('add: ')
    expect(newest.split(' ')[1]).toBe(last.split(' ')[1])
    expect(await base.check()).toEqual([])
  })

  it('stores the older versions of a page as deltas against newer ones', async () => {
    using base = await LiveBase.make()
    await base.add(...BATCH)
    const versions = new Set(versionsOf(base, 'wiki/log.md').map(({ oid }) => oid))
    const bases = deltaBases(base)
    const transactions = new Set(
      base.git('log', '--format=%(trailers:key=Kbgit-Transaction,valueonly,separator=)').trim().split('\n'),
    )
    expect(versions.size).toBeGreaterThan(transactions.size)
    // The newest version in a transaction has no newer one to be a delta of.
    expect([...versions].filter((oid) => !versions.has(bases.get(oid) ?? '')).length).toBeLessThanOrEqual(
      transactions.size,
    )
  })

  it('stores few pages as deltas against other pages, which git would keep when it repacks', async () => {
    using base = await LiveBase.make()
    await base.add(...BATCH)
    const bases = deltaBases(base)
    const pages = new Map(
      versionsOf(base, 'wiki/concepts', 'wiki/entities', 'wiki/contents', 'wiki/log.md').map(({ oid, path }) => [
        oid,
        path,
      ]),
    )
    expect(pages.size).toBeGreaterThan(BATCH.length)
    const strangers = [...pages].filter(([oid, path]) => {
      const other = pages.get(bases.get(oid) ?? '')
      return other !== undefined && other !== path
    })
    // The first group may be one document, with more pages than files of its own to put between them.
    expect(strangers.length).toBeLessThan(pages.size / 5)
  })
})

/** Object ids of all versions of paths, with the path. */
function versionsOf(base: LiveBase, ...paths: string[]): { oid: string; path: string }[] {
  const lines = base
    .git('log', '--format=', '--raw', '--no-abbrev', '--no-renames', '--', ...paths)
    .trim()
    .split('\n')
  return lines.map((line) => ({ oid: line.split(' ')[3] ?? '', path: line.split('\t')[1] ?? '' }))
}

/** Each object of the store with its delta base; zeros if it is stored whole. */
function deltaBases(base: LiveBase): Map<string, string> {
  const lines = base
    .git('cat-file', '--batch-all-objects', '--batch-check=%(objectname) %(deltabase)')
    .trim()
    .split('\n')
  return new Map(lines.map((line) => line.split(' ') as [string, string]))
}
