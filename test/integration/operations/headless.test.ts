// Headless bases and branches that are not checked out, through the API.
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { initKb, openKb, type Kb } from '../../../src/index.ts'
import { gitIn, TEST_ENVIRONMENT } from '../../support/repository.ts'

const env = { ...TEST_ENVIRONMENT, SOURCE_DATE_EPOCH: '1767323045' }

let dir = ''
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'kbgit-headless-')))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

async function make(name: string): Promise<string> {
  await initKb({ dir: join(dir, name), env, bare: true, branch: 'main' })
  return join(dir, name)
}

function write(path: string, name: string): string {
  mkdirSync(join(dir, 'sources', path), { recursive: true })
  const file = join(dir, 'sources', path, `${name}.md`)
  writeFileSync(file, `# The ${name} of ${path}\n\nAcme Corporation sells the ${name} Engine in ${path}.\n`)
  return file
}

async function add(kb: Kb, ...files: string[]): Promise<void> {
  expect(await kb.add(files)).toMatchObject({ failed: [], added: files.map(() => ({})) })
}

const tree = (repository: string): string => gitIn(repository, ['rev-parse', 'main^{tree}'])

/** Two repositories that share a remote, each with a document of the same name as the other, and one of its own. */
async function syncTwo(kind: 'bare' | 'normal'): Promise<string> {
  gitIn(dir, ['init', '-q', '--bare', '-b', 'main', `${kind}-remote`])
  const first = join(dir, `${kind}-0`)
  await initKb({ dir: first, env, hooks: false, ...(kind === 'bare' ? { bare: true, branch: 'main' } : {}) })
  if (kind === 'normal') gitIn(first, ['branch', '-q', '-M', 'main'])
  gitIn(first, ['remote', 'add', 'origin', join(dir, `${kind}-remote`)])
  gitIn(first, ['push', '-q', 'origin', 'main'])
  gitIn(dir, ['clone', '-q', ...(kind === 'bare' ? ['--bare'] : []), `${kind}-remote`, `${kind}-1`])
  const second = join(dir, `${kind}-1`)
  for (const [index, repository] of [first, second].entries()) {
    await using kb = await openKb({ dir: repository, env })
    await add(kb, write(index === 0 ? 'Berlin' : 'Paris', 'Report'), write('London', `Engine-${index}`))
  }
  for (const repository of [first, second, first]) {
    await using kb = await openKb({ dir: repository, env })
    await kb.sync()
  }
  expect(tree(second)).toBe(tree(first))
  await using kb = await openKb({ dir: second, env })
  expect(await kb.fsck()).toMatchObject({ ok: true, problems: [] })
  return tree(first)
}

test('two headless bases merge like normal ones, documents of the same name too', async () => {
  const bare = await syncTwo('bare')
  expect(gitIn(join(dir, 'bare-0'), ['ls-tree', '-r', '--name-only', 'main', 'documents/']).split('\n')).toHaveLength(5)
  expect(bare).toBe(await syncTwo('normal'))
})

test('what the remote of a mirror has does not replace the branch', async () => {
  await make('remote.git')
  gitIn(dir, ['clone', '-q', '--mirror', 'remote.git', 'mirror.git'])
  await using kb = await openKb({ dir: join(dir, 'mirror.git'), env })
  await add(kb, write('Berlin', 'Walrus'))
  const mine = gitIn(join(dir, 'mirror.git'), ['rev-parse', 'main'])
  // git pushes all of a mirror, or nothing.
  await expect(kb.sync()).rejects.toMatchObject({ code: 'gitFailed' })
  expect(gitIn(join(dir, 'mirror.git'), ['rev-parse', 'main'])).toBe(mine)
})

test('a headless base is found from inside, and read without starting git', async () => {
  const base = await make('notes.git')
  await using kb = await openKb({ cwd: base, env })
  await add(kb, write('Berlin', 'Walrus'))
  await using reader = await openKb({ dir: base, env, driver: 'in-process' })
  expect(await reader.list()).toMatchObject({ documents: [{ name: 'Walrus' }] })
  expect(await reader.search('walrus')).toHaveProperty('hits[0].document', 'Walrus')
  expect(await reader.status()).toMatchObject({ headless: true, branch: 'main', documents: 1 })
})

