// git-lfs as kbgit uses it: whether it is there, whether git calls it, and what `git lfs install` would set up.
import { join, resolve } from 'node:path'
import type { Git, Repository } from './git.ts'

/** `broken`: git finds the program, but it does not run. */
export type LfsState = 'ready' | 'absent' | 'broken'

/** The settings that `git lfs install` makes: git calls it for files whose attributes say so. */
export const LFS_FILTER = {
  'filter.lfs.clean': 'git-lfs clean -- %f',
  'filter.lfs.smudge': 'git-lfs smudge -- %f',
  'filter.lfs.process': 'git-lfs filter-process',
  'filter.lfs.required': 'true',
}

/** Passed to a git that must not start git-lfs. */
export const WITHOUT_LFS = ['clean', 'smudge', 'process']
  .map((key) => `filter.lfs.${key}=`)
  .concat('filter.lfs.required=false')
  .flatMap((setting) => ['-c', setting])

/** Starts git-lfs once. Never throws. */
export async function lfsState(git: Git): Promise<LfsState> {
  try {
    const { code, stdout, stderr } = await git.run(['lfs', 'version'], { ok: Array.from({ length: 256 }, (_, n) => n) })
    if (code === 0 && /^git-lfs\/\d/.test(stdout.toString())) return 'ready'
    return /is not a git command/.test(stderr) ? 'absent' : 'broken'
  } catch {
    return 'broken'
  }
}

/** Whether git puts the real bytes into the work tree when it checks a file out: any configuration file may say so. */
export async function smudgesLfs(git: Git): Promise<boolean> {
  const { stdout } = await git.run(['config', '--get-regexp', String.raw`^filter\.lfs\.(smudge|process)$`], {
    ok: [0, 1],
  })
  return stdout
    .toString()
    .split('\n')
    .some((line) => /^\S+ \S/.test(line))
}

/** `unused`: where objects of this worktree are that git-lfs no longer looks at, since `lfs.storage` was set later. */
export type LfsFolders = { objects: string; unused?: string }

/**
 * Folders of git-lfs's objects, as absolute paths. As git-lfs takes it, `lfs.storage` is relative to the common git directory, `~` has no meaning,
 * the last value counts, and an empty one is none.
 */
export async function lfsFolders({
  repository,
  git,
  driver,
}: {
  repository: Pick<Repository, 'commonDir'>
  git: Git
  driver?: 'git' | 'in-process' | undefined
}): Promise<LfsFolders> {
  const { commonDir } = repository
  const standard = join(commonDir, 'lfs', 'objects')
  const { scope, value } = driver === 'in-process' ? await readInProcess(repository) : await readStorage(git)
  const objects = value === '' ? standard : join(resolve(commonDir, value), 'objects')
  // With a setting per worktree, another one may use the standard folder.
  return objects === standard || scope === 'worktree' ? { objects } : { objects, unused: standard }
}

async function readStorage(git: Git): Promise<{ scope: string; value: string }> {
  const { stdout } = await git.run(['config', '-z', '--show-scope', '--get', 'lfs.storage'], { ok: [0, 1] })
  const [scope = '', value = ''] = stdout.toString().split('\0')
  return { scope, value }
}

/** The repository's own setting, without git. */
async function readInProcess(repository: Pick<Repository, 'commonDir'>): Promise<{ scope: string; value: string }> {
  const { configValues } = await import('../repository-in-process.ts')
  return { scope: 'local', value: (await configValues(repository, 'lfs.storage')).at(-1) ?? '' }
}
