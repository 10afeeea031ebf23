// Which commits git is merging while it calls the merge driver. git says so only in part: a merge exports the other side's
// id, a rebase keeps a list, and of a cherry-pick only the files are known.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Git, Repository } from './git.ts'
import { mergedBranch } from './merge-driver.ts'

export type MergeSides = {
  ours: string
  theirs: string
  /** The merge bases; of a rebase or cherry-pick, the parent of the commit. */
  bases: () => Promise<string[]>
  /** Of a rebase: the last commit of the branch that is rebased, which has all that its commits did. */
  tip?: string | undefined
}

/** The file that git merges: its path in the repository, and the ids of its ancestor and of the other side's version. */
export type MergedFile = { path: string; ancestor: string; theirs: string }

/** Commits that are searched for a cherry-picked one. */
const PICKS_MAX = 1_000

/** Undefined if it cannot be told. `env`: as git passed it to the driver. */
export async function mergeSides(
  git: Git,
  { gitDir }: Pick<Repository, 'gitDir'>,
  env: NodeJS.ProcessEnv,
  file: MergedFile,
): Promise<MergeSides | undefined> {
  const ours = mergedBranch(env).head ?? 'HEAD'
  const head = await git.text(['rev-parse', '--verify', '--quiet', '--end-of-options', `${ours}^{commit}`], {
    ok: [0, 1, 128],
  })
  if (head === '') return undefined
  const merged = Object.keys(env).flatMap((key) => /^GITHEAD_([0-9a-f]{40,64})$/.exec(key)?.[1] ?? [])
  const others = merged.filter((oid) => oid !== head)
  if (others.length > 1) return undefined
  const [theirs] = others
  if (theirs !== undefined) {
    const bases = async (): Promise<string[]> => {
      const found = await git.text(['merge-base', '--all', head, theirs], { ok: [0, 1] })
      return found.split('\n').filter((oid) => oid !== '')
    }
    return { ours: head, theirs, bases }
  }
  const rebased = rebasedCommit(gitDir)
  const picked = rebased?.commit ?? (await pickedCommit(git, file))
  if (picked === undefined) return undefined
  const [commit, ...parents] = (await git.text(['rev-list', '--parents', '-1', picked, '--'], { ok: [0, 128] })).split(
    ' ',
  )
  if (commit === undefined || commit === '') return undefined
  return { ours: head, theirs: commit, bases: () => Promise.resolve(parents.slice(0, 1)), tip: rebased?.tip }
}

/** The commit that a rebase is at, and the last one of its branch. */
function rebasedCommit(gitDir: string): { commit: string; tip?: string | undefined } | undefined {
  const read = (...parts: string[]): string | undefined => {
    const path = join(gitDir, ...parts)
    return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined
  }
  const last = read('rebase-merge', 'done')?.split('\n').at(-1) ?? ''
  const commit =
    /^(?:pick|p|edit|e|reword|r|squash|s|fixup|f)(?: -[cC])? ([0-9a-f]{4,64})\b/.exec(last)?.[1] ??
    read('rebase-apply', 'original-commit')
  if (commit === undefined) return undefined
  return { commit, tip: read('rebase-merge', 'orig-head') ?? read('rebase-apply', 'orig-head') }
}

/** The newest commit that made just this change of the file. */
async function pickedCommit(git: Git, { path, ancestor, theirs }: MergedFile): Promise<string | undefined> {
  const args = ['log', '--all', '--no-merges', '--format=%H', '--raw', '--no-abbrev', '--no-renames', `-n${PICKS_MAX}`]
  const listed = await git.text([...args, '--', path], { ok: [0, 128] })
  let commit: string | undefined
  for (const line of listed.split('\n')) {
    if (/^[0-9a-f]{40,64}$/.test(line)) commit = line
    const [, , before, after] = line.startsWith(':') ? line.split(' ') : []
    if (after === theirs && (before === ancestor || /^0+$/.test(before ?? ''))) return commit
  }
  return undefined
}
