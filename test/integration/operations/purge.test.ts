import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { LiveBase, TOPIC_PAGE } from '../../support/live-base.ts'

const ENGINE = 'The Falcon Engine is a machine. Alice Smith of Acme Corporation built it in Paris.'

/** The contents of all objects, reachable or not. */
function everyObject(base: LiveBase): string {
  return execFileSync('git', ['cat-file', '--batch-all-objects', '--batch'], {
    cwd: base.repository.dir,
    maxBuffer: 1e9,
  }).toString('latin1')
}

/** Old and new commits. */
function mapped(path: string): [string, string][] {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  return lines.map((line): [string, string] => [line.split(' ')[0] ?? '', line.split(' ')[1] ?? ''])
}

/** Files of a revision with their object ids, without those that a document's leaving changes. */
function ownFiles(base: LiveBase, name: string): string[] {
  return base
    .git('ls-tree', '-r', 'HEAD')
    .split('\n')
    .filter((line) => new RegExp(`(?:raw|wiki/sources)/${name}\\.`).test(line))
}

test('no object has anything of a purged document, and everything else stays', async () => {
  using base = await LiveBase.make()
  await base.add('Sparrow')
  const untouched = base.git('rev-parse', 'HEAD')
  await base.add('Falcon')
  const tagged = base.git('rev-parse', 'HEAD')
  base.git('branch', 'other')
  base.git('tag', 'light')
  base.git('tag', '-a', '-m', 'Annotated', 'heavy')
  base.git('tag', '-a', '-m', 'Tag of a tag', 'heavier', 'heavy')
  await base.add('Owl', 'Finch')
  base.write('wiki/mine.md', `# Mine\n\nMy own words. ${ENGINE} More of my words.\n\n- ${ENGINE}\n- Mine\n`)
  base.git('add', '-A')
  base.git('commit', '-q', '-m', 'My page')
  base.git('update-ref', 'refs/remotes/origin/main', 'HEAD')
  base.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main')
  const format = '--format=%an %ae %at %cn %ce %ct %s'
  const history = base.git('log', format)
  const files = ['Sparrow', 'Owl', 'Finch'].flatMap((name) => ownFiles(base, name))
  await using kb = await base.open()

  const plan = await kb.purge('Falcon', { dryRun: true })
  expect(plan).toMatchObject({ commit: null, proof: null, dryRun: true })
  expect(base.git('log', format)).toBe(history)
  const result = await kb.purge('Falcon')

  expect(result.proof?.found).toEqual([])
  expect(result).toMatchObject({ deleted: plan.deleted, changed: plan.changed, commits: plan.commits })
  const left = everyObject(base)
  expect(left).not.toContain('Falcon Engine')
  expect(left).not.toMatch(/Falcon.json|Falcon.md/)
  expect(base.git('log', format, 'HEAD~1')).toBe(history)
  expect(base.git('log', '-1', '--format=%s')).toBe('purge: Falcon')
  expect(['Sparrow', 'Owl', 'Finch'].flatMap((name) => ownFiles(base, name))).toEqual(files)
  expect(base.read('wiki/mine.md')).toBe('# Mine\n\nMy own words. More of my words.\n\n- Mine\n')
  expect(base.git('merge-base', untouched, 'HEAD')).toBe(untouched)
  const made = new Map(mapped(result.map ?? ''))
  for (const ref of ['other', 'light', 'heavy^{commit}', 'heavier^{commit}'])
    expect(base.git('rev-parse', ref)).toBe(made.get(tagged))
  expect(base.git('for-each-ref', '--format=%(contents)', 'refs/tags/heavier').trim()).toBe('Tag of a tag')
  expect(base.git('reflog')).toBe('')
  expect(base.git('status', '--porcelain')).toBe('')
  expect(await base.check()).toEqual([])
  expect((await kb.search('Falcon Engine')).hits.filter(({ document }) => document === 'Falcon')).toEqual([])
})

test('a document that was updated and removed is purged from the past, with a backup', async () => {
  using base = await LiveBase.make()
  await base.add('Falcon')
  await using kb = await base.open()
  await kb.add([
    base.source('Falcon', 'A second edition of the Falcon Engine was built by Bob Jones in the year after.'),
  ])
  await base.add('Owl')
  await kb.remove('Falcon')
  const page = base.read(TOPIC_PAGE)
  const head = base.git('rev-parse', 'HEAD')
  const backup = join(base.sources, 'before.bundle')

  const result = await kb.purge('Falcon', { backup })

  expect(result.proof?.found).toEqual([])
  expect(everyObject(base)).not.toMatch(/Falcon Engine is a machine|second edition of the Falcon/)
  expect(base.read(TOPIC_PAGE)).toBe(page)
  expect(base.git('ls-remote', backup, 'HEAD').split('\t')[0]).toBe(head)
  await expect(kb.purge('Falcon', { backup })).rejects.toMatchObject({ code: 'notFound' })
  await expect(kb.purge('Hawk')).rejects.toMatchObject({ code: 'notFound' })
})

