// Why a history cannot be rewritten: what would be lost, or would keep the old one alive.
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { KbError } from '../../core/errors.ts'
import { isHeadless, type Base } from '../../io/base.ts'
import { namesIn } from '../../io/folder-names.ts'
import { sidecarPath } from '../../io/sidecar/paths.ts'
import { changedOnDisk } from '../changed-on-disk.ts'

/** `staging` is this run's. Throws `KbError` (`repositoryBusy`) with what to do first. Nothing was changed then. */
export async function refuseUnlessAlone(base: Base, staging: string): Promise<void> {
  const { git, repository } = base
  // Recovery has removed those of dead runs. A live one may have commits of the old history that no ref has yet.
  const runs = (await namesIn(sidecarPath(base, 'staging'))).filter((name) => name !== basename(staging))
  if (runs.length > 0)
    throw refusal('Another kbgit is running here.', 'Wait until it ends, or stop it with Ctrl-C; "kbgit watch" too.')
  if (base.branch !== undefined && !isHeadless(base))
    throw refusal(
      'A purge replaces the whole history, also that of the branch that is checked out.',
      'Run it without --branch.',
    )
  const { commonDir, workTree } = repository
  if (existsSync(join(commonDir, 'shallow')))
    throw refusal(
      `${workTree} is a shallow clone: most of its history is elsewhere.`,
      'Get it first: git fetch --unshallow.',
    )
  if ((await setting(base, 'extensions.partialclone')) !== '')
    throw refusal(`${workTree} is a partial clone: some of its objects are elsewhere.`, 'Purge in a full clone.')
  if ((await textOf(join(commonDir, 'objects/info/alternates'))).trim() !== '')
    throw refusal(
      `${workTree} borrows objects from another repository.`,
      'Copy them first: git repack -a -d, then remove .git/objects/info/alternates.',
    )
  const [changed] = isHeadless(base) ? [] : await changedOnDisk(base)
  if (changed !== undefined)
    throw refusal(
      `There are changes that are not committed: ${changed}.`,
      'Commit them, or drop them with git restore.',
    )
  const worktrees = await git.text(['worktree', 'list', '--porcelain'])
  const others = worktrees.split('\n\n').filter((entry) => !/^prunable/m.test(entry) && entry.trim() !== '')
  if (others.length > 1)
    throw refusal(
      `The repository has ${others.length} work trees, and the others would keep the old history.`,
      'Remove them first: git worktree list, git worktree remove <path>.',
    )
  for (const [ref, hint] of BLOCKING) {
    const found = await git.text(['for-each-ref', '--count=1', '--format=%(refname)', ref])
    if (found !== '') throw refusal(`${found} refers to commits of the old history.`, hint)
  }
}

const BLOCKING: readonly (readonly [ref: string, hint: string])[] = [
  ['refs/stash', 'Apply or drop the stash first: git stash list.'],
  ['refs/notes/', 'Notes name commits by their ids, which change: export and delete them first, git notes list.'],
  ['refs/replace/', 'Delete it first: git replace -d.'],
]

function refusal(message: string, hint: string): KbError {
  return new KbError('repositoryBusy', `${message} Nothing was changed.`, { hint })
}

async function setting({ git }: Base, key: string): Promise<string> {
  return git.text(['config', '--get', key], { ok: [0, 1] })
}

async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '')
}
