// Large originals in the work tree: what git has is a pointer, what people have is what git-lfs makes of it.
import { copyFile, constants, readFile } from 'node:fs/promises'
import { isLargePath } from '../core/layout.ts'
import { parsePointer } from '../core/document/pointer.ts'
import type { Base } from '../io/base.ts'
import type { Git } from '../io/git/git.ts'
import { smudgesLfs } from '../io/git/lfs.ts'
import { WorkTree } from '../io/git/work-tree.ts'
import type { LargeStore } from '../io/sidecar/large-store.ts'

/** The work tree of a base, which takes an original and the pointer to it for the same. */
export function workTreeOf({ repository, git, prefix }: Pick<Base, 'repository' | 'git' | 'prefix'>): WorkTree {
  return new WorkTree(repository, git, (path) => isLargePath(path.slice(prefix.length)))
}

/**
 * The file to place for a pointer, a file too: the original's bytes at `target` if git would check them out, as it does
 * where git-lfs is set up and the object is there; otherwise the pointer itself. A copy, never a link: a person may
 * edit the file, and the object must stay what its name says.
 */
export async function largeFile(
  git: Git,
  store: Pick<LargeStore, 'path' | 'has'>,
  pointerFile: string,
  target: string,
): Promise<string> {
  const pointer = parsePointer(await readFile(pointerFile, 'utf8'))
  if (pointer === undefined || !(await store.has(pointer.sha256)) || !(await smudgesLfs(git))) return pointerFile
  await copyFile(await store.path(pointer.sha256), target, constants.COPYFILE_FICLONE)
  return target
}
