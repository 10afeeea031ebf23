// What is cut off: real commands on a prepared base.
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execute, git, type Ended } from './execute.ts'
import { writeDocuments, type Documents } from './documents.ts'
import type { Command } from './product.ts'
import { livingWorkloads } from './living-workloads.ts'
import type { Scratch } from './scratch.ts'
import { Kinds } from './shorten.ts'
import { commitUserFiles, makeUserWork } from './user-work.ts'

export type Tree = 'clean' | 'dirty'

export type Workload = {
  name: string
  /** Arguments of kbgit. */
  argv: string[]
  /** Where one document may fail while the others go on: what does all but that one, for each. */
  lacking?: string[][]
  /** The words that run instead of kbgit, where it is not called by a person. Default: kbgit with `argv`. */
  program?: string[]
  /** A folder that holds the state to begin from, by what the user has in it. It is copied for each run. */
  from: Partial<Record<Tree, string>>
  /** The folder is no base yet. */
  unborn?: boolean
  /** Once it is done it cannot be done again: what it removes is gone. */
  once?: boolean
  /** Waits for what goes on in the background, and does what a person must do where a git of theirs died. */
  settle?: (dir: string) => Promise<void>
  /** Lines of `git status` that may be there or not, on the way to the end. */
  passing?: RegExp
  /** Sentences about what is wrong with this workload's own files. */
  check?: (dir: string) => Promise<string[]>
}

/** What every run of the harness needs, made once. */
export class Bench {
  readonly scratch: Scratch
  readonly command: Command
  readonly documents: Documents
  readonly kinds = new Kinds()
  #copies = 0

  constructor(scratch: Scratch, command: Command) {
    this.scratch = scratch
    this.command = command
    this.documents = writeDocuments(scratch.path('documents'))
  }

  words({ program, argv }: Workload): string[] {
    return program ?? [...this.command, ...argv]
  }

  begin({ name, from }: Workload, tree: Tree): string {
    const dir = from[tree]
    if (dir === undefined) throw new Error(`${name} has no ${tree} tree`)
    return dir
  }

  /** Runs kbgit without a fault. `ids` names the run: two runs on one base never share it. */
  async kbgit(dir: string, argv: string[], ids = 'prepare'): Promise<Ended> {
    return execute([...this.command, ...argv], { cwd: dir, env: this.scratch.environment({ KBGIT_IDS: ids }) })
  }

  /** As `kbgit`; throws where it fails. */
  async done(dir: string, argv: string[], ids?: string): Promise<Ended> {
    const ended = await this.kbgit(dir, argv, ids)
    if (ended.code !== 0)
      throw new Error(`kbgit ${argv.join(' ')}: ${ended.code ?? ended.signal} ${ended.stderr}${ended.stdout}`)
    return ended
  }

  /** A copy of a prepared state under `parent`, inodes and all times but ctime as they were. */
  async copy(from: string, parent = this.scratch.path('runs')): Promise<string> {
    const dir = join(parent, `run-${++this.#copies}`)
    await this.copyTo(from, dir)
    return dir
  }

  async copyTo(from: string, dir: string): Promise<void> {
    const copied = await execute(['cp', '-a', from, dir], { cwd: this.scratch.dir, env: this.scratch.environment() })
    if (copied.code !== 0) throw new Error(`cp: ${copied.stderr}`)
  }

  async makeFolder(name: string): Promise<string> {
    const dir = this.scratch.path(name)
    await execute(['git', 'init', '-q', '-b', 'main', dir], { cwd: this.scratch.dir, env: this.scratch.environment() })
    return dir
  }
}

/** A base with two documents and the user's own files, and the same with the user's work in it. */
export async function prepareBases(bench: Bench, name = 'base'): Promise<Record<Tree, string>> {
  const env = bench.scratch.environment()
  const clean = await bench.makeFolder(`${name}-clean`)
  await bench.done(clean, ['init', '--no-hooks'])
  await commitUserFiles(clean, env)
  await bench.done(clean, ['add', bench.documents.first, bench.documents.second], 'prepare-add')
  const dirty = bench.scratch.path(`${name}-dirty`)
  await execute(['cp', '-a', clean, dirty], { cwd: bench.scratch.dir, env })
  await makeUserWork(dirty, env)
  return { clean, dirty }
}

/** A repository that is no base yet, without and with the user's work. */
async function prepareForeign(bench: Bench): Promise<Record<Tree, string>> {
  const env = bench.scratch.environment()
  const clean = await bench.makeFolder('foreign-clean')
  await commitUserFiles(clean, env)
  const dirty = bench.scratch.path('foreign-dirty')
  await execute(['cp', '-a', clean, dirty], { cwd: bench.scratch.dir, env })
  writeFileSync(join(dirty, 'notes/tracked.md'), 'one\ntwo\n')
  await git(dirty, env, 'add', 'notes/tracked.md')
  writeFileSync(join(dirty, 'notes/untracked.txt'), 'nobody knows me\n')
  writeFileSync(join(dirty, 'notes/ignored.log'), 'ignored\n')
  return { clean, dirty }
}

export async function mutatingWorkloads(bench: Bench): Promise<Workload[]> {
  const from = await prepareBases(bench)
  const { short, long, first, changed, batch } = bench.documents
  const updated = {
    clean: await bench.copy(from.clean, bench.scratch.dir),
    dirty: await bench.copy(from.dirty, bench.scratch.dir),
  }
  // The file is changed once for all: every other workload leaves it alone.
  writeFileSync(first, changed)
  return [
    { name: 'add short', argv: ['add', short], from },
    { name: 'add long', argv: ['add', long], from },
    { name: 'update', argv: ['add', first], from: updated },
    {
      name: 'add batch',
      argv: ['add', batch],
      lacking: readdirSync(batch).map((name) => ['add', batch, '--exclude', name]),
      from,
    },
    { name: 'remove', argv: ['remove', '-y', 'second'], from, once: true },
    { name: 'init', argv: ['init', '--no-hooks'], from: await prepareForeign(bench), unborn: true },
    { name: 'hooks install', argv: ['hooks', 'install'], from },
    ...(await livingWorkloads(bench, from)),
  ]
}
