// What a person did to the files of a base since the last commit.
import { join } from 'node:path'
import type { Base } from '../../io/base.ts'
import { IGNORE_GITMODULES } from '../../io/git/git.ts'
import { isEditablePage } from '../../commit/change.ts'
import { parsePointer, POINTER_BYTES_MAX } from '../../core/document/pointer.ts'
import { operationInProgress } from '../../io/git/in-progress.ts'
import { WITHOUT_LFS } from '../../io/git/lfs.ts'
import type { KnownDigests } from '../../read/originals.ts'
import { knownDigests } from './known-digests.ts'
import { DOCUMENTS, RAW } from '../../core/layout.ts'
import type { StatusResult } from '../../core/results.ts'

/**
 * Pages edited or deleted, and other files of the base that differ from what was committed. In the middle of a merge what
 * came with it is in the index: then only what differs from there.
 */
export async function worktreeChanges(base: Base): Promise<NonNullable<StatusResult['worktree']>> {
  const { git, prefix } = base
  using digests = knownDigests(base)
  const found: NonNullable<StatusResult['worktree']> = { deleted: [], edited: [], altered: [] }
  const folders = [DOCUMENTS, RAW, 'wiki'].map((folder) => prefix + folder)
  const options = [IGNORE_GITMODULES, '--name-status', '-z', '--no-renames', '--no-ext-diff', '--no-textconv']
  // What git-lfs stores is compared here: it may be slow, broken or absent.
  const from = operationInProgress(base.repository) === undefined ? ['HEAD'] : []
  const args = [...WITHOUT_LFS, 'diff', ...from, ...options, '--', ...folders]
  const fields = (await git.run(args)).stdout.toString().split('\0')
  const seen = new Set<string>()
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const path = (fields[index + 1] ?? '').slice(prefix.length)
    // git lists a file with a conflict twice.
    if (seen.has(path)) continue
    seen.add(path)
    if (fields[index] === 'D') found.deleted.push(path)
    else if (isEditablePage(path)) found.edited.push(path)
    else if (!(await isOriginal(base, digests, path))) found.altered.push(path)
  }
  return found
}

/** Whether a file is what the pointer leads to that HEAD has for its path. */
async function isOriginal({ git, root, prefix }: Base, digests: KnownDigests, path: string): Promise<boolean> {
  if (!path.startsWith(`${RAW}/`)) return false
  const { code, stdout } = await git.run(['cat-file', 'blob', `HEAD:${prefix}${path}`], { ok: [0, 128] })
  const pointer = code === 0 ? parsePointer(stdout.toString('utf8', 0, POINTER_BYTES_MAX + 1)) : undefined
  return pointer !== undefined && (await digests.ofFile(join(root, path))) === pointer.sha256
}
