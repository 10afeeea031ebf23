// `kbgit watch` with sources.yaml, as a service or a timer runs it.
import { describe, expect, it } from 'vitest'
import type { StatusResult } from '../../src/index.ts'
import { saying, start } from '../support/command.ts'
import { Site } from '../support/site.ts'
import { Workplace } from '../support/workplace.ts'

const watched = async (place: Workplace): Promise<StatusResult['watch']> =>
  (await place.json<StatusResult>('status')).value.watch

describe('kbgit watch --once', () => {
  it('adds what is due, ends, and fails with 3 when a source is gone', async () => {
    using place = await Workplace.withBase()
    using site = await Site.start()
    site.page('/page', 'Falcon')
    place.write('in/note.md', '# Note\n\nText.\n')
    place.write('base/sources.yaml', `- url: ${site.url}/page\n- feed: ${site.url}/nowhere\n  name: News\n`)
    const { code, stdout, stderr } = await place.kbgit('watch', '--once', '--allow-private', '../in')
    expect({ code, stdout }).toEqual({ code: 3, stdout: expect.stringContaining('2 added, 0 updated, 0 failed.') })
    expect(stderr).toContain('the server answered 404')
    expect(stderr).toContain(`News (${site.url}/nowhere) seems to be gone: fix or delete it in sources.yaml.`)
    const status = await place.kbgit('status')
    expect(status.stdout).toMatch(
      /watch: not running\n {2}url .+ visited .+, next .+\n {2}feed .+gone \(1 visit\): .+404/,
    )
    // Nothing is due any more.
    expect(await place.json('watch', '--once', '--allow-private')).toMatchObject({ code: 0, value: { added: 0 } })
    expect(await place.json('fsck')).toMatchObject({ code: 0 })
  })

  it('says where sources.yaml is wrong', async () => {
    using place = await Workplace.withBase()
    place.write('base/sources.yaml', '- feed: https://example.org/\n  every: often\n')
    const { code, stderr } = await place.kbgit('watch', '--once')
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/sources\.yaml:2:10: "every" must be/) })
  })

  it('adds each entry once, also if it is killed while it adds them', async () => {
    using place = await Workplace.withBase()
    using site = await Site.start()
    const names = ['Falcon', 'Owl', 'Sparrow']
    for (const name of names) site.page(`/${name}`, name)
    const items = names.map((name) => ({ id: name, title: name, link: `/${name}` }))
    site.rss('/feed', items)
    place.write('base/sources.yaml', `- feed: ${site.url}/feed\n`)
    // Falcon, the newest one, is fetched last.
    const { child, ended } = start(['watch', '--once', '--allow-private'], { cwd: place.base, env: place.env })
    site.answer('/Falcon', () => child.kill('SIGKILL'))
    expect(await ended).toMatchObject({ signal: 'SIGKILL' })
    site.page('/Falcon', 'Falcon')
    site.rss('/feed', items.slice(0, 1))
    expect(await place.kbgit('watch', '--once', '--allow-private')).toMatchObject({ code: 0 })
    expect(place.git('log', '--format=%s', '--grep=^add: ').split('\n').sort()).toEqual(
      names.map((name) => `add: ${name}`),
    )
    expect(await place.json('fsck')).toMatchObject({ code: 0 })
  })
})

describe('a running kbgit watch', () => {
  it.each(['SIGTERM', 'SIGKILL'] as const)('is told by status until %s', async (signal) => {
    using place = await Workplace.withBase()
    const { child, ended } = start(['watch'], { cwd: place.base, env: place.env })
    await saying(child.stdout, 'Watching')
    expect(await watched(place)).toMatchObject({ running: [{ pid: child.pid }], sources: [] })
    child.kill(signal)
    expect(await ended).toMatchObject(signal === 'SIGTERM' ? { code: 130 } : { signal })
    expect(await watched(place)).toBeUndefined()
  })
})