test('what the user committed elsewhere stays, and the proof says so', async () => {
  using base = await LiveBase.make({ folder: 'kb' })
  const source = base.source('Falcon')
  writeFileSync(join(base.repository.dir, 'mine.md'), readFileSync(source))
  base.repository.git('add', 'mine.md')
  base.repository.git('commit', '-q', '-m', 'Mine')
  await base.add('Falcon', 'Owl')
  await using kb = await base.open()

  const result = await kb.purge('Falcon')

  expect(result).toMatchObject({ copies: ['mine.md'], sources: [source], proof: { found: [{ path: 'mine.md' }] } })
  expect(readFileSync(join(base.repository.dir, 'mine.md'), 'utf8')).toContain(ENGINE)
  expect(await base.check()).toEqual([])
})

test('kept answers and conversations about it go, others stay', async () => {
  using base = await LiveBase.make()
  await base.add('Falcon', 'Owl')
  const kept = {
    'answers/aa/1.json': ENGINE,
    'answers/bb/2.json': 'Owl',
    'chats/1.json': '[[summaries/Falcon|Falcon]]',
  }
  for (const [path, text] of Object.entries(kept)) {
    mkdirSync(join(base.sidecar(path), '..'), { recursive: true })
    writeFileSync(base.sidecar(path), JSON.stringify({ text }))
  }
  await using kb = await base.open()
  await kb.purge('Falcon')
  expect(readFileSync(base.sidecar('answers/bb/2.json'), 'utf8')).toContain('Owl')
  for (const path of ['answers/aa/1.json', 'chats/1.json'])
    expect(() => readFileSync(base.sidecar(path))).toThrow('ENOENT')
  for (const store of ['pageindex.db', 'catalog.db'])
    expect(readFileSync(base.sidecar(store)).includes('Falcon Engine is a machine')).toBe(false)
})

test('nothing is purged where the old history would live on, or something would be lost', async () => {
  using base = await LiveBase.make()
  await base.add('Falcon')
  const git = join(base.repository.dir, '.git')
  const head = base.git('rev-parse', 'HEAD')
  const refused: Record<string, [prepare: () => void, clean: () => void]> = {
    'changes that are not committed': [
      () => base.append('wiki/index.md', 'mine\n'),
      () => base.git('restore', 'wiki/index.md'),
    ],
    'a stash': [
      () => void (base.append('wiki/index.md', 'mine\n'), base.git('stash')),
      () => base.git('stash', 'drop', '-q'),
    ],
    'another work tree': [
      () => base.git('worktree', 'add', '-q', join(base.sources, 'tree')),
      () => base.git('worktree', 'remove', '--force', join(base.sources, 'tree')),
    ],
    notes: [() => base.git('notes', 'add', '-m', 'note'), () => base.git('update-ref', '-d', 'refs/notes/commits')],
    'a shallow history': [() => writeFileSync(join(git, 'shallow'), `${head}\n`), () => rmSync(join(git, 'shallow'))],
    'borrowed objects': [
      () => writeFileSync(join(git, 'objects/info/alternates'), '/nowhere\n'),
      () => rmSync(join(git, 'objects/info/alternates')),
    ],
  }
  for (const [what, [prepare, clean]] of Object.entries(refused)) {
    prepare()
    await using kb = await base.open()
    await expect(kb.purge('Falcon'), what).rejects.toMatchObject({ code: 'repositoryBusy' })
    expect(base.git('rev-parse', 'HEAD')).toBe(head)
    clean()
  }
  await using kb = await base.open()
  expect((await kb.purge('Falcon')).proof?.found).toEqual([])
})

test('a document that had another name in the past is purged under both', async () => {
  using base = await LiveBase.make()
  await base.add('Falcon', 'Owl')
  await using kb = await base.open()
  const path = base.source('Falcon')
  await kb.remove('Falcon')
  const renamed = join(base.sources, 'Hawk.md')
  renameSync(path, renamed)
  await kb.add([renamed])

  const result = await kb.purge('Hawk')

  expect(result.deleted).toEqual(expect.arrayContaining(['raw/Hawk.md', 'raw/Falcon.md']))
  expect(result.proof?.found).toEqual([])
  expect(everyObject(base)).not.toContain('Falcon Engine')
})

