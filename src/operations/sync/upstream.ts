// Which branch of which remote a branch follows.
import { KbError } from '../../core/errors.ts'
import type { Base } from '../../io/base.ts'

export type Upstream = {
  remote: string
  /** Full name of the branch at the remote. */
  branch: string
  /** The ref that follows it here. */
  tracking: string
}

/**
 * As git has it configured; otherwise the branch of the same name at the only remote, or at `origin`. Throws `KbError`
 * (`usage`) if there is none.
 */
export async function upstreamOf(base: Base, branch: string, remote: string | undefined): Promise<Upstream> {
  const { git } = base
  const short = branch.replace(/^refs\/heads\//, '')
  const remotes = (await git.text(['remote'])).split('\n').filter((name) => name !== '')
  const configured = await git.text(['config', '--get', `branch.${short}.remote`], { ok: [0, 1] })
  const chosen =
    remote ?? (remotes.includes(configured) ? configured : (remotes.find((name) => name === 'origin') ?? only(remotes)))
  if (chosen === undefined || !remotes.includes(chosen))
    throw new KbError(
      'usage',
      remotes.length === 0
        ? 'This repository has no remote.'
        : chosen === undefined
          ? `This repository has several remotes: ${remotes.join(', ')}.`
          : `This repository has no remote "${chosen}".`,
      { hint: remotes.length === 0 ? 'Add one: git remote add origin <url>' : `For example: kbgit sync ${remotes[0]}` },
    )
  const merged =
    chosen === configured ? await git.text(['config', '--get', `branch.${short}.merge`], { ok: [0, 1] }) : ''
  const theirs = merged === '' ? branch : merged
  return { remote: chosen, branch: theirs, tracking: `refs/remotes/${chosen}/${theirs.replace(/^refs\/heads\//, '')}` }
}

function only(remotes: string[]): string | undefined {
  return remotes.length === 1 ? remotes[0] : undefined
}
