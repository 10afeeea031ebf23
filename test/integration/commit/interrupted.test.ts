import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { serializeIntent, type Intent } from '../../../src/core/transaction/intent.ts'
import { LiveBase, TOPIC_PAGE } from '../../support/live-base.ts'

/**
 * Adds a document, then puts index, disk and journal back into the state after a kill right after the branch moved.
 * `dir` is the work tree of the run, `worktree` its name in the intent.
 */
async function addAndDie(base: LiveBase, name: string, dir = base.root, worktree = '.'): Promise<Intent> {
  const git = (...args: string[]): string => base.repository.git('-C', dir, ...args)
  const before = git('rev-parse', 'HEAD')
  await (await base.open(dir)).add([base.source(name)])
  const diff = git('diff', '--raw', '--no-abbrev', '--no-renames', before, 'HEAD')
  const object = (oid = ''): string | null => (/^0+$/.test(oid) ? null : oid)
  const intent: Intent = {
    version: 1,
    id: /Kbgit-Transaction: (\S+)/.exec(git('log', '-1', '--format=%B'))?.[1] ?? '',
    branch: git('symbolic-ref', 'HEAD'),
    base: before,
    worktree,
    workTree: dir,
    paths: diff.split('\n').map((line) => {
      const [, mode = '', old, current, , path = ''] = line.split(/[ \t]/)
      return { path, before: object(old), after: object(current), mode: mode === '000000' ? '100644' : mode }
    }),
    blobs: [],
    attempts: 0,
  }
  git('read-tree', before)
  for (const { path, before: old } of intent.paths)
    if (old === null) rmSync(join(dir, path))
    else git('checkout-index', '-f', '--', path)
  const commonDir = git('rev-parse', '--path-format=absolute', '--git-common-dir')
  mkdirSync(join(commonDir, 'kbgit/journal'), { recursive: true })
  writeFileSync(join(commonDir, 'kbgit/journal', `${intent.id}.json`), serializeIntent(intent))
  writeFileSync(join(git('rev-parse', '--absolute-git-dir'), 'index.lock'), `kbgit ${intent.id}\n`)
  return intent
}

function setAside(base: LiveBase, { id }: Intent): void {
  mkdirSync(base.sidecar('quarantine'), { recursive: true })
  renameSync(base.sidecar('journal', `${id}.json`), base.sidecar('quarantine', `${id}.json`))
  rmSync(join(base.repository.dir, '.git/index.lock'))
}

const edits = (base: LiveBase): string[] => base.subjects().filter((subject) => subject.startsWith('edit:'))

describe('a run that was killed right after it moved the branch', () => {
  it('is finished by the next command', async () => {
    using base = await LiveBase.make()
    await base.add('Falcon')
    await addAndDie(base, 'Sparrow')
    expect(await (await base.open()).recover()).toMatchObject({ rolledForward: 1, quarantined: 0 })
    expect(base.git('status', '--porcelain')).toBe('')
    expect(await base.check()).toEqual([])
  })

  it('is finished even if the branch has been renamed', async () => {
    using base = await LiveBase.make()
    await base.add('Falcon')
    await addAndDie(base, 'Sparrow')
    base.git('branch', '-m', 'main', 'trunk')
    expect((await base.add('Heron')).added).toHaveLength(1)
    expect(edits(base)).toEqual([])
    expect(base.git('status', '--porcelain')).toBe('')
    expect(await base.check()).toEqual([])
  })

  it("waits, however often it is tried, while the user's git holds the index", async () => {
    using base = await LiveBase.make({ config: 'lock_wait: 0s\n' })
    await base.add('Falcon')
    await addAndDie(base, 'Sparrow')
    const lock = join(base.repository.dir, '.git/index.lock')
    writeFileSync(lock, '')
    for (let attempt = 0; attempt < 6; attempt++) {
      await expect((await base.open()).recover()).rejects.toMatchObject({ code: 'repositoryBusy' })
    }
    expect(existsSync(base.sidecar('quarantine'))).toBe(false)
    rmSync(lock)
    expect((await base.add('Heron')).added).toHaveLength(1)
    expect(edits(base)).toEqual([])
    expect(base.git('status', '--porcelain')).toBe('')
    expect(await base.check()).toEqual([])
  })

  it('leaves nothing that a later add takes for an edit, even if its record is in quarantine', async () => {
    using base = await LiveBase.make()
    await base.add('Falcon')
    setAside(base, await addAndDie(base, 'Sparrow'))
    expect((await base.add('Heron')).added).toHaveLength(1)
    expect(edits(base)).toEqual([])
    expect(base.read(TOPIC_PAGE)).toContain('Sparrow')
    expect(base.git('diff', 'HEAD', '--name-only', '--', TOPIC_PAGE)).toBe('')
  })

  it('leaves later edits by the user to be committed as theirs', async () => {
    using base = await LiveBase.make()
    await base.add('Falcon', 'Osprey')
    setAside(base, await addAndDie(base, 'Sparrow'))
    base.append(TOPIC_PAGE, '\n## Mine\n\nA remark of my own.\n')
    expect((await base.add('Heron')).added).toHaveLength(1)
    expect(edits(base)).toEqual(['edit: 1 page'])
    expect(base.read(TOPIC_PAGE)).toContain('A remark of my own.')
    expect(base.read(TOPIC_PAGE)).toContain('Sparrow')
  })
})

