// The type of a benchmark, and its working folder.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Report } from './report.ts'
import { run, type Ran } from './run.ts'

export type Bench = { name: string; about: string; run: (place: Place) => Promise<Report> }

/** `command`: the path of kbgit's. */
export type Options = {
  command: string
  sample: boolean
  rounds: number | undefined
  folder: string | undefined
  copies: number
  /** How many small notes `bulk` adds, one number after the other. */
  documents?: number[] | undefined
  /** Documents of the largest base (flat-headless). */
  max?: number | undefined
}

/** A scratch folder for this run, and an environment in which none of the user's settings apply. */
export class Place {
  readonly dir: string
  readonly env: NodeJS.ProcessEnv
  readonly options: Options
  #bases = 0

  constructor(options: Options) {
    this.options = options
    mkdirSync(CACHE, { recursive: true })
    this.dir = mkdtempSync(join(CACHE, 'run-'))
    this.env = environment(this.dir)
  }

  /** In the sample, the sample's value. */
  size<T>(full: T, sample: T): T {
    return this.options.sample ? sample : full
  }

  rounds(full: number, sample = 1): number {
    return this.options.rounds ?? this.size(full, sample)
  }

  kbgitCommand(...args: string[]): string[] {
    return [process.execPath, this.options.command, ...args]
  }

  kbgit(
    base: string,
    args: string[],
    options: { watchMemory?: boolean; mayFail?: boolean; env?: NodeJS.ProcessEnv } = {},
  ): Promise<Ran> {
    const { env, ...how } = options
    return run(this.kbgitCommand('--kb', base, ...args), { cwd: this.dir, env: { ...this.env, ...env }, ...how })
  }

  git(dir: string, args: string[], input?: string): Promise<Ran> {
    return run(['git', ...args], { cwd: dir, env: this.env, input })
  }

  async newBase(): Promise<string> {
    const base = join(this.dir, `base-${++this.#bases}`)
    await run(this.kbgitCommand('init', base, '--no-hooks'), { cwd: this.dir, env: this.env })
    return base
  }

  [Symbol.dispose](): void {
    rmSync(this.dir, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** Where bases that take long to make are kept between runs. */
export const CACHE = join(tmpdir(), 'kbgit-bench')

function environment(home: string): NodeJS.ProcessEnv {
  const who = { NAME: 'Bench', EMAIL: 'bench@localhost' }
  return {
    PATH: process.env['PATH'],
    HOME: home,
    TMPDIR: tmpdir(),
    LC_ALL: 'C.UTF-8',
    GIT_CONFIG_NOSYSTEM: '1',
    NO_COLOR: '1',
    GIT_AUTHOR_NAME: who.NAME,
    GIT_AUTHOR_EMAIL: who.EMAIL,
    GIT_COMMITTER_NAME: who.NAME,
    GIT_COMMITTER_EMAIL: who.EMAIL,
  }
}
