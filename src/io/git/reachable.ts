// Lists every object that git can still reach from a ref, a reflog or an index of any worktree.
import { createInterface } from 'node:readline'
import { KbError } from '../../core/errors.ts'
import { ended, type Git } from './git.ts'

/** `path`: one of the object's paths in some commit, '' if it has none. */
export type ReachedObject = { oid: string; path: string }

/**
 * Yields each object once, as git finds them; git holds the memory. Throws `KbError` (`gitFailed`) if git cannot list
 * them all.
 */
export async function* reachableObjects(git: Git): AsyncGenerator<ReachedObject> {
  const child = git.start(['rev-list', '--objects', '--all', '--reflog', '--indexed-objects'])
  const end = ended(child)
  end.catch(() => {})
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-4_096)))
  child.stdin.on('error', () => {})
  child.stdin.end()
  let whole = false
  try {
    for await (const line of createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY })) {
      const match = /^([0-9a-f]{40,64})(?: (.*))?$/.exec(line)
      // A path may contain a line break: the text after it is not an object.
      if (match !== null) yield { oid: match[1] ?? '', path: match[2] ?? '' }
    }
    whole = true
  } finally {
    if (!whole) child.kill()
  }
  const { code, signal } = await end
  if (code !== 0) {
    throw new KbError(
      'gitFailed',
      `git could not list the objects in use (${signal ?? code}): ${stderr.trim() || 'no error output'}`,
      {
        hint: 'Run "git fsck". Nothing was dropped.',
      },
    )
  }
}
