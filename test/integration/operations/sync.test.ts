import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { initKb, openKb, type Kb } from '../../../src/index.ts'
import { gitIn, TEST_ENVIRONMENT } from '../../support/repository.ts'

/** A bare remote, and the clones of Ada and Bob. */
class Team implements Disposable {
  readonly dir = mkdtempSync(join(tmpdir(), 'kbgit-team-'))

  static async make(): Promise<Team> {
    const team = new Team()
    gitIn(team.dir, ['init', '-q', '--bare', '-b', 'main', 'remote.git'])
    gitIn(team.dir, ['init', '-q', '-b', 'main', 'ada'])
    await initKb({ dir: team.path('ada'), env: TEST_ENVIRONMENT, hooks: false })
    team.git('ada', 'remote', 'add', 'origin', team.path('remote.git'))
    return team
  }

  path(...parts: string[]): string {
    return join(this.dir, ...parts)
  }

  git(who: string, ...args: string[]): string {
    return gitIn(this.path(who), args)
  }

  clone(who: string): void {
    gitIn(this.dir, ['clone', '-q', 'remote.git', who])
    this.git(who, 'config', 'user.name', who)
  }

  open(who: string): Promise<Kb> {
    const name = who[0]?.toUpperCase() + who.slice(1)
    return openKb({
      dir: this.path(who),
      env: { ...TEST_ENVIRONMENT, GIT_AUTHOR_NAME: name, GIT_COMMITTER_NAME: name },
    })
  }

  async add(who: string, ...names: string[]): Promise<void> {
    await using kb = await this.open(who)
    mkdirSync(this.path('sources'), { recursive: true })
    for (const name of names)
      writeFileSync(
        this.path('sources', `${name}.md`),
        `# On the ${name}\n\nAcme Corporation sells the ${name} Engine in Berlin. Alice Smith likes it.\n`,
      )
    const { failed } = await kb.add(names.map((name) => this.path('sources', `${name}.md`)))
    expect(failed).toEqual([])
  }

  async sync(who: string) {
    await using kb = await this.open(who)
    return kb.sync()
  }

  [Symbol.dispose](): void {
    rmSync(this.dir, { recursive: true, force: true })
  }
}

test('two people share a base through a bare remote', async () => {
  using team = await Team.make()
  await team.add('ada', 'Falcon')
  expect(await team.sync('ada')).toMatchObject({ remote: 'origin', branch: 'main', received: { commits: 0 } })
  team.clone('bob')
  await team.add('ada', 'Owl', 'Finch')
  await team.add('bob', 'Sparrow')
  expect((await team.sync('ada')).sent.documents.map(({ name }) => name).sort()).toEqual(['Finch', 'Owl'])

  const bobs = await team.sync('bob')

  expect(bobs.received.authors).toEqual(['Ada'])
  expect(bobs.received.documents).toMatchObject([
    { name: 'Owl', operation: 'add', author: 'Ada' },
    { name: 'Finch', operation: 'add', author: 'Ada' },
  ])
  expect(bobs.sent.documents).toMatchObject([{ name: 'Sparrow', operation: 'add', author: 'Bob' }])
  await team.sync('ada')
  expect(team.git('ada', 'rev-parse', 'HEAD')).toBe(team.git('bob', 'rev-parse', 'HEAD'))
  for (const who of ['ada', 'bob']) {
    await using kb = await team.open(who)
    expect(team.git(who, 'status', '--porcelain')).toBe('')
    expect((await kb.fsck()).problems).toEqual([])
    expect((await kb.list()).documents).toHaveLength(4)
    expect((await kb.search('Owl Engine')).hits[0]).toMatchObject({ document: 'Owl' })
  }
  expect(await team.sync('bob')).toMatchObject({ received: { commits: 0 }, sent: { commits: 0 } })
})

test('merges as the attributes of this side say, in every folder', async () => {
  using team = await Team.make()
  mkdirSync(team.path('ada', 'logs'))
  writeFileSync(team.path('ada', 'logs', '.gitattributes'), '*.txt merge=union\n')
  writeFileSync(team.path('ada', 'logs', 'day.txt'), 'begin\n')
  team.git('ada', 'add', 'logs')
  team.git('ada', 'commit', '-q', '-m', 'Logs')
  await team.sync('ada')
  team.clone('bob')
  for (const who of ['ada', 'bob']) {
    writeFileSync(team.path(who, 'logs', 'day.txt'), `begin\n${who}\n`)
    team.git(who, 'commit', '-q', '-am', who)
  }
  await team.sync('ada')

  await team.sync('bob')

  expect(readFileSync(team.path('bob', 'logs', 'day.txt'), 'utf8')).toMatch(/^begin\n(?:ada\nbob|bob\nada)\n$/)
})