test('a kill between two refs is finished by the next command', async () => {
  using base = await LiveBase.make()
  await base.add('Falcon')
  base.git('branch', 'other')
  await base.add('Owl')
  const [first = '', second = ''] = [base.git('rev-parse', 'other'), base.git('rev-parse', 'main')]
  base.git('commit', '-q', '--allow-empty', '-m', 'new')
  const made = base.git('rev-parse', 'HEAD')
  base.git('reset', '-q', '--hard', second)
  const refs = [
    { name: 'refs/heads/other', old: first, new: made },
    { name: 'refs/heads/main', old: second, new: made },
  ]
  const note = JSON.stringify({ version: 1, refs, files: ['kbgit/chats/1.json'] })
  await using kb = await base.open()

  writeFileSync(base.sidecar('replacement.json'), note)
  await kb.recover()
  expect(base.git('rev-parse', 'main')).toBe(second)
  writeFileSync(base.sidecar('replacement.json'), note)
  base.git('update-ref', 'refs/heads/other', made)
  await kb.recover()
  expect(base.git('rev-parse', 'main')).toBe(made)
  expect(() => readFileSync(base.sidecar('replacement.json'))).toThrow('ENOENT')
})

test('while another kbgit is running nothing is purged, and a dead one is no obstacle', async () => {
  using base = await LiveBase.make()
  await base.add('Falcon')
  const packs = join(base.repository.dir, '.git/objects/pack')
  const [pack = ''] = readdirSync(packs).filter((name) => name.endsWith('.pack'))
  writeFileSync(join(packs, pack.replace('.pack', '.keep')), 'fast-import')
  mkdirSync(base.sidecar('staging/other'), { recursive: true })
  await using kb = await base.open()
  {
    using alive = new DatabaseSync(base.sidecar('staging/other/alive.db'))
    alive.exec('BEGIN EXCLUSIVE')
    await expect(kb.purge('Falcon')).rejects.toMatchObject({ code: 'repositoryBusy' })
  }
  expect((await kb.purge('Falcon')).proof?.found).toEqual([])
})

test('of several documents that had the name, the chosen one goes', async () => {
  using base = await LiveBase.make()
  await base.add('Falcon', 'Owl')
  await using kb = await base.open()
  await kb.remove('Falcon')
  const other = 'It is a bird of prey that Linnaeus described in Sweden.'
  const path = join(base.sources, 'Falcon.md')
  writeFileSync(path, `# Birds\n\n${other}\n`)
  await kb.add([path])
  const { documents } = await kb.list()
  const now = documents.find(({ name }) => name === 'Falcon')?.sha256 ?? ''
  const head = base.git('rev-parse', 'HEAD')
  const refused = await kb.purge('Falcon').catch((error: unknown) => error)

  expect(refused).toMatchObject({
    code: 'usage',
    message: expect.stringContaining('2 different documents'),
    hint: expect.stringMatching(
      new RegExp(`--digest all.*\n +${now.slice(0, 12)} .*"Birds".*\n +(\\w+) .*"On the Falcon"`),
    ),
  })
  await expect(kb.purge('Falcon', { digest: 'ffffffff' })).rejects.toMatchObject({ code: 'notFound' })
  await expect(kb.purge('Falcon', { digest: 'F' })).rejects.toMatchObject({ code: 'usage' })
  expect(base.git('rev-parse', 'HEAD')).toBe(head)
  const earlier = / +(\w+) +"On the Falcon"/.exec((refused as { hint: string }).hint)?.[1] ?? ''
  const files = [...ownFiles(base, 'Falcon'), ...ownFiles(base, 'Owl')]
  const result = await kb.purge('Falcon', { digest: earlier })

  expect(result.proof?.found).toEqual([])
  expect(everyObject(base)).not.toMatch(/Falcon Engine|On the Falcon/)
  expect([...ownFiles(base, 'Falcon'), ...ownFiles(base, 'Owl')]).toEqual(files)
  expect(base.read('wiki/log.md')).toContain('add: Falcon (Birds)')
  expect((await kb.list()).documents.map(({ name }) => name)).toEqual(['Falcon', 'Owl'])
  expect(await base.check()).toEqual([])
  expect((await kb.purge('Falcon')).proof?.found).toEqual([])
  expect(everyObject(base)).not.toContain('Linnaeus')
  expect(await base.check()).toEqual([])
})
