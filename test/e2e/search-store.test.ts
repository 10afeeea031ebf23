// The search store after commands of all kinds: it has what was committed, and search works whatever happens to it.
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Workplace } from '../support/workplace.ts'

type Status = { documents: number; sidecar: { ok: boolean; documents: number } }
type Hits = { hits: { page: string }[] }

const counts = async (place: Workplace): Promise<number[]> => {
  const { value } = await place.json<Status>('status')
  return [value.documents, value.sidecar.documents]
}

describe('the search store', () => {
  it('contains short and long documents when the command is over', async () => {
    using place = await Workplace.withBase()
    for (let n = 1; n <= 3; n++) {
      place.write(
        `in/long-${n}.md`,
        `# Long ${n}\n\n${`The tide gauge number ${n} reads the sea level at hour by hour. `.repeat(2_600)}\n`,
      )
      place.write(`in/short-${n}.md`, `# Short ${n}\n\nA harbour number ${n}.\n`)
    }
    expect(await place.kbgit('add', '../in')).toMatchObject({
      code: 0,
      stderr: expect.not.stringContaining('search store'),
    })
    expect(await counts(place)).toEqual([6, 6])
    place.write('in/long-4.md', `# Long 4\n\n${'The lighthouse keeper writes a log. '.repeat(4_600)}\n`)
    await place.kbgit('add', '../in/long-4.md')
    expect(await counts(place)).toEqual([7, 7])
  })

  it('is rebuilt after it was damaged, and search keeps working', async () => {
    using place = await Workplace.withBase()
    await place.kbgit('add', place.write('otters.md', '# Otters\n\nOtters swim in cold rivers.\n'))
    const sidecar = join(place.base, '.git/kbgit')
    for (const name of readdirSync(sidecar).filter((file) => file.startsWith('pageindex.db')))
      writeFileSync(join(sidecar, name), 'not a database, and long enough to be looked at as one '.repeat(40))
    for (let time = 1; time <= 2; time++) {
      const { code, value } = await place.json<Hits>('search', 'otters')
      expect([code, value.hits.length > 0]).toEqual([0, true])
    }
    expect(await place.json('recover')).toMatchObject({ code: 0 })
    expect((await place.json<Hits>('search', 'otters')).value.hits).not.toEqual([])
  })
})

describe('a large group that has to be planned again', () => {
  it('leaves nothing behind in git', async () => {
    using place = await Workplace.withBase()
    for (let n = 100; n < 330; n++) place.write(`in/${n}.md`, `# Note ${n}\n\nThe tide gauge ${n} is read.\n`)
    writeFileSync(join(place.base, 'wiki/index.md'), `${place.git('show', 'HEAD:wiki/index.md')}\n\nA line of mine.\n`)
    place.write('base/wiki/summaries/v2/320.md', 'A file of mine that stands in the way.\n')
    const { code, value } = await place.json<{ added: unknown[]; failed: { error: { code: string } }[] }>(
      'add',
      '../in',
    )
    expect([code, value.added.length, value.failed.length]).toEqual([0, 230, 0])
    const left = readdirSync(join(place.base, '.git'), { recursive: true, encoding: 'utf8' }).filter((path) =>
      /\.keep$|tmp_pack|fast_import_crash|refs\/kbgit\/tx\/./.test(path),
    )
    expect(left).toEqual([])
    expect(place.git('fsck', '--strict', '--no-dangling')).toBe('')
    expect(await place.json('fsck')).toMatchObject({ code: 0 })
  })
})
