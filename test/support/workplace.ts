// A folder in which the real command is run as a person would run it: a home folder, a base, documents next to it.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { GIT_IDENTITY } from './git-identity.ts'
import { inPipes, type Ended, type Place } from './command.ts'

export class Workplace implements Disposable {
  /** Everything in the test: the base, documents, the home folder. */
  readonly dir: string
  /** The working directory of commands unless specified otherwise. */
  base: string
  readonly env: Record<string, string>

  constructor(base = 'base') {
    this.dir = realpathSync(mkdtempSync(join(tmpdir(), 'kbgit-e2e-')))
    this.base = join(this.dir, base)
    mkdirSync(this.base, { recursive: true })
    mkdirSync(join(this.dir, 'home'))
    this.env = { ...GIT_IDENTITY, HOME: join(this.dir, 'home') }
  }

  /** A base, made by the command. */
  static async withBase(base?: string): Promise<Workplace> {
    const place = new Workplace(base)
    const made = await place.kbgit('init', '--no-hooks')
    if (made.code !== 0) throw new Error(made.stderr)
    return place
  }

  kbgit(...argv: string[]): Promise<Ended> {
    return this.kbgitIn({}, ...argv)
  }

  kbgitIn({ env, ...place }: Place & { input?: string | undefined }, ...argv: string[]): Promise<Ended> {
    return inPipes(argv, { cwd: this.base, ...place, env: { ...this.env, ...env } })
  }

  /** Runs with `--json`; returns the exit code and the JSON document on stdout. */
  async json<T = Record<string, unknown>>(...argv: string[]): Promise<{ code: number | null; value: T }> {
    const { code, stdout } = await this.kbgit('--json', ...argv)
    return { code, value: JSON.parse(stdout) as T }
  }

  /** Runs git in the base and returns its output without the last line end. Throws if it fails. */
  git(...args: string[]): string {
    return this.gitIn(this.base, ...args)
  }

  gitIn(cwd: string, ...args: string[]): string {
    const ran = spawnSync('git', args, { cwd, env: { PATH: process.env['PATH'], ...this.env } })
    if (ran.status !== 0) throw new Error(`git ${args.join(' ')}: ${ran.stderr.toString()}`)
    return ran.stdout.toString().replace(/\n$/, '')
  }

  /** Writes a file, by its path from `dir`, and returns its absolute path. */
  write(path: string, content: string | Uint8Array): string {
    const file = join(this.dir, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
    return file
  }

  /** A file of the base. */
  read(path: string): string {
    return readFileSync(join(this.base, path), 'utf8')
  }

  [Symbol.dispose](): void {
    rmSync(this.dir, { recursive: true, force: true })
  }
}

/**
 * From path to kind, permissions and content of everything below a folder except `.git`: what a user would see as
 * changed.
 */
export function contentOf(folder: string, at = ''): Record<string, string> {
  const found: Record<string, string> = {}
  for (const name of readdirSync(join(folder, at)).sort()) {
    if (name === '.git') continue
    const path = at === '' ? name : `${at}/${name}`
    const stat = lstatSync(join(folder, path))
    const mode = (stat.mode & 0o777).toString(8)
    if (stat.isDirectory()) Object.assign(found, contentOf(folder, path))
    else if (stat.isSymbolicLink()) found[path] = `link ${readlinkSync(join(folder, path))}`
    else if (!stat.isFile()) found[path] = `special ${mode}`
    else
      found[path] = `${mode} ${createHash('sha256')
        .update(readFileSync(join(folder, path)))
        .digest('hex')}`
  }
  return found
}
