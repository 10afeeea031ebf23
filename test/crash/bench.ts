// One command on one prepared base, and what every run of the harness needs.
import { join } from 'node:path'
import { writeDocuments, type Documents } from './documents.ts'
import { execute, type Ended } from './execute.ts'
import type { Command } from './product.ts'
import type { Scratch } from './scratch.ts'
import { Kinds } from './shorten.ts'

export type Tree = 'clean' | 'dirty'

export type Workload = {
  name: string
  /** Arguments of kbgit. */
  argv: string[]
  /** If documents may fail while the others continue: the input without them, for each of them and each combination. */
  lacking?: string[][]
  /** The words to run instead of kbgit, if it is not called by a person. Default: kbgit with `argv`. */
  program?: string[]
  /** Folders with the initial state, without and with the user's work. A copy is made for each run. */
  from: Partial<Record<Tree, string>>
  /** The base's folder in the copied one, where the command runs. Default: the copied folder itself. */
  folder?: string
  /** Fixes what names the copied folder by its absolute path. */
  moved?: (dir: string) => void
  /** The folder is not a base yet. */
  unborn?: boolean
  /** It cannot be repeated: what it removes is gone. */
  once?: boolean
  /** It replaces the history: it passes through no tree but the last. */
  rewrites?: boolean
  /** Waits for background work, and does what a person must do after a git of theirs died. */
  finish?: (dir: string) => Promise<void>
  /** Lines of `git status` that may appear or not before the end. */
  passing?: RegExp
  /** Sentences about what is wrong with this workload's own files. */
  check?: (dir: string) => Promise<string[]>
}

/** What every run of the harness needs, created once. */
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

  /** Copies the state to begin from to `dir`. */
  async begin({ name, from, moved }: Workload, tree: Tree, dir: string): Promise<void> {
    const state = from[tree]
    if (state === undefined) throw new Error(`${name} has no ${tree} tree`)
    await this.copyTo(state, dir)
    moved?.(dir)
  }

  /** Runs kbgit without a fault. `ids` names the run: two runs on one base never share it. */
  async kbgit(dir: string, argv: string[], ids = 'prepare'): Promise<Ended> {
    return execute([...this.command, ...argv], { cwd: dir, env: this.scratch.environment({ KBGIT_IDS: ids }) })
  }

  /** Like `kbgit`, but throws if it fails. */
  async done(dir: string, argv: string[], ids?: string): Promise<Ended> {
    const ended = await this.kbgit(dir, argv, ids)
    if (ended.code !== 0)
      throw new Error(`kbgit ${argv.join(' ')}: ${ended.code ?? ended.signal} ${ended.stderr}${ended.stdout}`)
    return ended
  }

  /** A copy of a prepared state under `parent`, with inodes and all times except ctime unchanged. */
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
