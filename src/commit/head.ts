// The branch and its commit, and whether the repository can be written to.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KbError } from '../core/errors.ts'
import type { Base } from '../io/base.ts'
import type { Git } from '../io/git/git.ts'
import { operationInProgress } from '../io/git/in-progress.ts'
import { hasMergeDriver } from '../io/git/merge-driver.ts'
import type { ObjectReader } from '../io/git/objects.ts'

export type Head = {
  /** Full ref name. */
  branch: string
  /** What the next commit builds on. Null on an unborn branch. */
  commit: string | null
  /** What the ref names; null if it does not exist yet. It differs from `commit` only on a branch that is about to begin. */
  ref: string | null
}

/** Another process moved the branch between reading it and the commit point: plan again on the new tip. */
export class HeadMoved extends KbError {
  constructor(branch: string) {
    super('rolledBack', `${branch} was moved by another command. Nothing was changed.`, { hint: 'Run kbgit again.' })
  }
}

/**
 * The branch and its commit. Throws `KbError` (`repositoryBusy`) if HEAD is detached or a git operation is in progress.
 */
export async function writableHead(base: Base, objects: ObjectReader): Promise<Head> {
  const what = await operationUnderWay(base)
  if (what !== undefined) {
    throw new KbError(
      'repositoryBusy',
      `${what[0]?.toUpperCase()}${what.slice(1)} is in progress in ${base.repository.workTree}.`,
      {
        hint:
          what === 'a merge' && !hasMergeDriver(base.repository)
            ? 'This clone had no merge driver for the pages of kbgit, so they may conflict. Run "git merge --abort" and "kbgit recover", which sets it up, and merge again.'
            : 'Finish or abort it with git, then run kbgit again. Nothing was changed.',
      },
    )
  }
  const branch = await headBranch(base)
  if (branch === undefined) {
    throw new KbError(
      'repositoryBusy',
      `HEAD is detached in ${base.repository.workTree}: a commit would belong to no branch.`,
      {
        hint: 'Switch to a branch first, or create one here: git switch -c <name>.',
      },
    )
  }
  const commit = (await objects.resolve(branch)) ?? null
  return { branch, commit, ref: commit }
}

/** Like `operationInProgress`, but a merge whose commit is made has ended: git still has its traces in the hook after it. */
export async function operationUnderWay({ git, repository, branch }: Base): Promise<string | undefined> {
  // What git does in a work tree is not about a branch that is not checked out.
  if (branch !== undefined) return undefined
  const what = operationInProgress(repository)
  if (what !== 'a merge') return what
  const merged = (await readFile(join(repository.gitDir, 'MERGE_HEAD'), 'utf8').catch(() => '')).trim().split('\n')
  const made = await Promise.all(merged.map((oid) => isAncestor(git, oid, 'HEAD')))
  return made.every(Boolean) ? undefined : what
}

/** The full name of the branch that HEAD is on; undefined if HEAD is detached. */
export async function headBranch(base: Base): Promise<string | undefined> {
  const text = await readFile(join(base.repository.gitDir, 'HEAD'), 'utf8')
  const branch = /^ref: (refs\/[^\n]+)\n?$/.exec(text)?.[1]
  // With the reftable format the file is a stub that does not name a real branch.
  if (branch !== undefined && branch !== 'refs/heads/.invalid') return branch
  if (branch === undefined) return undefined
  const found = await base.git.run(['symbolic-ref', '-q', 'HEAD'], { ok: [0, 1] })
  return found.code === 0 ? found.stdout.toString().trim() : undefined
}

/** Whether `commit` is in the history of `tip`. */
export async function isAncestor(git: Git, commit: string, tip: string): Promise<boolean> {
  return (await git.run(['merge-base', '--is-ancestor', commit, tip], { ok: [0, 1, 128] })).code === 0
}
