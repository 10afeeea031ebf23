// The user's own files in the repository, besides kbgit's. None of it may change, whatever happens to kbgit.
import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { git } from './execute.ts'
import { isBare, isRepository } from './repository-state.ts'

type Environment = Record<string, string>

/** The user's own committed files. */
export async function commitUserFiles(dir: string, env: Environment): Promise<void> {
  mkdirSync(join(dir, 'notes'), { recursive: true })
  writeFileSync(join(dir, '.gitignore'), '*.log\n')
  writeFileSync(join(dir, 'notes/tracked.md'), 'one\n')
  await git(dir, env, 'add', '.gitignore', 'notes')
  await git(dir, env, 'commit', '-q', '-m', 'My notes')
}

/** The page of kbgit's that the user edits: every document of the tests changes it. */
export const EDITED_PAGE = 'wiki/entities/Acme-Corporation.md'

/** A stash, staged, unstaged, untracked and ignored changes, and an edit of a page. */
export async function makeUserWork(dir: string, env: Environment): Promise<void> {
  const notes = join(dir, 'notes')
  writeFileSync(join(notes, 'tracked.md'), 'stashed\n')
  await git(dir, env, 'stash', 'push', '-q', '-m', 'put away')
  writeFileSync(join(notes, 'staged.md'), 'staged and new\n')
  writeFileSync(join(notes, 'tracked.md'), 'one\ntwo\n')
  await git(dir, env, 'add', 'notes/staged.md', 'notes/tracked.md')
  writeFileSync(join(notes, 'tracked.md'), 'one\ntwo\nthree\n')
  writeFileSync(join(notes, 'untracked.txt'), 'nobody knows me\n')
  writeFileSync(join(notes, 'ignored.log'), 'ignored\n')
  appendFileSync(join(dir, EDITED_PAGE), '\nThe user wrote this.\n')
}

export type UserWork = {
  /** Digests of the bytes, by path. */
  files: Map<string, string>
  indexEntries: string
  stash: string
  /** git's id of the user's version of the edited page; undefined if it is not edited. */
  edit: string | undefined
}

export async function userWork(dir: string, env: Environment): Promise<UserWork> {
  const files = new Map<string, string>()
  if (isBare(dir) || !existsSync(join(dir, 'notes'))) return { files, indexEntries: '', stash: '', edit: undefined }
  for (const path of ['.gitignore', ...readdirSync(join(dir, 'notes')).map((name) => `notes/${name}`)]) {
    files.set(
      path,
      createHash('sha256')
        .update(readFileSync(join(dir, path)))
        .digest('hex'),
    )
  }
  if (!isRepository(dir)) return { files, indexEntries: '', stash: '', edit: undefined }
  const changed = await git(dir, env, 'diff', '--name-only', '--', EDITED_PAGE)
  return {
    files,
    indexEntries: await git(dir, env, 'ls-files', '-s', '--', '.gitignore', 'notes'),
    stash: await git(dir, env, 'log', '-g', '--format=%H', 'refs/stash', '--').catch(() => ''),
    edit: changed === '' ? undefined : (await git(dir, env, 'hash-object', '--', EDITED_PAGE)).trim(),
  }
}

/** Sentences about what of `before` was lost or changed. */
export async function lostWork(dir: string, env: Environment, before: UserWork): Promise<string[]> {
  const after = await userWork(dir, env)
  const lost: string[] = []
  for (const [path, digest] of before.files)
    if (after.files.get(path) !== digest) lost.push(`the user's ${path} changed`)
  if (after.indexEntries !== before.indexEntries)
    lost.push(`the user's index entries changed:\n${before.indexEntries}now:\n${after.indexEntries}`)
  if (after.stash !== before.stash) lost.push('the stash changed')
  if (before.edit !== undefined && after.edit !== before.edit) {
    const history = await git(dir, env, 'log', '--format=', '--raw', '--no-abbrev', '--', EDITED_PAGE)
    if (!history.includes(before.edit))
      lost.push(`the user's edit of ${EDITED_PAGE} is neither on the disk nor in history`)
  }
  return lost
}
