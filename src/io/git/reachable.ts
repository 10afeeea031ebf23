// What git can still bring back: every object that a ref, a reflog or an index of any worktree reaches.
import { createInterface } from 'node:readline'
import { KbError } from '../../core/errors.ts'
import { ended, type Git } from './git.ts'

/** `path`: one of those that the object has in some commit, '' for what has none. */
export type ReachedObject = { oid: string; path: string }

/** Each object once, as git finds them; memory is git's. Throws `KbError` (`gitFailed`) where git cannot tell of all of them. */
export async function* reachableObjects(git: Git): AsyncGenerator<ReachedObject> {
  const child = git.start(['rev-list', '--objects', '--all', '--reflog', '--indexed-objects'])
  const end = ended(child)
  end.catch(() => {})
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4_096)))
  child.stdin.on('error', () => {})
  child.stdin.end()
  let whole = false
  try {
    for await (const line of createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY })) {
      const match = /^([0-9a-f]{40,64})(?: (.*))?$/.exec(line)
      // A path may have a line end: what follows it is no object.
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
      `git cannot tell what is still in use (${signal ?? code}): ${said.trim() || 'it said nothing'}`,
      {
        hint: 'See "git fsck". Nothing was dropped.',
      },
    )
  }
}
