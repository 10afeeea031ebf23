// `kbgit sync`: fetches, merges with kbgit's merge driver, and pushes, again if somebody else was faster.
//
// The merge is made beside the work tree and put in place like any other change of kbgit's, by the journal, so that it is
// whole or did not happen.
import { setTimeout as delay } from 'node:timers/promises'
import type { SyncOptions } from '../../api.ts'
import { writeConfig } from '../../commit/config-write.ts'
import { isAncestor } from '../../commit/head.ts'
import { openWriter, type OpenWriter } from '../../commit/open-writer.ts'
import type { Session } from '../../commit/session.ts'
import { KbError } from '../../core/errors.ts'
import { shortBranch } from '../../core/review.ts'
import type { SyncResult } from '../../core/results.ts'
import { headRevision, isHeadless, type Base } from '../../io/base.ts'
import { clearStalePrivateRefLocks } from '../../io/git/ref-locks.ts'
import { gitFetch, gitPush, type RemoteOptions } from '../../io/porcelain.ts'
import { bringIn } from '../merge/bring-in.ts'
import { isPlain, putInPlace } from '../merge/put-in-place.ts'
import { OriginalsOnTheWay } from './share-originals.ts'
import { mergeCommit } from './merge-commit.ts'
import { refusePurged } from './purged.ts'
import { upstreamOf, type Upstream } from './upstream.ts'
import { whatCame } from './what-came.ts'

/** Attempts to push before somebody else does. */
const PUSHES_MAX = 8
/** Milliseconds before the next attempt; doubled each time up to the second value, with a random part. */
const PAUSE_MS = 100
const PAUSE_MS_MAX = 6_400

/** Throws `KbError`: `usage` without a remote, `notFound` for a branch that is not here, `rolledBack` for a conflict, `gitFailed` if the remote refuses. */
export async function sync(
  base: Base,
  options: SyncOptions & { command?: readonly string[] | undefined; pushesMax?: number } = {},
): Promise<SyncResult> {
  await using tools = await openWriter({ base, command: 'sync', signal: options.signal })
  const { branch, before } = await tools.writer.locked(async (session) => {
    const head = await session.head()
    if (head.commit === null || (await tools.objects.resolve(head.branch)) === undefined)
      throw noSuchBranch(head.branch)
    return { branch: head.branch, before: head.commit }
  })
  const upstream = await upstreamOf(base, branch, options.remote)
  const remote: RemoteOptions = {
    dir: base.repository.workTree,
    env: base.env,
    remote: upstream.remote,
    durability: base.config.durability,
    signal: options.signal,
    onProgress: (stage, percent) => options.onProgress?.({ kind: 'sync', stage, percent }),
  }
  const originals = new OriginalsOnTheWay(base, tools.objects, upstream.remote, options.command ?? [])
  for (let attempt = 1; ; attempt++) {
    // A fetch that was killed leaves a lock, and git would refuse the next one.
    await clearStalePrivateRefLocks(base.repository, `refs/remotes/${upstream.remote}`)
    await gitFetch({ ...remote, tracking: isHeadless(base) })
    const theirs = await tools.objects.resolve(upstream.tracking)
    if (theirs !== undefined) await tools.writer.locked((session) => takeIn(base, tools, session, upstream, theirs))
    if (theirs !== undefined) await originals.fetch()
    const head = (await tools.tip()) ?? before
    const sent = await whatCame(base, theirs ?? null, head)
    await originals.send()
    if (theirs === head || (await gitPush({ ...remote, from: headRevision(base), branch: upstream.branch }))) {
      await follow(base, branch, upstream)
      return {
        remote: upstream.remote,
        branch: upstream.branch.replace(/^refs\/heads\//, ''),
        before,
        head,
        attempts: attempt,
        received: theirs === undefined ? NOTHING : await whatCame(base, before, theirs),
        sent,
        large: await originals.report(),
      }
    }
    if (attempt === (options.pushesMax ?? PUSHES_MAX))
      throw new KbError(
        'gitFailed',
        `${upstream.remote} was changed by others ${attempt} times while kbgit was pushing.`,
        {
          hint: 'What they did is merged here. Run kbgit sync again.',
        },
      )
    await delay(Math.min(PAUSE_MS * 2 ** attempt, PAUSE_MS_MAX) * (0.5 + Math.random()), undefined, {
      signal: options.signal,
    })
  }
}

function noSuchBranch(branch: string): KbError {
  const name = shortBranch(branch)
  return new KbError('notFound', `There is no branch "${name}" here.`, {
    hint: `"git branch --all" lists the branches. One that only the remote has: git branch ${name} <remote>/${name}`,
  })
}

/** Makes the remote's branch the one that this branch follows, unless the user has chosen one. */
async function follow(base: Base, branch: string, { remote, branch: theirs }: Upstream): Promise<void> {
  const key = `branch.${branch.replace(/^refs\/heads\//, '')}`
  if ((await base.git.text(['config', '--get', `${key}.remote`], { ok: [0, 1] })) === '')
    await writeConfig(base, { [`${key}.remote`]: remote, [`${key}.merge`]: theirs })
}

const NOTHING = { commits: 0, documents: [], authors: [] }

/** Brings the branch to a commit that has both. */
async function takeIn(
  base: Base,
  tools: OpenWriter,
  session: Session,
  { remote, tracking, branch: theirBranch }: Upstream,
  theirs: string,
): Promise<void> {
  const { identity, staging } = tools
  const head = await session.head()
  const before = head.commit ?? ''
  if (before === theirs || (await isAncestor(base.git, theirs, before))) return
  await refusePurged(base.git, { ours: before, theirs, remote, branch: theirBranch })
  const id = base.clock.random()
  const isNewer = await isAncestor(base.git, before, theirs)
  const name = tracking.replace(/^refs\/remotes\//, '')
  const after = isNewer
    ? theirs
    : await mergeCommit(base, identity, { id, ours: before, theirs, name, scratch: staging.folder() })
  if (await isPlain(base, tools, { before, after, what: 'what others have committed', again: 'kbgit sync' }))
    await putInPlace(base, tools, {
      id,
      tip: isNewer ? theirs : undefined,
      branch: head.branch,
      before,
      after,
      refs: [{ name: head.branch, old: before, new: after }],
      // Recorded for recovery, which then knows a lock of ours on the branch.
      together: true,
      message: `kbgit: sync with ${name}`,
    })
  else await mergeByGit(base, theirs, remote)
  await tools.align((await tools.tip()) ?? after)
  await bringIn(base, tools, session)
}

/** git refuses by itself what it would overwrite. */
async function mergeByGit({ git }: Base, theirs: string, remote: string): Promise<void> {
  const merged = await git.run(['merge', '--no-edit', '--quiet', '-m', `Merge ${remote}`, theirs], {
    ok: [0, 1, 2, 128],
  })
  if (merged.code === 0) return
  await git.run(['merge', '--abort'], { ok: [0, 128] })
  throw new KbError('rolledBack', `git merge failed: ${merged.stderr.trim() || merged.stdout.toString().trim()}`, {
    hint: 'Nothing was changed here. Merge by hand, and run kbgit sync again.',
  })
}
