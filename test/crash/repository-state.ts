// The state of a repository and its sidecar as one text: equal texts mean equal states.
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { execute, git } from './execute.ts'

type Environment = Record<string, string>

/** Whether there is a bare repository, which has neither files nor an index. */
export function isBare(dir: string): boolean {
  return ['HEAD', 'objects', 'refs'].every((name) => existsSync(join(dir, name)))
}

/** The git directory of a work tree: `.git`, or the folder that this file names; a bare repository itself. */
export function gitDirOf(dir: string): string {
  if (isBare(dir)) return dir
  const path = join(dir, '.git')
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true) return path
  return resolve(
    dir,
    readFileSync(path, 'utf8')
      .replace(/^gitdir: /, '')
      .trim(),
  )
}

/** What linked worktrees share. */
function commonDirOf(dir: string): string {
  const gitDir = gitDirOf(dir)
  const file = join(gitDir, 'commondir')
  return existsSync(file) ? resolve(gitDir, readFileSync(file, 'utf8').trim()) : gitDir
}

export function isRepository(dir: string): boolean {
  return existsSync(join(gitDirOf(dir), 'HEAD'))
}

/** HEAD, refs, index, stash, work tree, hooks, and what the sidecar's folders hold. */
export async function repositoryState(dir: string, env: Environment): Promise<string> {
  if (!isRepository(dir)) return listed(dir, '').join('\n')
  const head = await execute(['git', 'rev-parse', '-q', '--verify', 'HEAD'], { cwd: dir, env })
  return [
    `HEAD ${head.stdout.trim()}`,
    await git(dir, env, 'for-each-ref', '--format=%(refname) %(objectname)'),
    await git(dir, env, 'ls-files', '-s'),
    ...(isBare(dir) ? [] : listed(dir, '', (path) => path !== '.git')),
    ...['hooks', 'kbgit/journal', 'kbgit/staging', 'kbgit/quarantine'].flatMap((folder) =>
      listed(commonDirOf(dir), folder),
    ),
  ].join('\n')
}

/** The tree of HEAD; undefined if there is no commit. */
export async function headTree(dir: string, env: Environment): Promise<string | undefined> {
  const found = await execute(['git', 'rev-parse', '-q', '--verify', 'HEAD^{tree}'], { cwd: dir, env })
  return found.code === 0 ? found.stdout.trim() : undefined
}

/** Work tree and index against HEAD. */
export async function status(dir: string, env: Environment): Promise<string> {
  return !isRepository(dir) || isBare(dir)
    ? ''
    : git(dir, env, 'status', '--porcelain=v1', '--untracked-files=all', '--ignored=matching')
}

/** Paths of lock files and other leftovers of unfinished writes. */
export function leftovers(dir: string): string[] {
  const top = commonDirOf(dir)
  const found: string[] = []
  const walk = (folder: string): void => {
    for (const name of names(folder)) {
      const path = join(folder, name)
      if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) walk(path)
      else if (/\.lock$|^index\.kbgit-|\.kbgit-(?:tmp|new)$/.test(name)) found.push(path)
    }
  }
  walk(top)
  for (const folder of ['refs/kbgit/tx', 'kbgit/journal', 'kbgit/staging', 'kbgit/quarantine', 'kbgit/hooks-new'])
    found.push(...names(join(top, folder)).map((name) => join(top, folder, name)))
  return found.map((path) => relative(dir, path))
}

function listed(dir: string, folder: string, take: (path: string) => boolean = () => true): string[] {
  return names(join(dir, folder))
    .sort()
    .flatMap((name) => {
      const path = folder === '' ? name : `${folder}/${name}`
      if (!take(path)) return []
      const stat = lstatSync(join(dir, path))
      if (stat.isDirectory()) return listed(dir, path, take)
      const content = stat.isSymbolicLink()
        ? readlinkSync(join(dir, path))
        : createHash('sha256')
            .update(readFileSync(join(dir, path)))
            .digest('hex')
      return [`${path} ${(stat.mode & 0o777).toString(8)} ${content}`]
    })
}

function names(folder: string): string[] {
  return lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === true ? readdirSync(folder) : []
}
