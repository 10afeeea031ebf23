import { describe, expect, it } from 'vitest'
import { LiveBase } from '../../support/live-base.ts'

const BATCH = ['Ant', 'Bee', 'Cat', 'Dog', 'Eel', 'Fox', 'Gnu', 'Hen', 'Ibis', 'Jay', 'Kite', 'Lark']

describe('a group in git', () => {
  it('takes the overviews of the run into the transaction of its last documents', async () => {
    using base = await LiveBase.make()
    const { overview } = await base.add(...BATCH)
    expect(overview.pages).toBeGreaterThan(0)
    const [newest = '', last = ''] = base.git('log', '-2', '--format=%H %(trailers:key=Kbgit-Transaction,valueonly,separator=) %s').trim().split('\n')
    expect(newest).toMatch(new RegExp(`^${overview.commit} \\S+ overview: ${overview.pages} `))
    expect(last).toContain('add: ')
    expect(newest.split(' ')[1]).toBe(last.split(' ')[1])
    expect(await base.check()).toEqual([])
  })

  it('holds the older versions of a page as differences from newer ones', async () => {
    using base = await LiveBase.make()
    await base.add(...BATCH)
    const versions = new Set(base.git('log', '--format=', '--raw', '--no-abbrev', '--', 'wiki/log.md').trim().split('\n').map((line) => line.split(' ')[3] ?? ''))
    const bases = new Map(base.git('cat-file', '--batch-all-objects', '--batch-check=%(objectname) %(deltabase)').trim().split('\n').map((line) => line.split(' ') as [string, string]))
    const transactions = new Set(base.git('log', '--format=%(trailers:key=Kbgit-Transaction,valueonly,separator=)').trim().split('\n'))
    expect(versions.size).toBeGreaterThan(transactions.size)
    // A transaction's newest version has nothing newer to differ from.
    expect([...versions].filter((oid) => !versions.has(bases.get(oid) ?? '')).length).toBeLessThanOrEqual(transactions.size)
  })
})