test('git decides whether a bare repository that was not named is entered', async () => {
  const base = await make('notes.git')
  const config = join(dir, 'gitconfig')
  writeFileSync(config, '[safe]\n\tbareRepository = explicit\n')
  const careful = { ...env, GIT_CONFIG_GLOBAL: config }
  await expect(openKb({ cwd: base, env: careful })).rejects.toMatchObject({ code: 'noBase' })
  await using kb = await openKb({ dir: base, env: careful })
  await add(kb, write('Berlin', 'Walrus'))
  expect(await kb.fsck()).toMatchObject({ ok: true })
})

test('a bare repository without a base, or in it a broken configuration, is refused', async () => {
  gitIn(dir, ['init', '-q', '--bare', '-b', 'main', 'empty.git'])
  await expect(openKb({ dir: join(dir, 'empty.git'), env })).rejects.toMatchObject({
    code: 'noBase',
    message: expect.stringContaining('has no commits yet on the branch "main"'),
  })
  await expect(openKb({ cwd: join(dir, 'empty.git'), env: { ...env, HOME: dir } })).rejects.toMatchObject({
    code: 'noBase',
  })
  const base = await make('notes.git')
  gitIn(dir, ['clone', '-q', base, 'clone'])
  writeFileSync(join(dir, 'clone/kbgit.yaml'), 'modle: builtin\n')
  gitIn(join(dir, 'clone'), ['commit', '-qam', 'Break it'])
  gitIn(join(dir, 'clone'), ['push', '-q'])
  await expect(openKb({ dir: base, env })).rejects.toMatchObject({
    code: 'config',
    message: expect.stringContaining('main:kbgit.yaml:1:1'),
  })
})

test('somebody pushes while documents are added', async () => {
  const base = await make('notes.git')
  gitIn(dir, ['clone', '-q', base, 'clone'])
  await using kb = await openKb({ dir: base, env })
  let pushed = false
  const files = ['Walrus', 'Otter', 'Seal'].map((name) => write('Berlin', name))
  const { added, failed } = await kb.add(files, {
    jobs: 1,
    onProgress: () => {
      if (pushed) return
      pushed = true
      gitIn(join(dir, 'clone'), ['commit', '-q', '--allow-empty', '-m', 'Meanwhile'])
      gitIn(join(dir, 'clone'), ['push', '-q'])
    },
  })
  expect({ added: added.length, failed }).toEqual({ added: 3, failed: [] })
  expect(gitIn(base, ['log', '--format=%s', 'main'])).toContain('Meanwhile')
  expect(await kb.fsck()).toMatchObject({ ok: true, problems: [] })
})

test('init completes what an init that died has left', async () => {
  const parts = join(dir, 'parts.git')
  gitIn(dir, ['init', '-q', '--bare', 'parts.git'])
  rmSync(join(parts, 'HEAD'))
  rmSync(join(parts, 'config'))
  mkdirSync(join(dir, '.parts.git.kbgit-0123456789ab'))
  expect(await initKb({ dir: parts, env, bare: true })).toMatchObject({ headless: true })
  expect(readdirSync(dir)).toEqual(['parts.git'])
})

test('the ignore rules of a headless base are those that are committed', async () => {
  const base = await make('notes.git')
  gitIn(dir, ['clone', '-q', base, 'clone'])
  writeFileSync(join(dir, 'clone/.kbgitignore'), 'draft-*\n')
  gitIn(join(dir, 'clone'), ['add', '.kbgitignore'])
  gitIn(join(dir, 'clone'), ['commit', '-qm', 'Ignore drafts'])
  gitIn(join(dir, 'clone'), ['push', '-q'])
  write('Berlin', 'draft-one')
  write('Berlin', 'Walrus')
  await using kb = await openKb({ dir: base, env })
  expect(await kb.add([join(dir, 'sources')])).toMatchObject({ added: [{ name: 'Walrus' }], failed: [] })
})

test('clean filters that attributes of the branch name are applied', async () => {
  const base = await make('notes.git')
  gitIn(base, ['config', 'filter.loud.clean', "tr 'a-z' 'A-Z'"])
  gitIn(dir, ['clone', '-q', base, 'clone'])
  writeFileSync(join(dir, 'clone/raw/.gitattributes'), '* -text merge=kbgit\n*.md filter=loud\n')
  gitIn(join(dir, 'clone'), ['commit', '-qam', 'Filter originals'])
  gitIn(join(dir, 'clone'), ['push', '-q'])
  await using kb = await openKb({ dir: base, env })
  await add(kb, write('Berlin', 'Walrus'))
  expect(gitIn(base, ['show', 'main:raw/Walrus.md'])).toContain('ACME CORPORATION')
  expect(gitIn(base, ['show', 'main:wiki/sources/Walrus.md'])).toContain('Acme Corporation')
})
