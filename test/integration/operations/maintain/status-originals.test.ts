// `status` looks at the originals that changed since it last found all of them sound.
import { rmSync } from 'node:fs'
import { expect, it } from 'vitest'
import { LiveBase } from '../../../support/live-base.ts'

it('finds an original that is altered later, and that is put back', async () => {
  using base = await LiveBase.make()
  await base.add('Harrier', 'Kestrel')
  const originals = async () => (await (await base.open()).status()).originals
  expect(await originals()).toEqual({ altered: [], missing: [], absent: 0 })
  expect(await originals()).toEqual({ altered: [], missing: [], absent: 0 })
  base.git('tag', 'sound')
  base.write('raw/Kestrel.md', 'not what was added\n')
  base.git('commit', '-qam', 'by hand')
  const altered = { altered: [{ name: 'Kestrel', path: 'raw/Kestrel.md' }], missing: [], absent: 0 }
  expect(await originals()).toEqual(altered)
  expect(await originals()).toEqual(altered)
  await base.add('Merlin')
  expect(await originals()).toEqual(altered)
  base.git('checkout', '-q', 'sound', '--', 'raw/Kestrel.md')
  base.git('commit', '-qm', 'put back')
  expect(await originals()).toEqual({ altered: [], missing: [], absent: 0 })
})

it('finds one after history was rewritten, and the commit that it remembers is gone', async () => {
  using base = await LiveBase.make()
  await base.add('Harrier', 'Kestrel')
  await (await base.open()).status()
  base.write('raw/Kestrel.md', 'not what was added\n')
  base.git('commit', '-q', '--amend', '-am', 'by hand')
  base.git('reflog', 'expire', '--expire=now', '--all')
  base.git('gc', '-q', '--prune=now')
  expect((await (await base.open()).status()).originals?.altered).toMatchObject([{ name: 'Kestrel' }])
})

it('counts a large original that is not here, however often it is asked', async () => {
  using base = await LiveBase.make({ config: 'raw_git_limit: 100\n' })
  await base.add('Harrier')
  const kb = await base.open()
  for (let round = 0; round < 2; round++) expect((await kb.status()).originals).toMatchObject({ absent: 0 })
  rmSync(base.sidecar('../lfs/objects'), { recursive: true })
  for (let round = 0; round < 2; round++) expect((await kb.status()).originals).toMatchObject({ absent: 1 })
})

it('names an original that was deleted by hand, staged or committed', async () => {
  using base = await LiveBase.make()
  await base.add('Harrier', 'Kestrel')
  const kb = await base.open()
  await kb.status()
  base.git('rm', '-q', 'raw/Kestrel.md')
  expect(await kb.status()).toMatchObject({
    worktree: { deleted: ['raw/Kestrel.md'] },
    next: { args: ['restore', '--staged', '--worktree', '--', 'raw/Kestrel.md'] },
  })
  base.git('commit', '-qm', 'by hand')
  for (let round = 0; round < 2; round++)
    expect(await kb.status()).toMatchObject({
      worktree: { deleted: [] },
      originals: { altered: [], missing: [{ name: 'Kestrel', path: 'raw/Kestrel.md' }] },
      next: { command: 'kbgit', args: ['fsck'] },
    })
  await base.add('Kestrel')
  expect((await kb.status()).originals).toEqual({ altered: [], missing: [], absent: 0 })
})

it('lists a file once in the middle of a merge', async () => {
  using base = await LiveBase.make()
  await base.add('Harrier')
  base.git('switch', '-qc', 'side')
  base.write('wiki/mine.md', 'One.\n')
  base.git('add', '-A')
  base.git('commit', '-qm', 'Side')
  base.git('switch', '-q', 'main')
  base.write('wiki/mine.md', 'Two.\n')
  base.git('add', '-A')
  base.git('commit', '-qm', 'Main')
  expect(() => base.git('merge', '-q', 'side')).toThrow()
  const { worktree, inProgress } = await (await base.open()).status()
  expect(inProgress).toBe('a merge')
  expect(worktree).toEqual({ deleted: [], edited: ['wiki/mine.md'], altered: [] })
})
