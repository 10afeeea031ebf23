// Where git looks for a repository's hooks, and whether kbgit may write them there.
import { readFile, realpath } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { toByteString } from '../../core/document/source-path.ts'
import {
  hookCommand,
  installedCommand,
  isShellScript,
  portableHookCommand,
  shellWord,
  type HookName,
} from '../../core/hook-script.ts'
import { lstatIfThere } from '../durable-fs.ts'
import { sidecarOf, sidecarPath } from '../sidecar/paths.ts'
import type { Git, Repository } from './git.ts'
import { isWithin } from '../../core/platform.ts'

/** Where git looks for hooks. `own`: in the repository; `worktree`: among its files; `shared`: outside of it. */
export type HookPlace = {
  folder: string
  kind: 'own' | 'worktree' | 'shared' | 'off'
  /** The command to write into a hook's block in this folder. */
  command: (hook: HookName) => string
}

/** Without `git`, `core.hooksPath` is read from the repository's own configuration only. */
export async function findPlace(git: Git | undefined, repository: Repository): Promise<HookPlace> {
  const own = join(repository.commonDir, 'hooks')
  const configured = await (git === undefined ? folderInConfig(repository) : configuredFolder(git))
  const folder = configured === undefined ? own : resolve(repository.workTree, configured)
  const real = await realpath(folder).catch(() => folder)
  const common = await realpath(repository.commonDir)
  const runner = shellWord(toByteString(sidecarPath({ sidecarDir: sidecarOf({ commonDir: common }) }, 'hooks', 'run')))
  const stat = lstatIfThere(real)
  if (stat !== undefined && !stat.isDirectory()) return { folder, kind: 'off', command: portableHookCommand }
  // Relative to the hook, the sidecar is found even after the repository has been moved.
  if (real === join(common, 'hooks'))
    return { folder, kind: 'own', command: (hook) => hookCommand('"${0%/*}/../kbgit/hooks/run"', hook) }
  if (isWithin(common, real)) return { folder, kind: 'own', command: (hook) => hookCommand(runner, hook) }
  if (isWithin(await realpath(repository.workTree), real))
    return { folder, kind: 'worktree', command: (hook) => hookCommand(runner, hook) }
  return { folder, kind: 'shared', command: portableHookCommand }
}

/** `core.hooksPath` from any configuration file. Our own git gets a different value on its command line. */
async function configuredFolder(git: Git): Promise<string | undefined> {
  const { stdout } = await git.run(['config', '-z', '--show-scope', '--type=path', '--get-all', 'core.hooksPath'], {
    ok: [0, 1],
  })
  const fields = stdout.toString().split('\0')
  let folder: string | undefined
  for (let i = 0; i + 1 < fields.length; i += 2) {
    if (fields[i] !== 'command') folder = fields[i + 1]
  }
  return folder
}

async function folderInConfig(repository: Repository): Promise<string | undefined> {
  const { configValues } = await import('../repository-in-process.ts')
  return (await configValues(repository, 'core.hooksPath')).at(-1)
}

/** Why a hook is not touched, as a sentence; undefined if kbgit may write it. */
export async function refusal(
  git: Git | undefined,
  place: HookPlace,
  hook: HookName,
  force: boolean,
): Promise<string | undefined> {
  const path = join(place.folder, hook)
  switch (place.kind) {
    case 'off':
      return `core.hooksPath is ${place.folder}, which disables hooks.`
    case 'shared':
      if (!force)
        return `core.hooksPath is ${place.folder}, outside this repository, where other repositories may share it.`
      break
    case 'worktree': {
      if (lstatIfThere(place.folder) === undefined) return `core.hooksPath is ${place.folder}, which does not exist.`
      if (git === undefined) break
      const { stdout } = await git.run(['ls-files', '-z', '--', path])
      if (stdout.length > 0) return `${path} is tracked by git: a branch could replace it while it runs.`
      const ignored = await git.run(['check-ignore', '-q', '--', path], {
        ok: [0, 1],
        env: { GIT_LITERAL_PATHSPECS: '0' },
      })
      if (ignored.code === 1) return `${path} could be committed: ${place.folder} is not ignored by git.`
      break
    }
    case 'own':
      break
  }
  const stat = lstatIfThere(path)
  if (stat === undefined) return undefined
  if (stat.isSymbolicLink()) return `${path} is a symbolic link.`
  if (!stat.isFile()) return `${path} is not a file.`
  const file = await readFile(path, 'latin1')
  if (installedCommand(file) !== undefined) return undefined
  if ((stat.mode & 0o111) === 0) return `${path} exists but is not executable, so git does not run it.`
  return isShellScript(file) ? undefined : `${path} does not begin like a shell script.`
}
