// Adding a file puts back the original of its document if that is missing or altered in this clone.
import { copyFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openKb, type Kb } from '../../../../src/index.ts'
import { LiveBase } from '../../../support/live-base.ts'

const original = async (kb: Kb, name: string): Promise<string> => {
  const chunks: Uint8Array[] = []
  for await (const chunk of (await kb.showRaw(name)).chunks) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

describe('add restores', () => {
  it('an original that was altered and committed, in a commit of its own', async () => {
    using base = await LiveBase.make()
    await base.add('Harrier', 'Kestrel')
    const bytes = base.read('raw/Harrier.md')
    base.write('raw/Harrier.md', 'not what was added\n')
    base.git('commit', '-qam', 'by hand')
    const kb = await base.open()
    expect((await kb.status()).originals).toEqual({
      altered: [{ name: 'Harrier', path: 'raw/Harrier.md' }],
      missing: [],
      absent: 0,
    })
    expect((await kb.status()).next).toMatchObject({ command: 'kbgit', args: ['fsck'] })
    expect((await kb.fsck()).problems).toMatchObject([{ code: 'originalAltered', path: 'raw/Harrier.md' }])
    const dry = await kb.add([join(base.sources, 'Harrier.md')], { dryRun: true })
    expect(dry.skipped).toMatchObject([{ restored: true }])
    expect(base.read('raw/Harrier.md')).not.toBe(bytes)
    const { skipped, updated, head } = await kb.add([join(base.sources, 'Harrier.md')])
    expect(skipped).toEqual([
      { path: join(base.sources, 'Harrier.md'), reason: 'unchanged', name: 'Harrier', restored: true, commit: head },
    ])
    expect(updated).toEqual([])
    expect(base.subjects()[0]).toBe('update: Harrier')
    expect(base.git('show', '--name-only', '--format=', 'HEAD')).toBe('raw/Harrier.md')
    expect(base.read('raw/Harrier.md')).toBe(bytes)
    expect((await kb.status()).originals).toEqual({ altered: [], missing: [], absent: 0 })
    expect(await base.check()).toEqual([])
  })

  it('an original that was deleted by hand, unless the user has put something there', async () => {
    using base = await LiveBase.make()
    await base.add('Harrier')
    base.git('rm', '-q', 'raw/Harrier.md')
    base.git('commit', '-qm', 'by hand')
    base.write('raw/Harrier.md', 'mine\n')
    const blocked = await (await base.open()).add([join(base.sources, 'Harrier.md')])
    expect(blocked.failed).toMatchObject([{ error: { message: expect.stringContaining('raw/Harrier.md') } }])
    expect([blocked.skipped, base.read('raw/Harrier.md')]).toEqual([[], 'mine\n'])
    rmSync(join(base.root, 'raw/Harrier.md'))
    const { skipped } = await (await base.open()).add([join(base.sources, 'Harrier.md')])
    expect(skipped).toMatchObject([{ restored: true }])
    expect(await base.check()).toEqual([])
  })

  it('a large original in a clone, from any file with its content, without a commit', async () => {
    using base = await LiveBase.make({ config: 'raw_git_limit: 100\n' })
    await base.add('Harrier')
    const bytes = await original(await base.open(), 'Harrier')
    const dir = join(base.sources, 'clone')
    base.git('clone', '-q', '.', dir)
    const clone = await openKb({ dir, env: base.env })
    await expect(original(clone, 'Harrier')).rejects.toMatchObject({ code: 'notFound' })
    const copy = join(base.sources, 'copy.md')
    copyFileSync(join(base.sources, 'Harrier.md'), copy)
    const { skipped, base: before, head } = await clone.add([copy])
    expect(skipped).toEqual([{ path: copy, reason: 'duplicate', name: 'Harrier', restored: true }])
    expect(head).toBe(before)
    expect(await original(clone, 'Harrier')).toBe(bytes)
    expect((await clone.fsck()).problems).toEqual([])
    const again = await clone.add([copy])
    expect(again.skipped).toEqual([{ path: copy, reason: 'duplicate', name: 'Harrier' }])
  })

  it('nothing if the source has changed: then it is an update', async () => {
    using base = await LiveBase.make()
    await base.add('Harrier')
    writeFileSync(join(base.root, 'raw/Harrier.md'), 'x')
    base.git('commit', '-qam', 'by hand')
    const { updated, skipped } = await (await base.open()).add([base.source('Harrier', 'Another text of the Harrier.')])
    expect([updated.length, skipped]).toEqual([1, []])
    expect(await base.check()).toEqual([])
  })
})
