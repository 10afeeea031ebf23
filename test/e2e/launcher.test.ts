// bin/kbgit.js on an older Node: it starts a newer one, and the two behave as one process.
import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { CHECKOUT_KBGIT, inPipes, KBGIT, saying, start, type Ended } from '../support/command.ts'
import { Workplace } from '../support/workplace.ts'

const OLD_NODE = ['--require', fileURLToPath(new URL('../support/old-node.cjs', import.meta.url))]

/** A running `kbgit watch` in a process group of its own. */
async function watching(place: Workplace): Promise<{ pid: number; ended: Promise<Ended> }> {
  place.write('in/note.md', '# Note\n\nText.\n')
  const { child, ended } = start(['watch', '../in'], {
    cwd: place.base,
    env: place.env,
    node: OLD_NODE,
    detached: true,
  })
  await saying(child.stdout, 'note')
  return { pid: child.pid ?? 0, ended }
}

describe('kbgit on an older Node', () => {
  it('runs under the Node of the checkout, with its output and its exit code', async () => {
    using place = await Workplace.withBase()
    const options = { cwd: place.base, env: place.env, script: CHECKOUT_KBGIT, node: OLD_NODE }
    expect(await inPipes(['list'], options)).toEqual(await inPipes(['list'], { cwd: place.base, env: place.env }))
    expect(await inPipes(['show', 'nothing'], options)).toMatchObject({ code: 2, signal: null })
  })

  it('says in one line what to install when there is no newer one', async () => {
    using place = new Workplace()
    const script = join(place.dir, 'kbgit.js')
    copyFileSync(KBGIT, script)
    writeFileSync(join(place.dir, 'package.json'), '{"type":"module"}')
    const { code, stdout, stderr } = await inPipes(['status'], { cwd: place.base, script, node: OLD_NODE })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^kbgit needs Node 24 or newer, and this is v.+: install it .+\n$/)
  })

  it('stops working when only the first process is killed', async () => {
    using place = await Workplace.withBase()
    const { pid, ended } = await watching(place)
    process.kill(pid, 'SIGKILL')
    // Both hold the pipes, which close only when the second process is gone too.
    expect((await ended).stderr).toContain('Stopping')
    expect(await place.json('fsck')).toMatchObject({ code: 0, value: { ok: true } })
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('counts a %s that reaches both processes as one', async (signal) => {
    using place = await Workplace.withBase()
    const { pid, ended } = await watching(place)
    process.kill(-pid, signal)
    const { code, signal: killedBy, stderr } = await ended
    expect({ code, killedBy, times: stderr.split('Stopping').length - 1 }).toEqual({
      code: 130,
      killedBy: null,
      times: 1,
    })
  })

  it('passes on a signal that reaches only the first process', async () => {
    using place = await Workplace.withBase()
    const { pid, ended } = await watching(place)
    process.kill(pid, 'SIGTERM')
    expect(await ended).toMatchObject({ code: 130, signal: null })
  })
})
