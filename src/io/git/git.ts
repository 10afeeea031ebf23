// Runs the real git: the only module that starts it. Every exit code and signal is checked.
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Durability } from '../../core/config.ts'
import { KbError, systemCode } from '../../core/errors.ts'

/** A repository as seen from one linked worktree. All paths are absolute. */
export type Repository = {
  /** The git directory itself if the repository is bare. */
  workTree: string
  bare?: boolean
  /** Of this worktree: index and HEAD. */
  gitDir: string
  /** Shared by all worktrees: objects, refs, kbgit's sidecar. */
  commonDir: string
  /** Hex digits of an object id: 40 or 64. */
  oidLength: 40 | 64
}

export type GitResult = { code: number; stdout: Buffer; stderr: string }

export type GitRunOptions = {
  input?: string | Uint8Array | undefined
  /** Exit codes that are answers, not failures. Default: 0 only. */
  ok?: number[]
  env?: Record<string, string>
  signal?: AbortSignal | undefined
}

/**
 * Variables that git exports for its own repository: inherited from a hook, they would redirect our calls (git
 * rev-parse --local-env-vars).
 */
const LOCAL_ENVIRONMENT = [
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_CONFIG',
  'GIT_CONFIG_COUNT',
  'GIT_CONFIG_PARAMETERS',
  'GIT_DIR',
  'GIT_GRAFT_FILE',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_INTERNAL_SUPER_PREFIX',
  'GIT_NAMESPACE',
  'GIT_NO_REPLACE_OBJECTS',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_QUARANTINE_PATH',
  'GIT_REPLACE_REF_BASE',
  'GIT_SHALLOW_FILE',
  'GIT_WORK_TREE',
  // Not local, but incompatible with literal pathspecs.
  'GIT_GLOB_PATHSPECS',
  'GIT_ICASE_PATHSPECS',
  'GIT_NOGLOB_PATHSPECS',
]

/** Configuration that a repository must not override: no hooks, no monitor, no garbage collection while we work. */
const PINS = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.quotePath=false',
  'core.bigFileThreshold=16m',
  'gc.auto=0',
  'maintenance.auto=false',
  'advice.graftFileDeprecated=false',
  // kbgit runs in a bare repository only if it was named, or if the user's git would: see `operations/base/find.ts`.
  'safe.bareRepository=all',
  // Milliseconds that git itself waits for a ref that another git has locked, instead of 100.
  'core.filesRefLockTimeout=2000',
]

/**
 * For every git that compares trees or files. Without it git reads the submodules that `.gitmodules` lists, and dies of
 * settings there that it refuses to follow. Changed submodules are listed with it, too.
 */
export const IGNORE_GITMODULES = '--ignore-submodules=dirty'

export class Git {
  readonly #cwd: string
  readonly #prefix: string[]
  readonly #env: NodeJS.ProcessEnv

  /**
   * `cwd` is where git runs. `durability: power` makes git fsync everything it writes. `gitDir`: of a bare repository, for
   * which git takes `cwd` for the work tree.
   */
  constructor(cwd: string, environment: NodeJS.ProcessEnv, durability: Durability = 'process', gitDir?: string) {
    this.#cwd = cwd
    const fsync = durability === 'power' ? ['core.fsync=all', 'core.fsyncMethod=fsync'] : ['core.fsync=none']
    const dressed = gitDir === undefined ? [] : ['core.bare=false']
    this.#prefix = [...PINS, ...fsync, ...dressed].flatMap((pin) => ['-c', pin])
    this.#env = { ...environment }
    for (const name of LOCAL_ENVIRONMENT) delete this.#env[name]
    Object.assign(this.#env, {
      GIT_OPTIONAL_LOCKS: '0',
      GIT_LITERAL_PATHSPECS: '1',
      GIT_TERMINAL_PROMPT: '0',
      LC_ALL: 'C',
      KBGIT_IN_HOOK: '1',
      ...(gitDir === undefined ? {} : { GIT_DIR: gitDir, GIT_WORK_TREE: cwd }),
    })
  }

  /** Runs git to completion. Throws `KbError` (`gitFailed`) for an exit code not in `ok` and for death by a signal. */
  async run(args: string[], options: GitRunOptions = {}): Promise<GitResult> {
    const child = this.start(args, options)
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    // git may exit without reading all of its input: its exit code decides, not the broken pipe.
    child.stdin.on('error', () => {})
    child.stdin.end(options.input ?? '')
    const { code, signal } = await ended(child)
    const errorText = Buffer.concat(stderr).toString()
    if (signal !== null || code === null) {
      throw new KbError('gitFailed', `git ${args[0]} was killed by ${signal ?? 'an unknown cause'}.`)
    }
    if (!(options.ok ?? [0]).includes(code)) {
      throw new KbError('gitFailed', `git ${args[0]} failed (${code}): ${errorText.trim() || 'no error output'}`)
    }
    return { code, stdout: Buffer.concat(stdout), stderr: errorText }
  }

  /** git's output without the final line break. */
  async text(args: string[], options: GitRunOptions = {}): Promise<string> {
    return (await this.run(args, options)).stdout.toString().replace(/\n$/, '')
  }

  /** A long-running git, e.g. `cat-file --batch` or `fast-import`. The caller checks its exit through `ended`. */
  start(args: string[], options: Pick<GitRunOptions, 'env' | 'signal'> = {}): ChildProcessWithoutNullStreams {
    const child = this.#spawn(args, options)
    // Out of file descriptors, Node returns a child without streams and reports the error later.
    if ((child as Partial<ChildProcessWithoutNullStreams>).stdin != null) return child
    child.once('error', () => {})
    throw exhausted(new Error('no file descriptors are left'))
  }

  #spawn(args: string[], options: Pick<GitRunOptions, 'env' | 'signal'>): ChildProcessWithoutNullStreams {
    const child = spawn('git', [...this.#prefix, ...args], {
      cwd: this.#cwd,
      env: options.env === undefined ? this.#env : { ...this.#env, ...options.env },
      stdio: 'pipe',
      // Its own process group: kbgit handles an interrupt from the terminal; git must not die of it in mid-write.
      detached: true,
      signal: options.signal,
    })
    folders.set(child, this.#cwd)
    return child
  }
}