test('a git that is killed while it merges leaves nothing in the work tree', async () => {
  using team = await Team.make()
  await team.add('ada', 'Falcon')
  await team.sync('ada')
  team.clone('bob')
  await team.add('ada', 'Finch')
  await team.add('bob', 'Heron')
  await team.sync('ada')
  const driver = team.git('bob', 'config', 'merge.kbgit.driver')
  team.git('bob', 'config', 'merge.kbgit.driver', 'ls -a > "$KBGIT_SEEN" && kill -9 $PPID')
  const before = readdirSync(team.path('bob'))

  const seen = team.path('seen')
  await using kb = await openKb({ dir: team.path('bob'), env: { ...TEST_ENVIRONMENT, KBGIT_SEEN: seen } })
  await expect(kb.sync()).rejects.toMatchObject({ code: 'gitFailed' })

  expect(readFileSync(seen, 'utf8')).toMatch(/^\.merge_file_/m)
  expect(readdirSync(team.path('bob'))).toEqual(before)
  team.git('bob', 'config', 'merge.kbgit.driver', driver)
  expect((await team.sync('bob')).received.documents.map(({ name }) => name)).toEqual(['Finch'])
  expect(readdirSync(team.path('bob', '.git', 'kbgit', 'staging'))).toEqual([])
})

test('a race for the remote is tried again, with what the other one did', async () => {
  using team = await Team.make()
  await team.sync('ada')
  team.clone('bob')
  await team.add('bob', 'Sparrow')
  await team.add('ada', 'Owl')
  // Bob pushes after Ada has fetched: once.
  const hook = team.path('ada/.git/hooks/pre-push')
  mkdirSync(team.path('ada/.git/hooks'), { recursive: true })
  writeFileSync(hook, `#!/bin/sh\nrm "$0"\nunset GIT_DIR\ncd '${team.path('bob')}' && git push -q origin main\n`, {
    mode: 0o755,
  })

  const result = await team.sync('ada')

  expect(result.received.documents).toMatchObject([{ name: 'Sparrow' }])
  expect(team.git('remote.git', 'rev-parse', 'main')).toBe(result.head)
})

test('what would be overwritten, and what conflicts, is refused whole', async () => {
  using team = await Team.make()
  await team.add('ada', 'Falcon')
  await team.sync('ada')
  team.clone('bob')
  writeFileSync(team.path('ada/notes.txt'), 'Adas\n')
  team.git('ada', 'add', 'notes.txt')
  team.git('ada', 'commit', '-q', '-m', 'Notes')
  await team.sync('ada')
  writeFileSync(team.path('bob/notes.txt'), 'Bobs\n')
  const head = team.git('bob', 'rev-parse', 'HEAD')
  await expect(team.sync('bob')).rejects.toMatchObject({ code: 'repositoryBusy' })
  team.git('bob', 'add', 'notes.txt')
  team.git('bob', 'commit', '-q', '-m', 'Notes')
  await expect(team.sync('bob')).rejects.toMatchObject({ code: 'rolledBack' })
  expect(team.git('bob', 'rev-parse', 'HEAD^')).toBe(head)
  expect(team.git('bob', 'status', '--porcelain')).toBe('')
  expect(existsSync(team.path('bob/.git/MERGE_HEAD'))).toBe(false)
})

test('links come as git places them, and a remote that refuses is reported', async () => {
  using team = await Team.make()
  await team.sync('ada')
  team.clone('bob')
  symlinkSync('kbgit.yaml', team.path('ada/link'))
  team.git('ada', 'add', 'link')
  team.git('ada', 'commit', '-q', '-m', 'Link')
  await team.sync('ada')
  await team.add('bob', 'Owl')
  await team.sync('bob')
  expect(readlinkSync(team.path('bob/link'))).toBe('kbgit.yaml')
  expect(team.git('bob', 'status', '--porcelain')).toBe('')

  writeFileSync(team.path('remote.git/hooks/pre-receive'), '#!/bin/sh\necho no >&2\nexit 1\n', { mode: 0o755 })
  await team.add('bob', 'Finch')
  await expect(team.sync('bob')).rejects.toMatchObject({ code: 'gitFailed' })
  team.git('bob', 'remote', 'remove', 'origin')
  await expect(team.sync('bob')).rejects.toMatchObject({ code: 'usage' })
})

