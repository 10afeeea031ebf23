// How many git processes an add starts, on a machine where git-lfs is configured.
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { gitProcesses, groupsOf, tracedInto } from '../support/git-processes.ts'
import { Workplace } from '../support/workplace.ts'

/** Of a run, whatever it adds: identity, settings, objects, attributes, and the private ref. */
const RUN_MAX = 9
const GROUP_MAX = 4

describe('git processes', () => {
  it('do not grow with the number of documents where a filter is configured', async () => {
    using place = await Workplace.withBase()
    place.git('config', 'filter.lfs.clean', 'git-lfs clean -- %f')
    for (const [run, documents] of [1, 40].entries()) {
      const folder = `in-${run}`
      for (let n = 0; n < documents; n++)
        place.write(`${folder}/tide-${run}-${n}.md`, `# Tide ${run}-${n}\n\nThe tide of day ${n} was high.\n`)
      const trace = join(place.dir, `trace-${run}`)
      const added = await place.kbgitIn({ env: tracedInto(trace) }, 'add', join(place.dir, folder))
      expect(added).toMatchObject({ code: 0 })
      const processes = gitProcesses(trace)
      const names = processes.map(([command]) => command)
      expect(names.filter((name) => name === 'check-attr')).toHaveLength(1)
      expect(groupsOf(processes)).toBeGreaterThan(0)
      expect(processes.length, names.join(' ')).toBeLessThanOrEqual(RUN_MAX + GROUP_MAX * groupsOf(processes))
    }
  })

  it('do not ask for attributes where no filter is configured', async () => {
    using place = await Workplace.withBase()
    const trace = join(place.dir, 'trace')
    const file = place.write('tide.md', '# Tide\n\nThe tide was high.\n')
    const env = { ...tracedInto(trace), GIT_CONFIG_NOSYSTEM: '1' }
    expect(await place.kbgitIn({ env }, 'add', file)).toMatchObject({ code: 0 })
    expect(gitProcesses(trace).map(([command]) => command)).not.toContain('check-attr')
  })

  it('ask once who writes, unless authors and committers differ', async () => {
    using place = await Workplace.withBase()
    const [trace, other] = ['one', 'two'].map((name) => join(place.dir, `trace-${name}`)) as [string, string]
    const asked = (file: string): number => gitProcesses(file).filter(([command]) => command === 'var').length
    expect(
      await place.kbgitIn({ env: tracedInto(trace) }, 'add', place.write('a.md', '# Tide\n\nHigh.\n')),
    ).toMatchObject({
      code: 0,
    })
    expect(asked(trace)).toBe(1)
    const env = { ...tracedInto(other), GIT_COMMITTER_NAME: 'Grace' }
    expect(await place.kbgitIn({ env }, 'add', place.write('b.md', '# Ebb\n\nLow.\n'))).toMatchObject({ code: 0 })
    expect([asked(other), place.git('log', '-1', '--format=%an, %cn')]).toEqual([2, 'Ada, Grace'])
  })

  it('ask again where the configuration has a committer of its own', async () => {
    using place = await Workplace.withBase()
    for (const [key, value] of [
      ['user.name', 'Ada'],
      ['user.email', 'ada@example.org'],
      ['committer.name', 'Grace'],
    ] as const)
      place.git('config', key, value)
    for (const name of Object.keys(place.env)) if (/^GIT_(?:AUTHOR|COMMITTER)_/.test(name)) delete place.env[name]
    expect(await place.kbgit('add', place.write('c.md', '# Flood\n\nRising.\n'))).toMatchObject({ code: 0 })
    expect(place.git('log', '-1', '--format=%an, %cn')).toBe('Ada, Grace')
  })
})
