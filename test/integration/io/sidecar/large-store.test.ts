// Large originals are where git-lfs looks for them, which git's configuration can change.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LiveBase } from '../../../support/live-base.ts'

/** A base in which every note is large. `storage`: git-lfs's setting. */
async function withLarge(storage?: string): Promise<LiveBase> {
  const base = await LiveBase.make({ config: 'raw_git_limit: 100\n' })
  if (storage !== undefined) base.git('config', 'lfs.storage', storage)
  return base
}

const objects = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
        entry.isFile() ? [entry.name] : [],
      )
    : []

const digestOf = (base: LiveBase, name: string): string => JSON.parse(base.read(`documents/${name}.json`)).sha256

async function originalOf(base: LiveBase, name: string, dir?: string): Promise<string> {
  await using kb = await base.open(dir)
  const chunks: Uint8Array[] = []
  for await (const chunk of (await kb.showRaw(name)).chunks) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

describe('lfs.storage', () => {
  it('is taken from the git directory, in linked worktrees, too', async () => {
    using base = await withLarge('./a folder/of mine/')
    await base.add('Falcon')
    expect(objects(base.sidecar('../a folder/of mine/objects'))).toEqual([digestOf(base, 'Falcon')])
    expect(existsSync(base.sidecar('../lfs'))).toBe(false)
    expect(await base.check()).toEqual([])
    const worktree = join(base.sources, 'linked')
    base.git('worktree', 'add', '-q', '--detach', worktree)
    expect(await originalOf(base, 'Falcon', worktree)).toContain('On the Falcon')
    rmSync(base.sidecar('../a folder'), { recursive: true })
    await expect(originalOf(base, 'Falcon')).rejects.toThrow('a folder/of mine/objects')
  })

  it('may be absolute, and then gc leaves what other repositories may use', async () => {
    using base = await withLarge()
    const shared = join(base.sources, 'shared')
    base.git('config', 'lfs.storage', shared)
    await base.add('Falcon')
    expect(objects(shared)).toEqual([digestOf(base, 'Falcon')])
    base.git('reset', '-q', '--hard', 'HEAD~2')
    base.git('reflog', 'expire', '--expire=now', '--all')
    base.git('update-ref', '-d', 'ORIG_HEAD')
    expect(await (await base.open()).gc()).toMatchObject({ blobs: 0 })
    expect(objects(shared)).toHaveLength(1)
  })

  it('that is set later leaves nothing behind: it is found at once, and moved by recover', async () => {
    using base = await withLarge()
    await base.add('Falcon')
    mkdirSync(base.sidecar('../lfs/objects/12/34'), { recursive: true })
    const foreign = `1234${'0'.repeat(60)}`
    writeFileSync(base.sidecar('../lfs/objects/12/34', foreign), "of the user's own")
    base.git('config', 'lfs.storage', 'elsewhere')
    expect(await originalOf(base, 'Falcon')).toContain('On the Falcon')
    expect(await base.check()).toEqual([])
    await (await base.open()).recover()
    expect(objects(base.sidecar('../elsewhere'))).toEqual([digestOf(base, 'Falcon')])
    expect(objects(base.sidecar('../lfs'))).toEqual([foreign])
    expect(await base.check()).toEqual([])
  })

  it('of one worktree alone leaves the objects of the others where they are', async () => {
    using base = await withLarge()
    await base.add('Falcon')
    const worktree = join(base.sources, 'linked')
    base.git('worktree', 'add', '-q', '-b', 'other', worktree)
    base.git('config', 'extensions.worktreeConfig', 'true')
    base.git('-C', worktree, 'config', '--worktree', 'lfs.storage', 'elsewhere')
    const kb = await base.open(worktree)
    await kb.recover()
    await kb.add([base.source('Owl')])
    expect(objects(base.sidecar('../elsewhere')).length).toBeGreaterThan(0)
    expect(objects(base.sidecar('../lfs/objects'))).toEqual([digestOf(base, 'Falcon')])
    expect(await originalOf(base, 'Owl', worktree)).toContain('On the Owl')
  })

  it('is where purge takes an original out', async () => {
    using base = await withLarge()
    const shared = join(base.sources, 'shared')
    await base.add('Sparrow')
    base.git('config', 'lfs.storage', shared)
    await base.add('Falcon')
    const kept = digestOf(base, 'Sparrow')
    const gone = digestOf(base, 'Falcon')
    expect(objects(shared)).toContain(gone)
    const result = await (await base.open()).purge('Falcon')
    expect(result.proof?.found).toEqual([])
    // git-lfs itself may have copied the other one there.
    expect(objects(shared)).not.toContain(gone)
    expect(objects(base.sidecar('../lfs/objects'))).toEqual([kept])
    expect(readdirSync(base.sidecar('large'))).toEqual([kept])
    expect(await base.check()).toEqual([])
  })

  it('that cannot be written to fails the document, and nothing else', async () => {
    using base = await withLarge()
    const blocked = join(base.sources, 'a file')
    writeFileSync(blocked, '')
    base.git('config', 'lfs.storage', blocked)
    expect((await base.add('Falcon')).stopped).toMatchObject({
      code: 'storage',
      message: expect.stringContaining(blocked),
    })
    expect(base.git('status', '--porcelain')).toBe('')
    rmSync(blocked)
    expect(await base.add('Falcon')).toMatchObject({ added: [{ name: 'Falcon' }] })
    expect(await base.check()).toEqual([])
  })
})
