import { mkdirSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync, type BigIntStats } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SILENT } from '../../../src/core/logger.ts'
import { StatCache } from '../../../src/scan/stat-cache.ts'

let dir: string
let path: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kbgit-cache-'))
  path = join(dir, 'kbgit/stat-cache.db')
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const open = (generation = '1') => new StatCache(path, { generation, logger: SILENT })
const FILE = Buffer.from('/a/\xff.md', 'latin1')
const SHA = 'ab'.repeat(32)
const SECOND = 1_000_000_000n
const READ_AT = 1_000n * SECOND

function statOf(change: Partial<Record<'size' | 'mtimeNs' | 'ctimeNs' | 'ino' | 'dev', bigint>> = {}): BigIntStats {
  return {
    size: 5n,
    mtimeNs: 900n * SECOND + 1n,
    ctimeNs: 900n * SECOND + 1n,
    ino: 7n,
    dev: 1n,
    ...change,
  } as BigIntStats
}

function remember(stat = statOf(), readAtNs = READ_AT): void {
  using cache = open()
  cache.put(FILE, stat, { sha256: SHA }, readAtNs)
}

function recall(stat = statOf()): unknown {
  using cache = open()
  return cache.get(FILE, stat)
}

describe('the stat cache', () => {
  it('knows the digest of a git object for good, and nothing of others', () => {
    const oid = '7'.repeat(40)
    using cache = open()
    cache.putObject(oid, SHA)
    cache.flush()
    expect([cache.objectDigest(oid), cache.objectDigest('8'.repeat(40))]).toEqual([SHA, undefined])
  })

  it('recognises a file that looks the same', () => {
    remember()
    expect(recall()).toEqual({ sha256: SHA })
  })

  it.each(['size', 'mtimeNs', 'ctimeNs', 'ino', 'dev'] as const)('does not recognise a file with another %s', (key) => {
    remember()
    expect(recall(statOf({ [key]: 3n }))).toBeUndefined()
  })

  it.each([
    ['in the tick in which it was read', READ_AT - 5_000_001n, false],
    ['in the future', READ_AT + SECOND + 1n, false],
    ['a second before', READ_AT - SECOND + 1n, true],
    ['a second before, on a file system that counts in seconds', READ_AT - SECOND, false],
    ['three seconds before, on a file system that counts in seconds', READ_AT - 3n * SECOND, true],
  ])('for a file that changed %s remembers: %s', (_, timeNs, kept) => {
    for (const key of ['mtimeNs', 'ctimeNs'] as const) {
      const stat = statOf({ [key]: timeNs })
      remember(stat)
      expect(recall(stat) !== undefined).toBe(kept)
    }
  })

  it.each([
    ['is not a database', () => writeFileSync(path, 'nonsense'.repeat(1000))],
    ['is cut off', () => truncateSync(path, 5000)],
    ['is empty', () => truncateSync(path, 0)],
    [
      'is a folder',
      () => {
        rmSync(path)
        mkdirSync(path)
      },
    ],
    [
      'has another shape',
      () => {
        using db = new DatabaseSync(path)
        db.exec('DROP TABLE file')
      },
    ],
  ])('is recreated if its file %s', (_, damage) => {
    remember()
    damage()
    expect(recall()).toBeUndefined()
    remember()
    expect(recall()).toEqual({ sha256: SHA })
  })

  it('does not trust a row that was altered', () => {
    remember()
    using db = new DatabaseSync(path)
    db.exec(`UPDATE file SET digest = '${'cd'.repeat(32)}'`)
    expect(recall()).toBeUndefined()
  })

  it('starts over for another version of kbgit', () => {
    remember()
    using other = open('2')
    expect(other.get(FILE, statOf())).toBeUndefined()
  })

  it('is optional, and never throws', () => {
    writeFileSync(join(dir, 'kbgit'), 'a file')
    remember()
    expect(recall()).toBeUndefined()
  })

  it('does not touch the file of another process that is writing', () => {
    remember()
    using writer = new DatabaseSync(path)
    writer.exec('BEGIN IMMEDIATE')
    remember(statOf({ size: 6n }))
    writer.exec('ROLLBACK')
    expect(recall()).toEqual({ sha256: SHA })
    expect(statSync(path).size).toBeGreaterThan(0)
  })
})
