// Porcelain commands through simple-git: creating a repository. The only importer of simple-git.
import { KbError, messageOf } from '../core/errors.ts'

/** Variables that git init may need. simple-git refuses to start if it is given certain others, PREFIX among them. */
const PASSED =
  /^(?:PATH|HOME|XDG_CONFIG_HOME|USER|LOGNAME|LANG|LC_\w+|TMPDIR|LD_LIBRARY_PATH|DYLD_LIBRARY_PATH|TEMP|TMP|SYSTEMROOT|USERPROFILE|APPDATA|HOMEDRIVE|HOMEPATH)$/i

/**
 * `git init` in a folder. By default simple-git treats a command that failed silently or was killed as successful: here
 * every exit code other than 0 throws `KbError` (`gitFailed`).
 */
export async function gitInit(dir: string, env: NodeJS.ProcessEnv): Promise<void> {
  const { simpleGit } = await import('simple-git')
  const passed = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && PASSED.test(entry[0])),
  )
  let stderr = ''
  const git = simpleGit({
    baseDir: dir,
    errors: (error, { exitCode, stdErr }) => {
      stderr = Buffer.concat(stdErr)
        .toString()
        .replace(/^hint:.*\n/gm, '')
        .trim()
      return exitCode === 0 ? undefined : (error ?? new Error(`git ended with ${exitCode}`))
    },
  }).env(passed)
  try {
    await git.init()
  } catch (cause) {
    throw new KbError('gitFailed', `git init failed in ${dir}: ${stderr || messageOf(cause)}`, { cause })
  }
}
