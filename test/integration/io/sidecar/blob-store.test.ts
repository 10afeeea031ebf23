import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BlobStore } from '../../../../src/io/sidecar/blob-store.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kbgit-blobs-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function staged(text: string): { file: string; sha256: string } {
  const file = join(folder, 'staged')
  writeFileSync(file, text)
  return { file, sha256: createHash('sha256').update(text).digest('hex') }
}

async function listed(blobs: BlobStore): Promise<unknown[]> {
  const found: unknown[] = []
  for await (const blob of blobs.list()) found.push(blob)
  return found
}

describe.each(['power', 'process'] as const)('blobs with durability %s', (durability) => {
  it('are moved in by digest, found, listed, verified and removed', async () => {
    const blobs = new BlobStore(join(folder, 'blobs'), durability)
    const { file, sha256 } = staged('an original')
    expect(await blobs.verify(sha256)).toBe('missing')
    await blobs.put(file, sha256)
    expect(existsSync(file)).toBe(false)
    expect(blobs.path(sha256)).toBe(join(folder, 'blobs', sha256.slice(0, 2), sha256.slice(2, 4), sha256))
    expect(readFileSync(blobs.path(sha256), 'utf8')).toBe('an original')
    expect(await blobs.has(sha256)).toBe(true)
    expect(await blobs.verify(sha256)).toBe('sound')
    expect(await listed(blobs)).toEqual([{ sha256, size: 11 }])
    await blobs.remove(sha256)
    await blobs.remove(sha256)
    expect(await blobs.has(sha256)).toBe(false)
    expect(await listed(blobs)).toEqual([])
  })

  it('can be stored twice without harm, and a damaged one is replaced', async () => {
    const blobs = new BlobStore(join(folder, 'blobs'), durability)
    const { file, sha256 } = staged('an original')
    await blobs.put(file, sha256)
    await blobs.put(staged('an original').file, sha256)
    expect(existsSync(file)).toBe(false)
    writeFileSync(blobs.path(sha256), 'AN original')
    expect(await blobs.verify(sha256)).toBe('altered')
    await blobs.put(staged('an original').file, sha256)
    expect(await blobs.verify(sha256)).toBe('sound')
  })

  it('are never looked for outside their folder', () => {
    const blobs = new BlobStore(join(folder, 'blobs'), durability)
    expect(() => blobs.path('../../etc/passwd')).toThrow('not a SHA-256 digest')
  })
})

it('a file that cannot be moved in is a storage failure that names the path', async () => {
  const blobs = new BlobStore(join(folder, 'blobs'), 'power')
  await expect(blobs.put(join(folder, 'nothing'), 'ab'.repeat(32))).rejects.toMatchObject({ code: 'storage' })
})
