// Commands in repositories of other shapes: in a linked worktree, beside one whose last command died, in a submodule.
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench, Workload } from './bench.ts'
import { cutOff } from './cut-off.ts'
import { execute, git } from './execute.ts'

/** The main work tree and the linked one next to it. */
const MAIN = 'main'
const LINKED = 'linked'
const SUBMODULE = 'kb'

/** `clean` is a base with two documents, one of them called `second`. */
export async function shapedWorkloads(bench: Bench, clean: string): Promise<Workload[]> {
  const linked = await prepareLinked(bench, clean)
  const { short, batch } = bench.documents
  const inLinked = { folder: LINKED, moved: linkAgain }
  const dead: Workload = { name: 'dead in the linked one', argv: ['add', batch], from: { clean: linked }, ...inLinked }
  const died = await cutOff(bench, dead, 'clean', 'after')
  const gone = bench.scratch.path('linked-gone')
  await bench.copyTo(died, gone)
  rmSync(join(gone, LINKED), { recursive: true })
  return [
    { name: 'add in a linked worktree', argv: ['add', short], from: { clean: linked }, ...inLinked },
    {
      name: 'recover a linked worktree',
      argv: ['recover'],
      from: { clean: died },
      folder: MAIN,
      moved: linkAgain,
      check: (dir) => checkLinked(bench, join(dir, '..', LINKED)),
    },
    { name: 'recover, linked worktree removed', argv: ['recover'], from: { clean: gone }, folder: MAIN },
    {
      name: 'add in a submodule',
      argv: ['add', short],
      from: { clean: await prepareSubmodule(bench, clean) },
      folder: SUBMODULE,
    },
    {
      name: 'remove with overviews',
      argv: ['remove', '-y', 'second'],
      from: { clean: await prepareOverviews(bench, clean) },
      once: true,
    },
    await preparePrune(bench, clean),
    await prepareSync(bench, clean),
    { name: 'purge', argv: ['purge', '-y', 'second'], from: { clean }, once: true, rewrites: true },
  ]
}

async function prepareLinked(bench: Bench, clean: string): Promise<string> {
  const dir = bench.scratch.path('with-linked')
  mkdirSync(dir)
  await bench.copyTo(clean, join(dir, MAIN))
  await git(join(dir, MAIN), bench.scratch.environment(), 'worktree', 'add', '-q', '-b', 'side', `../${LINKED}`)
  return dir
}

/** git names the two folders to each other by their absolute paths. */
function linkAgain(dir: string): void {
  const admin = join(dir, MAIN, '.git/worktrees', LINKED)
  writeFileSync(join(admin, 'gitdir'), `${join(dir, LINKED, '.git')}\n`)
  writeFileSync(join(dir, LINKED, '.git'), `gitdir: ${admin}\n`)
}

/** Recovery from the main work tree finishes what died in the linked one: before it does, files are behind HEAD. */
async function checkLinked(bench: Bench, dir: string): Promise<string[]> {
  const env = bench.scratch.environment()
  const status = await git(dir, env, 'status', '--porcelain')
  const documents = await git(dir, env, 'ls-files', 'documents')
  const wrong = status === '' ? [] : [`git status of the linked worktree says:\n${status}`]
  return documents.includes('Walrus') ? wrong : [...wrong, `the linked worktree lacks a document:\n${documents}`]
}

/** A folder of two documents that are in, one of which is gone on disk, while another is new. */
async function preparePrune(bench: Bench, clean: string): Promise<Workload> {
  const folder = bench.scratch.path('prunable')
  mkdirSync(folder)
  const write = (name: string): void =>
    writeFileSync(join(folder, `${name}.md`), `# ${name}\n\nThe ${name} Engine is a machine of the harbour.\n`)
  for (const name of ['Gone', 'Kept']) write(name)
  const dir = await bench.copy(clean, bench.scratch.dir)
  await bench.done(dir, ['add', folder], 'prepare-prune')
  rmSync(join(folder, 'Gone.md'))
  write('New')
  return {
    name: 'add --prune',
    argv: ['add', '--prune', '-y', folder],
    from: { clean: dir },
    lacking: [['add', folder]],
  }
}

/** A clone and its remote, which both have a document that the other lacks. Faults are in the clone alone. */
async function prepareSync(bench: Bench, clean: string): Promise<Workload> {
  const env = bench.scratch.environment()
  const [remote, other] = [bench.scratch.path('remote.git'), bench.scratch.path('sync-other')]
  await git(bench.scratch.dir, env, 'clone', '-q', '--bare', clean, remote)
  await git(bench.scratch.dir, env, 'clone', '-q', remote, other)
  await bench.done(other, ['add', bench.documents.mail], 'prepare-sync-other')
  await git(other, env, 'push', '-q', 'origin', 'HEAD')
  const mine = await bench.copy(clean, bench.scratch.dir)
  await bench.done(mine, ['add', bench.documents.short], 'prepare-sync')
  await git(mine, env, 'remote', 'add', 'origin', remote)
  return {
    name: 'sync',
    argv: ['sync'],
    from: { clean: mine },
    moved: (dir) => {
      rmSync(`${dir}.git`, { recursive: true, force: true })
      cpSync(remote, `${dir}.git`, { recursive: true })
      const config = join(dir, '.git/config')
      writeFileSync(config, readFileSync(config, 'utf8').replaceAll(remote, `${dir}.git`))
    },
    // Only the next fetch may remove what a killed one left: it is the user's git that would be in the way.
    finish: async (dir) => {
      for (const lock of globSync(join(dir, '.git/refs/remotes/**/*.lock'))) rmSync(lock)
    },
  }
}

async function prepareSubmodule(bench: Bench, clean: string): Promise<string> {
  const env = bench.scratch.environment()
  const dir = await bench.makeFolder('superproject')
  await git(dir, env, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', '--', clean, SUBMODULE)
  await git(dir, env, 'commit', '-q', '-m', 'Add the base')
  return dir
}

/** Three documents on the same topics: the overview of a page counts the one that is removed, and the page stays. */
async function prepareOverviews(bench: Bench, clean: string): Promise<string> {
  const dir = bench.scratch.path('overviews')
  await bench.copyTo(clean, dir)
  await bench.done(dir, ['add', bench.documents.short], 'prepare-overviews')
  const pages = await execute(['git', 'grep', '-l', 'documents on this page', '--', 'wiki/entities', 'wiki/concepts'], {
    cwd: dir,
    env: bench.scratch.environment(),
  })
  if (pages.stdout === '') throw new Error('no overview counts the document that is to be removed')
  return dir
}
