import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { reapStaging, Staging } from '../../../src/commit/staging.ts'
import { openBase } from '../../../src/operations/base/open.ts'
import { LiveBase, signWith } from '../../support/live-base.ts'
import { start } from '../../support/command.ts'

const LOCK = fileURLToPath(new URL('../../../src/io/sidecar/lock.ts', import.meta.url))
const BATCH = ['Ant', 'Bee', 'Cat', 'Dog', 'Eel', 'Fox', 'Gnu', 'Hen']

/** Runs a shell script repeatedly in the base until the work is done. */
async function beside<T>(base: LiveBase, script: string, work: () => Promise<T>): Promise<T> {
  const child = spawn('sh', ['-c', `while :; do ${script}; done`], {
    cwd: base.root,
    env: base.env,
    stdio: 'ignore',
    detached: true,
  })
  const ended = once(child, 'exit')
  try {
    return await work()
  } finally {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    await ended
  }
}

describe("the user's git during a transaction", () => {
  it('moves the branch between plan and commit point: the document is planned again on the new head', async () => {
    using base = await LiveBase.make()
    await base.add('Falcon', 'Finch')
    signWith(
      base,
      `[ -e '${base.sources}/done' ] || { touch '${base.sources}/done'; git -c commit.gpgSign=false commit -q --allow-empty -m 'In between'; }`,
    )
    expect((await base.add('Sparrow')).added).toHaveLength(1)
    const subjects = base.subjects()
    expect(subjects).toContain('In between')
    expect(subjects.indexOf('add: Sparrow')).toBeLessThan(subjects.indexOf('In between'))
    expect(base.git('status', '--porcelain')).toBe('')
    expect(await base.check()).toEqual([])
  })

  it('switches to another branch: nothing is committed there, and what was committed stays where it is', async () => {
    using base = await LiveBase.make()
    await base.add('Falcon')
    base.git('branch', 'other')
    signWith(base, 'git switch -q other')
    const result = await base.add('Sparrow')
    expect(result.stopped).toMatchObject({ code: 'repositoryBusy' })
    expect(base.git('log', '--format=%s', 'other').split('\n')).not.toContain('add: Sparrow')
    expect(base.git('log', '--format=%s', 'main').split('\n')).not.toContain('add: Sparrow')
    expect(base.git('status', '--porcelain')).toBe('')
    expect(await base.check()).toEqual([])
  })

  it("commits with -a continuously: no work is lost, and none ends up in the other's commits", async () => {
    using base = await LiveBase.make({ before: (repository) => repository.commit('Mine', { 'mine.txt': '0\n' }) })
    const script = 'echo x >> mine.txt; git commit -q -a -m "The user" && echo done >> .git/made'
    const result = await beside(base, `${script}; sleep 0.5`, () => base.add(...BATCH))
    expect(result.added).toHaveLength(BATCH.length)
    expect(base.git('log', '--format=%s', '--grep=^add:').split('\n')).toHaveLength(BATCH.length)
    const made = base.read('.git/made').trim().split('\n').length
    expect(base.git('log', '--format=%h', '--grep=^The user').split('\n').length).toBeGreaterThanOrEqual(made)
    const files = base.git('log', '--format=', '--name-only', '--grep=^The user').split('\n')
    expect(new Set(files.filter((file) => file !== ''))).toEqual(new Set(['mine.txt']))
    expect(await base.check()).toEqual([])
  })

  it('collects garbage and packs refs continuously: no object of a batch is lost', async () => {
    using base = await LiveBase.make()
    const result = await beside(base, 'git gc -q --prune=now; git pack-refs --all; sleep 0.1', () => base.add(...BATCH))
    expect(result.added).toHaveLength(BATCH.length)
    expect(await base.check()).toEqual([])
    expect(base.git('status', '--porcelain')).toBe('')
  })
})

describe('several kbgit processes at once', () => {
  it('exclude each other for the duration of a transaction', async () => {
    using base = await LiveBase.make()
    const out = join(base.sources, 'free')
    const look = `import { tryAcquire } from '${LOCK}'; import { writeFileSync } from 'node:fs'; writeFileSync('${out}', String(tryAcquire('${base.sidecar('lock.db')}', 'exclusive') !== undefined))`
    signWith(base, `'${process.execPath}' --input-type=module -e "${look}"`)
    expect((await base.add('Falcon')).added).toHaveLength(1)
    expect(readFileSync(out, 'utf8')).toBe('false')
  })

  it('take turns within one process too', async () => {
    using base = await LiveBase.make()
    const [one, other] = [await base.open(), await base.open()]
    const paths = BATCH.slice(0, 6).map((name) => base.source(name))
    const results = await Promise.all([
      one.add(paths.slice(0, 3)),
      other.add(paths.slice(2, 5)),
      one.add(paths.slice(4)),
    ])
    expect(results.flatMap(({ failed, stopped }) => [...failed, ...(stopped === undefined ? [] : [stopped])])).toEqual(
      [],
    )
    expect(results.flatMap(({ added }) => added.map(({ name }) => name)).sort()).toEqual(BATCH.slice(0, 6))
    expect(await base.check()).toEqual([])
    expect(base.git('status', '--porcelain')).toBe('')
  })

  it('never take the staging of a run that is just starting for that of a dead one', async () => {
    using live = await LiveBase.make()
    const base = await openBase({ dir: live.root, env: live.env })
    for (let n = 0; n < 300; n++) {
      const [staging] = await Promise.all([Staging.open(base, `run-${n}`), reapStaging(base), reapStaging(base)])
      staging.folder()
      await staging[Symbol.asyncDispose]()
    }
    expect(await reapStaging(base)).toBe(0)
  })

  it('have the same result as one after the other', async () => {
    using base = await LiveBase.make()
    const batches = [BATCH.slice(0, 5), BATCH.slice(3)]
    const environment = Object.fromEntries(
      Object.entries(base.env).filter(
        (entry): entry is [string, string] => entry[0].startsWith('GIT_') && entry[1] !== undefined,
      ),
    )
    const runs = batches.map((names) =>
      start(['add', '--json', ...names.map((name) => base.source(name))], { cwd: base.root, env: environment }),
    )
    for (const { child } of runs) child.stdin?.end()
    const ended = await Promise.all(runs.map(({ ended }) => ended))
    expect(ended.map(({ code }) => code)).toEqual([0, 0])
    const names = (await (await base.open()).list()).documents.map(({ name }) => name)
    expect(names.sort()).toEqual(BATCH)
    expect(await base.check()).toEqual([])
    expect(base.git('status', '--porcelain')).toBe('')
  })
})
