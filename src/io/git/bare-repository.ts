// Finds bare repositories, in which headless bases are.
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { KbError } from '../../core/errors.ts'
import { Git, type Repository } from './git.ts'
import { plainBareRepository } from './plain-repository.ts'

/** A bare repository, as it seems, and the folder in its tree that a path below it names: '' or `notes/kb/`. */
export type BarePlace = { gitDir: string; prefix: string }

/** Looks at files alone: the git directory of a work tree looks the same. Undefined if nothing is there. */
export function barePlace(dir: string): BarePlace | undefined {
  for (let folder = dir; ; folder = dirname(folder)) {
    if (looksLikeGitDir(folder)) {
      const inside = dir.slice(folder.length).replace(/^[\\/]+/, '')
      return { gitDir: folder, prefix: inside === '' ? '' : `${inside.replaceAll('\\', '/')}/` }
    }
    if (folder === dirname(folder)) return undefined
  }
}

export function looksLikeGitDir(folder: string): boolean {
  return ['HEAD', 'objects', 'refs'].every((name) => existsSync(join(folder, name)))
}

/**
 * The repository in the folder `gitDir`, whose path has no links; undefined if it is not bare. Throws `KbError`
 * (`repositoryBusy`) if git refuses it.
 */
export async function bareRepository(gitDir: string, environment: NodeJS.ProcessEnv): Promise<Repository | undefined> {
  const plain = plainBareRepository(gitDir, environment)
  if (plain !== undefined) return plain
  const args = ['rev-parse', '--is-bare-repository', '--show-object-format', '--absolute-git-dir', '--git-common-dir']
  const found = await new Git(gitDir, environment).run(args, { ok: [0, 128] })
  if (found.code === 128)
    throw new KbError('repositoryBusy', `git refuses to use the repository ${gitDir}: ${found.stderr.trim()}`)
  const [bare, format, own = '', common = ''] = found.stdout.toString().split('\n')
  if (bare !== 'true' || own !== gitDir) return undefined
  const commonDir = resolve(gitDir, common)
  // A linked worktree of a bare repository has a work tree.
  if (commonDir !== gitDir) return undefined
  return { workTree: gitDir, bare: true, gitDir, commonDir, oidLength: format === 'sha256' ? 64 : 40 }
}

/** Whether the user's git works in bare repositories that it comes across: `safe.bareRepository`. */
export async function entersBareRepositories(gitDir: string, environment: NodeJS.ProcessEnv): Promise<boolean> {
  const args = ['config', '--show-scope', '--get-all', 'safe.bareRepository']
  const listed = await new Git(gitDir, environment).text(args, { ok: [0, 1] })
  const own = listed.split('\n').flatMap((line) => /^(?:system|global)\t(.*)$/.exec(line)?.[1] ?? [])
  return own.at(-1)?.toLowerCase() !== 'explicit'
}
