// Porcelain commands through simple-git: creating a repository, and talking to remotes. The only importer of simple-git.
import type { SimpleGit, SimpleGitProgressEvent } from 'simple-git'
import type { Durability } from '../core/config.ts'
import { KbError, messageOf } from '../core/errors.ts'

/** Variables that git init may need. simple-git refuses to start if it is given certain others, PREFIX among them. */
const PASSED =
  /^(?:PATH|HOME|XDG_CONFIG_HOME|USER|LOGNAME|LANG|LC_\w+|TMPDIR|LD_LIBRARY_PATH|DYLD_LIBRARY_PATH|TEMP|TMP|SYSTEMROOT|USERPROFILE|APPDATA|HOMEDRIVE|HOMEPATH)$/i

/** What git needs to reach a remote as the user does: agents, proxies, and git's own settings for transport. */
const PASSED_TO_REMOTES =
  /^(?:SSH_\w+|(?:https?|all|no)_proxy|DISPLAY|WAYLAND_DISPLAY|DBUS_SESSION_BUS_ADDRESS|XDG_RUNTIME_DIR|GIT_(?:SSH|SSH_COMMAND|SSH_VARIANT|ASKPASS|PROXY_COMMAND|SSL_\w+|HTTP_\w+|CONFIG_GLOBAL|CONFIG_SYSTEM|CONFIG_NOSYSTEM|TERMINAL_PROMPT|ALLOW_PROTOCOL|LFS_\w+))$/i

type Opened = { git: SimpleGit; stderr: () => string }

/**
 * By default simple-git treats a command that failed silently or was killed as successful: here every exit code other
 * than 0 is an error.
 */
async function open(
  dir: string,
  env: NodeJS.ProcessEnv,
  options: {
    passed?: RegExp
    config?: string[]
    onProgress?: ((event: SimpleGitProgressEvent) => void) | undefined
    signal?: AbortSignal | undefined
  } = {},
): Promise<Opened> {
  const { simpleGit } = await import('simple-git')
  const passed = Object.entries(env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && (PASSED.test(entry[0]) || options.passed?.test(entry[0]) === true),
  )
  let stderr = ''
  const git = simpleGit({
    baseDir: dir,
    config: options.config ?? [],
    ...(options.onProgress === undefined ? {} : { progress: options.onProgress }),
    ...(options.signal === undefined ? {} : { abort: options.signal }),
    // The user's own settings, not values from a file.
    allowEnvironment: passed.map(([name]) => name),
    unsafe: {
      allowUnsafeSshCommand: true,
      allowUnsafeAskPass: true,
      allowUnsafeGitProxy: true,
      allowUnsafeConfigPaths: true,
      allowUnsafeProtocolOverride: true,
    },
    errors: (error, { exitCode, stdErr }) => {
      stderr = Buffer.concat(stdErr)
        .toString()
        .replace(/^hint:.*\n/gm, '')
        .trim()
      return exitCode === 0 ? undefined : (error ?? new Error(`git ended with ${exitCode}`))
    },
  }).env(Object.fromEntries(passed))
  return { git, stderr: () => stderr }
}

/** `git init` in a folder. `branch`: the first one. Throws `KbError` (`gitFailed`). */
export async function gitInit(
  dir: string,
  env: NodeJS.ProcessEnv,
  { bare = false, branch }: { bare?: boolean; branch?: string | undefined } = {},
): Promise<void> {
  const { git, stderr } = await open(dir, env)
  try {
    await git.init(bare, branch === undefined ? [] : [`--initial-branch=${branch}`])
  } catch (cause) {
    throw new KbError('gitFailed', `git init failed in ${dir}: ${stderr() || messageOf(cause)}`, { cause })
  }
}

export type RemoteOptions = {
  dir: string
  env: NodeJS.ProcessEnv
  remote: string
  durability: Durability
  /** Percent of a stage such as `receiving` or `writing`. */
  onProgress?: ((stage: string, percent: number) => void) | undefined
  signal?: AbortSignal | undefined
}

/**
 * Fetches all branches of a remote. `tracking`: into `refs/remotes/<remote>/`, whatever the configuration says, which in a
 * bare repository says nothing, or that the remote's branches replace the ones here. Throws `KbError` (`gitFailed`) with
 * what git says.
 */
export async function gitFetch({
  tracking = false,
  ...options
}: RemoteOptions & { tracking?: boolean }): Promise<void> {
  const { remote } = options
  const from = tracking ? ['--refmap=', remote, `+refs/heads/*:refs/remotes/${remote}/*`] : [remote]
  await withRemote(
    'fetch',
    options,
    async (git) => void (await git.fetch(['--no-tags', '--no-recurse-submodules', ...from])),
  )
}

/**
 * Pushes a revision to a branch. False if the remote has commits that are not here. Throws `KbError`
 * (`gitFailed`) for any other refusal.
 */
export async function gitPush(options: RemoteOptions & { from: string; branch: string }): Promise<boolean> {
  const { remote, from, branch } = options
  return withRemote('push', options, async (git) => {
    try {
      await git.push(remote, `${from}:${branch}`)
      return true
    } catch (error) {
      if (BEHIND.test(messageOf(error))) return false
      throw error
    }
  })
}

/** How git says that the branch at the remote has moved, before the push or in the middle of it. */
const BEHIND = /\[(?:remote )?rejected\] \((?:fetch first|non-fast-forward|failed to update ref|cannot lock ref)/

/** What comes is kept in packs: two files to make durable instead of one for each object. */
const PACKS = ['fetch.unpackLimit=1', 'gc.auto=0', 'maintenance.auto=false']

async function withRemote<T>(
  what: string,
  { dir, env, remote, durability, onProgress, signal }: RemoteOptions,
  action: (git: SimpleGit) => Promise<T>,
): Promise<T> {
  const progress =
    onProgress === undefined ? undefined : (event: SimpleGitProgressEvent) => onProgress(event.stage, event.progress)
  const { git, stderr } = await open(dir, env, {
    passed: PASSED_TO_REMOTES,
    config: durability === 'power' ? [...PACKS, 'core.fsync=all', 'core.fsyncMethod=fsync'] : PACKS,
    onProgress: progress,
    signal,
  })
  try {
    return await action(git)
  } catch (cause) {
    if (signal?.aborted === true) throw new KbError('interrupted', `git ${what} was interrupted.`, { cause })
    throw new KbError('gitFailed', `git ${what} ${remote} failed: ${lastLines(stderr()) || messageOf(cause)}`, {
      hint: 'Commits that were made here stay. Check the address with "git remote -v" and whether you may write there.',
      cause,
    })
  }
}

/** Progress, which git prints on the same stream, and what it says after each refusal of a remote. */
const NOISE =
  /^(?:remote: )?(?:Counting|Compressing|Writing|Enumerating|Receiving|Resolving|Total|Delta)\b|^Pushing to |^(?:fatal: Could not read from remote repository\.|Please make sure you have the correct access rights|and the repository exists\.)$/

function lastLines(stderr: string): string {
  return stderr
    .split(/[\r\n]+/)
    .filter((line) => !NOISE.test(line))
    .map((line) => line.replace(/^(?:fatal|error): /, '').trimEnd())
    .slice(-6)
    .join('\n')
    .trim()
}
