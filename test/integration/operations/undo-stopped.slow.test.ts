// `undo` of a run that was stopped in the middle: by an interrupt, by a kill, and continued by a second run.
import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { start } from '../../support/command.ts'
import { LiveBase } from '../../support/live-base.ts'

const commits = (base: LiveBase): number => Number(base.git('rev-list', '--count', 'HEAD'))
const tree = (base: LiveBase, revision = 'HEAD'): string => base.git('rev-parse', `${revision}^{tree}`)

/** Stops `kbgit add` of the sources once the first documents are committed and others are not. */
async function stoppedBy(base: LiveBase, signal: NodeJS.Signals): Promise<void> {
  const before = commits(base)
  const { child, ended } = start(['--kb', base.root, 'add', base.sources], { env: { GIT_CONFIG_GLOBAL: '/dev/null' } })
  while (commits(base) === before && child.exitCode === null) await delay(20)
  child.kill(signal)
  await ended
  expect(commits(base)).toBeGreaterThan(before)
}

it.each(['SIGINT', 'SIGKILL'] as const)('after %s the tree is as before the run', async (signal) => {
  using base = await LiveBase.make()
  await base.add('First')
  const before = tree(base)
  for (let at = 0; at < 80; at++) base.source(`Note-${at}`)
  await stoppedBy(base, signal)
  await using kb = await base.open()
  expect((await kb.undo({ anyway: true })).left).toEqual([])
  expect(tree(base)).toBe(before)
  expect(await kb.status()).toMatchObject({ journal: 0, pending: [] })
  expect(base.git('status', '--porcelain')).toBe('')
  expect(await base.check()).toEqual([])
})

it('the run that continued it is undone alone, and then the first part', async () => {
  using base = await LiveBase.make()
  await base.add('First')
  const before = tree(base)
  for (let at = 0; at < 80; at++) base.source(`Note-${at}`)
  await stoppedBy(base, 'SIGINT')
  const between = tree(base)
  await using kb = await base.open()
  expect((await kb.add([base.sources])).added.length).toBeGreaterThan(0)
  await kb.undo({ anyway: true })
  expect(tree(base)).toBe(between)
  await kb.undo({ anyway: true })
  expect(tree(base)).toBe(before)
  expect(await base.check()).toEqual([])
})