export function gitMissing(message: string, cause?: unknown): KbError {
  return new KbError('gitMissing', message, {
    hint: 'Install git 2.31 or newer and make sure that it is on the PATH.',
    cause,
  })
}

/** Throws `KbError` (`gitMissing`) for a base that was opened without git: it can be read, not written. */
export function requireGit(base: { gitMissing?: boolean | undefined }): void {
  if (base.gitMissing === true) throw gitMissing('git was not found, and without it a base can only be read.')
}

/** Where each git was started: a missing folder and a missing program cause the same error. */
const folders = new WeakMap<object, string>()

/** The system cannot start another process: not the fault of git or of a document. */
const EXHAUSTED = new Set(['EMFILE', 'ENFILE', 'EAGAIN', 'ENOMEM'])

function exhausted(cause: Error): KbError {
  return new KbError('storage', `git could not be started: ${cause.message}.`, {
    hint: 'Raise the limit of open files (ulimit -n) or close other programs, then run the command again.',
    cause,
  })
}

/** How a process ended. Throws `KbError` if it could not be started. */
export function ended(
  child: ChildProcessWithoutNullStreams,
): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolveEnd, reject) => {
    child.once('error', (cause) => {
      const folder = folders.get(child)
      if (systemCode(cause) === 'ENOENT' && folder !== undefined && !existsSync(folder)) {
        reject(new KbError('gitFailed', `git could not be started in ${folder}: the folder is gone.`, { cause }))
      } else if (systemCode(cause) === 'ENOENT') {
        reject(gitMissing('git was not found.', cause))
      } else if (EXHAUSTED.has(systemCode(cause) ?? '')) reject(exhausted(cause))
      else reject(new KbError('gitFailed', `git could not be started: ${cause.message}`, { cause }))
    })
    child.once('close', (code, signal) => resolveEnd({ code, signal }))
  })
}

/** The repository around `dir`, or undefined if there is none. Throws for a bare one, and if git refuses to read it. */
export async function discoverRepository(dir: string, environment: NodeJS.ProcessEnv): Promise<Repository | undefined> {
  const git = new Git(dir, environment)
  const found = await git.run(
    ['rev-parse', '--show-object-format', '--absolute-git-dir', '--git-common-dir', '--show-toplevel'],
    { ok: [0, 128] },
  )
  if (found.code === 128) {
    if (/not a git repository/i.test(found.stderr)) return undefined
    if (/must be run in a work tree/i.test(found.stderr)) {
      throw new KbError(
        'repositoryBusy',
        `${dir} is in a bare repository or inside a git directory: there is no work tree.`,
        {
          hint: 'Make a headless base of it with "kbgit init --bare", or clone it and run kbgit in the clone.',
        },
      )
    }
    throw new KbError('repositoryBusy', `git refuses to use this repository: ${found.stderr.trim()}`)
  }
  const [format, gitDir = '', commonDir = '', workTree = ''] = found.stdout.toString().split('\n')
  return { workTree, gitDir, commonDir: resolve(dir, commonDir), oidLength: format === 'sha256' ? 64 : 40 }
}

/** The records of a git command with `-z`, as many at a time as have arrived. */
export async function* nulSeparated(chunks: AsyncIterable<Buffer>): AsyncGenerator<string[]> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of chunks) {
    const whole: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const end = whole.lastIndexOf(0)
    if (end !== -1) yield whole.toString('utf8', 0, end).split('\0')
    rest = whole.subarray(end + 1)
  }
  // git ends its last record with a NUL for most commands, but not for `log -z`.
  if (rest.length > 0) yield [rest.toString()]
}
