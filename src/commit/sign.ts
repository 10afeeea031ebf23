// Signed commits: fast-import cannot sign, so `git commit-tree -S` makes them again from the same trees.
import type { Git } from '../io/git.ts'

/** Gives the ids of signed commits in the place of `commits`, a chain on `base`, and moves `ref` to the last. */
export async function signCommits(git: Git, commits: string[], base: string | null, ref: string): Promise<string[]> {
  const signed: string[] = []
  for (const commit of commits) {
    const parent = signed.at(-1) ?? base
    const raw = await git.text(['log', '-1', '--format=%T%n%an%n%ae%n%ad%n%cn%n%ce%n%cd%n%B', '--date=raw', commit])
    const [tree = '', an = '', ae = '', ad = '', cn = '', ce = '', cd = '', ...message] = raw.split('\n')
    const oid = await git.text(['commit-tree', '-S', ...(parent === null ? [] : ['-p', parent]), '-F', '-', tree], {
      input: message.join('\n').replace(/\n*$/, '\n'),
      env: {
        GIT_AUTHOR_NAME: an, GIT_AUTHOR_EMAIL: ae, GIT_AUTHOR_DATE: ad,
        GIT_COMMITTER_NAME: cn, GIT_COMMITTER_EMAIL: ce, GIT_COMMITTER_DATE: cd,
      },
    })
    signed.push(oid)
  }
  await git.run(['update-ref', ref, signed.at(-1) ?? ''])
  return signed
}
