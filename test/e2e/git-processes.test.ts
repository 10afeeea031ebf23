// How many git processes an add starts, on a machine where git-lfs is configured.
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { gitProcesses, groupsOf, tracedInto } from '../support/git-processes.ts'
import { Workplace } from '../support/workplace.ts'

/** Of a run, whatever it adds: identity, settings, objects, attributes, and the private ref. */
const RUN_MAX = 10
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
})
