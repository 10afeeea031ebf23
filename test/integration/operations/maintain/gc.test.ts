import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { LiveBase } from '../../../support/live-base.ts'

const blobs = (base: LiveBase): string[] =>
  readdirSync(base.sidecar('../lfs/objects'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)

/** A base whose newest document, a large one, was undone so that nothing reaches it any more. */
async function forgotten(): Promise<LiveBase> {
  const base = await LiveBase.make({ config: 'raw_git_limit: 100\n' })
  await base.add('Falcon')
  await base.add('Sparrow')
  base.git('reset', '-q', '--hard', 'HEAD~1')
  while (base.subjects()[0] !== 'add: Falcon') base.git('reset', '-q', '--hard', 'HEAD~1')
  return base
}

describe('gc', () => {
  test('keeps what a reflog reaches, and drops rows and blobs once nothing does', async () => {
    using base = await forgotten()
    expect(blobs(base)).toHaveLength(2)
    expect(await (await base.open()).gc()).toMatchObject({ rows: 0, blobs: 0 })
    base.git('reflog', 'expire', '--expire=now', '--all')
    base.git('update-ref', '-d', 'ORIG_HEAD')
    const dry = await (await base.open()).gc({ dryRun: true })
    expect(dry.rows).toBeGreaterThan(0)
    expect(dry).toMatchObject({ blobs: 1, dryRun: true })
    expect(blobs(base)).toHaveLength(2)
    expect(await (await base.open()).gc()).toMatchObject({ rows: dry.rows, blobs: 1, dryRun: false })
    expect(blobs(base)).toEqual([JSON.parse(base.read('documents/Falcon.json')).sha256])
    expect(await base.check()).toEqual([])
    expect((await (await base.open()).search('Falcon')).hits[0]).toMatchObject({ document: 'Falcon' })
  })

  test('keeps what another branch, a tag or a quarantined transaction refers to', async () => {
    using base = await forgotten()
    const lost = blobs(base).find((name) => name !== JSON.parse(base.read('documents/Falcon.json')).sha256) ?? ''
    base.git('reflog', 'expire', '--expire=now', '--all')
    mkdirSync(base.sidecar('quarantine'))
    writeFileSync(base.sidecar('quarantine', 'torn.json'), `cut off in the midd ["${lost}"`)
    expect(await (await base.open()).gc()).toMatchObject({ blobs: 0 })
    expect(readdirSync(base.sidecar('quarantine'))).toEqual(['torn.json'])
    expect(blobs(base)).toContain(lost)
  })

  test('drops saved answers on request, and nothing else in the sidecar', async () => {
    using base = await LiveBase.make()
    await base.add('Falcon')
    mkdirSync(base.sidecar('answers', 'ab'), { recursive: true })
    writeFileSync(join(base.sidecar('answers', 'ab'), `${'ab'.repeat(32)}.json`), '{}')
    mkdirSync(base.sidecar('chats'), { recursive: true })
    writeFileSync(base.sidecar('chats', 'one.json'), '{}')
    expect(await (await base.open()).gc()).toMatchObject({ answers: 0 })
    expect(await (await base.open()).gc({ answers: true })).toMatchObject({ answers: 1, bytes: 2 })
    expect(readdirSync(base.sidecar('chats'))).toEqual(['one.json'])
  })
})
