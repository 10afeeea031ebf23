import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { StepTimes } from '../../../../src/core/logger.ts'
import type { PageKey } from '../../../../src/io/search/columns.ts'
import { PageIndex } from '../../../../src/io/search/store.ts'
import { PageIndexer, type IndexUpdate } from '../../../../src/io/search/indexer.ts'
import { sidecarPath } from '../../../../src/io/sidecar/paths.ts'

describe('the search store updated alongside the writer', () => {
  let dir = ''
  let told: string[] = []
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'kbgit-indexer-'))
    told = []
  })
  afterEach(() => rmSync(dir, { recursive: true }))

  const open = (signal?: AbortSignal): PageIndexer =>
    PageIndexer.open({
      store: sidecarPath({ sidecarDir: dir }, 'pageIndex'),
      times: new StepTimes(),
      logger: { debug: () => {}, warn: (_, message) => void told.push(message) },
      signal,
    })
  const key = (number: number): PageKey => ({ oid: number.toString(16).padStart(40, '0'), kind: 'summary' })
  const page = (
    number: number,
    path = `wiki/summaries/${number}.md`,
    text = `# Page ${number}\n\nIt has words.\n`,
  ): IndexUpdate => ({ path, size: text.length, entry: { ...key(number), content: Buffer.from(text) } })
  const missing = (...numbers: number[]): number => {
    using index = PageIndex.open(sidecarPath({ sidecarDir: dir }, 'pageIndex'), { access: 'read' })
    return index.missing(numbers.map(key)).length
  }

  test('has the result of the last transaction at the end of the run, and only the newest version of a page', async () => {
    {
      await using indexer = open()
      await indexer.update([page(1), page(2, 'wiki/concepts/tide.md')])
      await indexer.update([page(3, 'wiki/concepts/tide.md')])
    }
    expect([missing(1, 3), missing(2)]).toEqual([0, 1])
  })

  test('has nothing of a page that was removed again', async () => {
    {
      await using indexer = open()
      await indexer.update([page(1)])
      await indexer.update([{ path: 'wiki/summaries/1.md', size: 0, entry: null }])
    }
    expect(missing(1)).toBe(1)
  })

  test('indexes many pages, and long ones in a stream, alongside the writer', async () => {
    const numbers = Array.from({ length: 400 }, (_, index) => index + 1)
    const text = (number: number): string =>
      `# Page ${number}\n\n${`Words of page ${number} about tides. `.repeat(700)}\n`
    {
      await using indexer = open()
      await indexer.update(numbers.map((number) => page(number, undefined, text(number))))
      await indexer.update([
        {
          path: 'wiki/sources/long.md',
          size: 20_000,
          entry: { ...key(500), content: () => Readable.from([Buffer.from(text(500))]) },
        },
      ])
    }
    expect(missing(...numbers, 500)).toBe(0)
    expect(told).toEqual([])
  })

  test('is reported once and then left alone if it cannot be written, and the writer continues', async () => {
    {
      await using indexer = open()
      rmSync(sidecarPath({ sidecarDir: dir }, 'pageIndex'), { force: true })
      mkdirSync(sidecarPath({ sidecarDir: dir }, 'pageIndex'))
      await indexer.update([page(1)])
    }
    expect(told).toEqual(['the search store is behind; the next search or kbgit recover brings it up to date'])
  })

  test('is left unchanged by a run that was interrupted', async () => {
    {
      await using indexer = open(AbortSignal.abort())
      await indexer.update([page(1)])
    }
    expect([missing(1), told]).toEqual([1, []])
  })
})
