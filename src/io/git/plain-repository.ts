// Finds a repository without starting git, unless something about it is unusual: otherwise every command would first
// wait for `git rev-parse`.
import { accessSync, constants, existsSync, lstatSync, readFileSync, statSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import type { Repository } from './git.ts'

/** Variables that change where git looks for a repository, and how. Those of `LOCAL_ENVIRONMENT` never reach git. */
const DISCOVERY_ENVIRONMENT = ['GIT_CEILING_DIRECTORIES', 'GIT_DISCOVERY_ACROSS_FILESYSTEM']

/** Lines of git's configuration that this module understands. */
const PLAIN_CONFIG_LINE =
  /^\s*(?:[#;].*|\[[\w.-]+(?: "[^"\\]*")?\]|[A-Za-z][\w-]*(?:\s*=(?:[^"\\]|"[^"\\]*"|\\["\\])*)?)?\s*$/

/**
 * The repository around the folder `dir`, whose path has no links. Undefined if there is none, or if only git can say:
 * linked work trees, submodules, bare repositories, other owners, other formats, no git on the PATH.
 */
export function plainRepository(dir: string, environment: NodeJS.ProcessEnv): Repository | undefined {
  try {
    if (DISCOVERY_ENVIRONMENT.some((name) => environment[name] !== undefined)) return undefined
    const gitDir = gitDirAbove(dir)
    if (gitDir === undefined || !isPlainGitDir(gitDir, false) || !hasGit(environment)) return undefined
    const device = statSync(dir).dev
    // git refuses folders of other users, and does not look beyond a file system.
    const isOurs = [dirname(gitDir), gitDir]
      .map((folder) => lstatSync(folder))
      .every((stat) => stat.isDirectory() && stat.dev === device && stat.uid === process.getuid?.())
    return isOurs ? { workTree: dirname(gitDir), gitDir, commonDir: gitDir, oidLength: 40 } : undefined
  } catch {
    return undefined
  }
}

/** The bare repository in the folder `dir`, whose path has no links. Undefined as for `plainRepository`. */
export function plainBareRepository(dir: string, environment: NodeJS.ProcessEnv): Repository | undefined {
  try {
    if (!isPlainGitDir(dir, true) || !hasGit(environment)) return undefined
    return lstatSync(dir).uid === process.getuid?.()
      ? { workTree: dir, bare: true, gitDir: dir, commonDir: dir, oidLength: 40 }
      : undefined
  } catch {
    return undefined
  }
}

/** `.git` in the nearest folder; undefined if a folder on the way may itself be a git directory. */
function gitDirAbove(dir: string): string | undefined {
  for (let folder = dir; !existsSync(join(folder, 'HEAD')); folder = dirname(folder)) {
    const gitDir = join(folder, '.git')
    if (lstatSync(gitDir, { throwIfNoEntry: false }) !== undefined) return gitDir
    if (folder === dirname(folder)) return undefined
  }
  return undefined
}

function isPlainGitDir(gitDir: string, bare: boolean): boolean {
  return (
    !existsSync(join(gitDir, 'commondir')) &&
    ['objects', 'refs'].every((name) => statSync(join(gitDir, name)).isDirectory()) &&
    /^(?:ref: refs\/\S+|[0-9a-f]{40})\s*$/.test(readFileSync(join(gitDir, 'HEAD'), 'latin1')) &&
    isPlainConfig(readFileSync(join(gitDir, 'config'), 'latin1'), bare)
  )
}

/** With other formats, extensions, included files or a work tree elsewhere, git is asked. */
function isPlainConfig(text: string, bare: boolean): boolean {
  const keys: string[] = []
  const plain = text.split('\n').every((line) => {
    const [, key, value] = /^\s*(repositoryformatversion|bare|worktree)\b\s*=?\s*(.*?)\s*$/i.exec(line) ?? []
    if (key === undefined) return PLAIN_CONFIG_LINE.test(line) && !/^\s*\[\s*(?:include|extensions)/i.test(line)
    keys.push(key.toLowerCase())
    return ['repositoryformatversion 0', `bare ${bare}`].includes(`${key.toLowerCase()} ${value}`)
  })
  // Without the key git guesses by the folder's name.
  return plain && (!bare || keys.includes('bare'))
}

function hasGit({ PATH = '' }: NodeJS.ProcessEnv): boolean {
  return PATH.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, 'git'), constants.X_OK)
      return folder !== ''
    } catch {
      return false
    }
  })
}