describe('a run that was killed in a linked work tree', () => {
  async function linked(): Promise<{ base: LiveBase; dir: string; [Symbol.dispose]: () => void }> {
    const base = await LiveBase.make()
    await base.add('Falcon')
    const dir = join(base.sources, 'linked')
    base.git('worktree', 'add', '-q', '-b', 'side', dir)
    return { base, dir, [Symbol.dispose]: () => base[Symbol.dispose]() }
  }

  it('is finished from the main work tree', async () => {
    using made = await linked()
    const { base, dir } = made
    await addAndDie(base, 'Sparrow', dir, 'worktrees/linked')
    expect(await (await base.open()).recover()).toMatchObject({ rolledForward: 1 })
    expect(base.repository.git('-C', dir, 'status', '--porcelain')).toBe('')
  })

  it('is finished if its folder was deleted', async () => {
    using made = await linked()
    const { base, dir } = made
    await addAndDie(base, 'Sparrow', dir, 'worktrees/linked')
    rmSync(dir, { recursive: true })
    expect((await base.add('Heron')).added).toHaveLength(1)
    expect(readdirSync(base.sidecar('journal'))).toEqual([])
    expect(existsSync(base.sidecar('quarantine'))).toBe(false)
    expect(base.git('log', '--format=%s', 'side')).toContain('add: Sparrow')
  })

  it('waits for its folder if the worktree is locked', async () => {
    using made = await linked()
    const { base, dir } = made
    await addAndDie(base, 'Sparrow', dir, 'worktrees/linked')
    base.git('worktree', 'lock', dir)
    renameSync(dir, `${dir}-away`)
    expect((await base.add('Heron')).added).toHaveLength(1)
    expect(readdirSync(base.sidecar('journal'))).toHaveLength(1)
    renameSync(`${dir}-away`, dir)
    expect(await (await base.open()).recover()).toMatchObject({ rolledForward: 1 })
    expect(base.repository.git('-C', dir, 'status', '--porcelain')).toBe('')
  })
})

describe('a run that was killed in the main work tree of a separate git directory', () => {
  it.each([
    ['finished from a linked work tree that finds it by its record', true],
    ['left to a command that runs there otherwise', false],
  ])('is %s', async (_, recorded) => {
    using base = await LiveBase.make()
    const gitDir = join(base.sources, 'elsewhere.git')
    base.git('init', '-q', '--separate-git-dir', gitDir)
    await base.add('Falcon')
    const dir = join(base.sources, 'linked')
    base.git('worktree', 'add', '-q', '-b', 'side', dir)
    const intent = await addAndDie(base, 'Sparrow')
    const file = join(gitDir, 'kbgit/journal', `${intent.id}.json`)
    if (!recorded) writeFileSync(file, serializeIntent({ ...intent, workTree: undefined }))
    const there = await base.open(dir)
    expect(await there.recover()).toMatchObject({ rolledForward: recorded ? 1 : 0 })
    expect(existsSync(file)).toBe(!recorded)
    await (await base.open()).recover()
    expect(base.git('status', '--porcelain')).toBe('')
    expect(existsSync(join(gitDir, 'index.lock'))).toBe(false)
  })
})
