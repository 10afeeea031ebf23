import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ExchangeError, folderExchange } from '../../../src/io/queue/exchange.ts'
import { shownAddress } from '../../../src/io/queue/redis.ts'

describe('the address of a queue is shown', () => {
  it.each([
    ['redis://localhost', 'redis://localhost:6379'],
    ['redis://user:sesame@host:7000/3?family=6', 'redis://host:7000'],
    ['rediss://:sesame@host', 'rediss://host:6379'],
    ['sesame', 'the queue'],
  ])('without its secrets: %s', (url, shown) => expect(shownAddress(url)).toBe(shown))
})

describe('a shared folder', () => {
  const inFolder = async (work: (folder: string) => Promise<void>): Promise<void> => {
    const folder = mkdtempSync(join(tmpdir(), 'kbgit-exchange-'))
    try {
      await work(folder)
    } finally {
      rmSync(folder, { recursive: true })
    }
  }

  it('takes a file by its digest, and forgets it with its task', () =>
    inFolder(async (folder) => {
      const exchange = folderExchange(folder)
      const task = randomUUID()
      const bytes = Buffer.alloc(3 * 1024 ** 2 + 1, 'tide')
      writeFileSync(join(folder, 'from'), bytes)
      const stored = await exchange.put(task, join(folder, 'from'))
      expect(stored.size).toBe(bytes.length)
      await exchange.take(task, stored, join(folder, 'to'))
      expect(readFileSync(join(folder, 'to')).equals(bytes)).toBe(true)
      await exchange.drop(task)
      expect(readdirSync(folder).sort()).toEqual(['from', 'to'])
    }))

  it('refuses bytes that changed, that are gone, and tasks that are paths', () =>
    inFolder(async (folder) => {
      const exchange = folderExchange(folder)
      const task = randomUUID()
      writeFileSync(join(folder, 'from'), 'tide')
      const stored = await exchange.put(task, join(folder, 'from'))
      writeFileSync(join(folder, task, stored.sha256), 'ebbs')
      await expect(exchange.take(task, stored, join(folder, 'a'))).rejects.toThrow(ExchangeError)
      writeFileSync(join(folder, task, stored.sha256), 'tides')
      await expect(exchange.take(task, stored, join(folder, 'b'))).rejects.toThrow(ExchangeError)
      await expect(exchange.take(randomUUID(), stored, join(folder, 'c'))).rejects.toThrow(ExchangeError)
      await expect(exchange.take('../../etc', stored, join(folder, 'd'))).rejects.toThrow(ExchangeError)
    }))
})
