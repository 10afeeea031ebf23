// A purge replaces the history of one clone. Merged with a clone or a remote that still has the old one, it would come to
// nothing, and what was purged would be published again.
import { KbError } from '../../core/errors.ts'
import { documentsNamed } from '../../core/transaction/commit-message.ts'
import type { Git } from '../../io/git/git.ts'

/** Throws `KbError` (`rolledBack`) if one side has purged a document that the other one still has in its history. */
export async function refusePurged(
  git: Git,
  { ours, theirs, remote, branch }: { ours: string; theirs: string; remote: string; branch: string },
): Promise<void> {
  const here = await purgedBeside(git, ours, theirs)
  if (here !== undefined)
    throw new KbError('rolledBack', `${remote} still has "${here}", which was purged here. Nothing was changed.`, {
      hint: `Replace its history: git push --force ${remote} HEAD:${branch}. Every other clone has to be made again.`,
    })
  const there = await purgedBeside(git, theirs, ours)
  if (there !== undefined)
    throw new KbError(
      'rolledBack',
      `"${there}" was purged from ${remote}, and this clone still has it. Nothing was changed.`,
      {
        hint: 'Clone it again, and add there what only this clone has: "kbgit log" shows it.',
      },
    )
}

/** A document that is purged in the history of `one`, and that `other` names in a commit which `one` lacks. */
async function purgedBeside(git: Git, one: string, other: string): Promise<string | undefined> {
  const purges = await messages(git, ['--grep=^purge: ', `${other}..${one}`])
  const names = new Set(
    purges.filter((message) => message.startsWith('purge: ')).flatMap((message) => documentsNamed(message) ?? []),
  )
  if (names.size === 0) return undefined
  for (const message of await messages(git, ['--grep=^Kbgit-Document: ', `${one}..${other}`])) {
    const found = documentsNamed(message)?.find((name) => names.has(name))
    if (found !== undefined) return found
  }
  return undefined
}

async function messages(git: Git, args: string[]): Promise<string[]> {
  const listed = await git.text(['log', '-z', '--format=%B', '--basic-regexp', ...args, '--'])
  return listed.split('\0').filter((message) => message !== '')
}
