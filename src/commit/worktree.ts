// Finds the linked worktree of an intent. All worktrees of a repository share the journal.
import { existsSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { systemCode } from '../core/errors.ts'
import type { Intent } from '../core/transaction/intent.ts'
import { worktreeId, type Base } from '../io/base.ts'
import { Git } from '../io/git/git.ts'

/** `gone`: deleted without `git worktree remove`. `elsewhere`: it may exist but cannot be found from here. */
export type FoundWorktree =
  | { kind: 'found'; gitDir: string; base: Base }
  | { kind: 'gone'; gitDir: string }
  | { kind: 'elsewhere'; gitDir: string }

/** The work tree of a transaction, as its base sees it. */
export async function findWorktree(base: Base, intent: Pick<Intent, 'worktree' | 'workTree'>): Promise<FoundWorktree> {
  const { commonDir, gitDir: own } = base.repository
  if (intent.worktree === worktreeId(base)) return { kind: 'found', gitDir: own, base }
  const main = intent.worktree === '.'
  const gitDir = main ? commonDir : join(commonDir, intent.worktree)
  const workTree = main ? await mainWorkTree(base, intent.workTree) : await linkedWorkTree(gitDir)
  if (workTree !== undefined && (await leadsTo(workTree, gitDir))) {
    return { kind: 'found', gitDir, base: inWorkTree(base, gitDir, workTree) }
  }
  // `git worktree lock` is meant for folders on disks that are not always mounted.
  return { kind: main || existsSync(join(gitDir, 'locked')) ? 'elsewhere' : 'gone', gitDir }
}

function inWorkTree(base: Base, gitDir: string, workTree: string): Base {
  return {
    ...base,
    root: join(workTree, base.prefix),
    repository: { ...base.repository, gitDir, workTree },
    git: new Git(workTree, base.env, base.config.durability),
  }
}

/** A separate git directory does not record its work tree: the transaction's own record is the last resort. */
async function mainWorkTree({ git, repository: { commonDir } }: Base, recorded?: string): Promise<string | undefined> {
  const configured = await git.run(['config', '--file', join(commonDir, 'config'), 'core.worktree'], { ok: [0, 1] })
  if (configured.code === 0) return resolve(commonDir, configured.stdout.toString().trim())
  return basename(commonDir) === '.git' ? dirname(commonDir) : recorded
}

async function linkedWorkTree(gitDir: string): Promise<string | undefined> {
  const path = await textOf(join(gitDir, 'gitdir'))
  return path === undefined ? undefined : dirname(resolve(gitDir, path))
}

/** The folder exists and its `.git` is, or names, that git directory: a forged record must not lead elsewhere. */
async function leadsTo(workTree: string, gitDir: string): Promise<boolean> {
  const dotGit = join(workTree, '.git')
  if (isSameFile(dotGit, gitDir)) return true
  const path = /^gitdir: (.+)$/.exec((await textOf(dotGit)) ?? '')?.[1]
  return path !== undefined && isSameFile(resolve(workTree, path), gitDir)
}

/** Compares device and inode: either path may contain symbolic links. */
function isSameFile(one: string, other: string): boolean {
  const [a, b] = [one, other].map((path) => statSync(path, { bigint: true, throwIfNoEntry: false }))
  return a !== undefined && a.dev === b?.dev && a.ino === b.ino
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(systemCode(error) ?? '')) return undefined
    throw error
  }
}