test('documents are added and pushed, past what others have pushed', async () => {
  using team = await Team.make()
  team.git('ada', 'push', '-q', 'origin', 'main')
  team.clone('bob')
  await team.add('ada', 'Walrus')
  team.git('ada', 'push', '-q', 'origin', 'main')
  await using kb = await team.open('bob')
  writeFileSync(team.path('sources', 'Otter.md'), '# On the Otter\n\nAcme Corporation sells the Otter Engine.\n')
  const result = await kb.add([team.path('sources', 'Otter.md')], { push: true })
  expect(result).toMatchObject({ added: [{ name: 'Otter' }], push: { remote: 'origin', branch: 'main', attempts: 1 } })
  expect(team.git('remote.git', 'rev-parse', 'main')).toBe(result.head)
  expect(await kb.list()).toMatchObject({ documents: [{ name: 'Otter' }, { name: 'Walrus' }] })
  // The remote is gone: what was added is in here.
  rmSync(team.path('remote.git'), { recursive: true })
  writeFileSync(team.path('sources', 'Seal.md'), '# On the Seal\n\nAcme Corporation sells the Seal Engine.\n')
  const stopped = await kb.add([team.path('sources', 'Seal.md')], { push: true })
  expect(stopped).toMatchObject({ added: [{ name: 'Seal' }], stopped: { code: 'gitFailed' } })
  expect(stopped.push).toBeUndefined()
})

test('nothing is added to be pushed if there is no remote', async () => {
  using team = await Team.make()
  team.git('ada', 'remote', 'remove', 'origin')
  await using kb = await team.open('ada')
  mkdirSync(team.path('sources'))
  writeFileSync(team.path('sources', 'Seal.md'), '# On the Seal\n')
  await expect(kb.add([team.path('sources', 'Seal.md')], { push: true })).rejects.toMatchObject({ code: 'usage' })
  expect(await kb.list()).toMatchObject({ documents: [] })
})

test('a branch that is not here and a remote that cannot be read are named', async () => {
  using team = await Team.make()
  await using kb = await openKb({ dir: team.path('ada'), env: TEST_ENVIRONMENT, branch: 'nowhere' })
  await expect(kb.sync()).rejects.toMatchObject({
    code: 'notFound',
    message: 'There is no branch "nowhere" here.',
    hint: expect.stringContaining('git branch nowhere') as string,
  })
  team.git('ada', 'remote', 'add', 'lost', team.path('lost.git'))
  await using other = await team.open('ada')
  await expect(other.sync({ remote: 'lost' })).rejects.toMatchObject({
    code: 'gitFailed',
    message: `git fetch lost failed: '${team.path('lost.git')}' does not appear to be a git repository`,
  })
})

test('a purge is not undone by a clone or a remote that has the old history', async () => {
  using team = await Team.make()
  await team.add('ada', 'Falcon', 'Owl')
  await team.sync('ada')
  team.clone('bob')
  await team.add('bob', 'Heron')
  {
    await using kb = await team.open('ada')
    expect((await kb.purge('Owl')).proof?.found).toEqual([])
  }
  const purged = team.git('ada', 'rev-parse', 'HEAD')
  await expect(team.sync('ada')).rejects.toMatchObject({
    code: 'rolledBack',
    hint: expect.stringContaining('git push --force origin') as string,
  })
  expect(team.git('ada', 'rev-parse', 'HEAD')).toBe(purged)
  team.git('ada', 'push', '-q', '--force', 'origin', 'HEAD:main')
  await team.sync('ada')

  const head = team.git('bob', 'rev-parse', 'HEAD')
  await expect(team.sync('bob')).rejects.toMatchObject({
    code: 'rolledBack',
    message: expect.stringContaining('"Owl" was purged from origin') as string,
  })
  expect(team.git('bob', 'rev-parse', 'HEAD')).toBe(head)
  expect(team.git('remote.git', 'rev-parse', 'main')).toBe(purged)
})
