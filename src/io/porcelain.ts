// What people do with git, through simple-git: making a repository. The only importer of simple-git.
import type { SimpleGit } from 'simple-git'
import { KbError } from '../core/errors.ts'

/**
 * simple-git in a folder. By itself it reports a command that failed silently, or was killed, as done: every exit that
 * is not 0 throws here.
 */
export async function porcelain(dir: string, env: NodeJS.ProcessEnv): Promise<SimpleGit> {
  const { simpleGit } = await import('simple-git')
  const passed = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && !/^(?:GIT_|.*EDITOR$|.*PAGER$|SSH_ASKPASS$)/.test(entry[0])),
  )
  return simpleGit({
    baseDir: dir,
    errors: (error, { exitCode, stdErr }) =>
      exitCode === 0 ? undefined : new KbError('gitFailed', `git failed (${exitCode}): ${Buffer.concat(stdErr).toString().trim()}`, { cause: error }),
  }).env(passed)
}
