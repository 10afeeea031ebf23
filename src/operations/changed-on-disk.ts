// Which files of the repository differ from what is committed. git-lfs is not started: it may be slow, broken or absent.
import { join } from 'node:path'
import { parsePointer, POINTER_BYTES_MAX } from '../core/document/pointer.ts'
import type { Base } from '../io/base.ts'
import { digestFile } from '../io/file-digest.ts'
import { WITHOUT_LFS } from '../io/git/lfs.ts'

/** Tracked files, relative to the work tree, that differ from HEAD in the index or on disk. Submodules are left out. */
export async function changedOnDisk(base: Pick<Base, 'git' | 'repository'>): Promise<string[]> {
  const options = ['--porcelain=v2', '-z', '--no-renames', '--untracked-files=no', '--ignore-submodules=all']
  const listed = await base.git.text([...WITHOUT_LFS, 'status', ...options])
  const changed: string[] = []
  for (const entry of listed.split('\0').filter((line) => line !== '')) {
    const { path, onDiskOnly, indexed } = parseEntry(entry)
    if (!onDiskOnly || !(await isPointerTo(base, indexed, path))) changed.push(path)
  }
  return changed
}

/** A line of `git status --porcelain=v2`; `indexed` is the object in the index. */
function parseEntry(entry: string): { path: string; onDiskOnly: boolean; indexed: string } {
  const fields = entry.split(' ')
  const before = fields[0] === 'u' ? 10 : 8
  return {
    path: fields.slice(before).join(' '),
    onDiskOnly: fields[0] === '1' && fields[1] === '.M',
    indexed: fields[7] ?? '',
  }
}

/** Whether the object is a pointer of git-lfs to the bytes of the file. */
async function isPointerTo(
  { git, repository }: Pick<Base, 'git' | 'repository'>,
  oid: string,
  path: string,
): Promise<boolean> {
  if (Number(await git.text(['cat-file', '-s', oid])) > POINTER_BYTES_MAX) return false
  const pointer = parsePointer(await git.text(['cat-file', 'blob', oid]))
  if (pointer === undefined) return false
  const digest = await digestFile(Buffer.from(join(repository.workTree, path)))
  return digest.kind === 'digest' && digest.sha256 === pointer.sha256
}
