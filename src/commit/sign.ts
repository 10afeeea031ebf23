// Signs commits: fast-import cannot sign, so `git commit-tree -S` recreates them from the same trees.
import { KbError } from '../core/errors.ts'
import type { Git } from '../io/git/git.ts'

/**
 * Returns the ids of signed copies of `commits`, a chain on top of `base`, and moves `ref` to the last one. Throws
 * `KbError` (`gitFailed`) if one cannot be signed.
 */
export async function signCommits(git: Git, commits: string[], base: string | null, ref: string): Promise<string[]> {
  const signed: string[] = []
  for (const commit of commits) {
    const parent = signed.at(-1) ?? base
    const raw = await git.text(['log', '-1', '--format=%T%n%an%n%ae%n%ad%n%cn%n%ce%n%cd%n%B', '--date=raw', commit])
    const [tree = '', an = '', ae = '', ad = '', cn = '', ce = '', cd = '', ...message] = raw.split('\n')
    const made = await git.run(['commit-tree', '-S', ...(parent === null ? [] : ['-p', parent]), '-F', '-', tree], {
      ok: [0, 1, 128],
      input: message.join('\n').replace(/\n*$/, '\n'),
      env: {
        GIT_AUTHOR_NAME: an,
        GIT_AUTHOR_EMAIL: ae,
        GIT_AUTHOR_DATE: ad,
        GIT_COMMITTER_NAME: cn,
        GIT_COMMITTER_EMAIL: ce,
        GIT_COMMITTER_DATE: cd,
      },
    })
    if (made.code !== 0) {
      throw new KbError('gitFailed', `git could not sign a commit, as commit.gpgSign asks: ${made.stderr.trim()}`, {
        hint: 'Check that signing works (git commit -S --allow-empty), or turn it off: git config commit.gpgSign false.',
      })
    }
    signed.push(made.stdout.toString().trim())
  }
  await git.run(['update-ref', ref, signed.at(-1) ?? ''])
  return signed
}
