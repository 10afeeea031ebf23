// Chooses the driver that reads a repository's history.
import { gitMissing } from './git/git.ts'
import { GitHistory } from './git/history.ts'
import type { Base } from './base.ts'
import type { History } from './history.ts'

export type HistoryOptions = Pick<Base, 'repository' | 'branch' | 'git' | 'prefix' | 'driver' | 'gitMissing' | 'held'>

/** Maximum total size of packs held in memory if there is no git to fall back to. */
const PACK_BYTES_MAX_ALONE = 1024 ** 3

/**
 * With a branch, `HEAD` means that branch.
 *
 * git starts sooner and reads faster at every size (docs/decisions/0002). `in-process` is used if it is requested or
 * git is missing, provided that isomorphic-git can read the repository; otherwise git is used.
 */
export async function openHistory(options: HistoryOptions): Promise<History> {
  const { held } = options
  if (held === undefined) return openDriver(options)
  held.history ??= openDriver(options)
  return lent(await held.history)
}

/** Ends the history that readers share and the search store that they left open. */
export async function closeHeld({ held }: Pick<HistoryOptions, 'held'>): Promise<void> {
  held?.index?.[Symbol.dispose]()
  if (held !== undefined) held.index = undefined
  const history = await held?.history?.catch(() => undefined)
  if (held !== undefined) held.history = undefined
  await history?.[Symbol.asyncDispose]()
}

/** The same history, which stays open when its borrower is done. */
function lent(history: History): History {
  return {
    driver: history.driver,
    head: () => history.head(),
    resolve: (rev) => history.resolve(rev),
    fileAt: (commit, path) => history.fileAt(commit, path),
    page: (commit, path, options) => history.page(commit, path, options),
    list: (commit, folders) => history.list(commit, folders),
    paths: (commit, folder, without) => history.paths(commit, folder, without),
    contents: (items, oidOf, options) => history.contents(items, oidOf, options),
    sizes: (oids) => history.sizes(oids),
    stream: (oid) => history.stream(oid),
    commits: (query) => history.commits(query),
    messages: (query) => history.messages(query),
    commitsNamed: (oids) => history.commitsNamed(oids),
    changes: (oids, paths) => history.changes(oids, paths),
    diff: (from, to) => history.diff(from, to),
    blame: (commit, path) => history.blame(commit, path),
    [Symbol.asyncDispose]: async () => {},
  }
}

async function openDriver(options: HistoryOptions): Promise<History> {
  if (options.driver === 'in-process') {
    const { InProcessHistory } = await import('./history-in-process.ts')
    const { PACK_BYTES_MAX } = await import('./objects-in-process.ts')
    const { obstacleInProcess } = await import('./repository-in-process.ts')
    const bytesMax = options.gitMissing === true ? PACK_BYTES_MAX_ALONE : PACK_BYTES_MAX
    const obstacle = await obstacleInProcess(options.repository, bytesMax)
    if (obstacle === undefined) return new InProcessHistory(options.repository, options.prefix, options.branch)
    if (options.gitMissing === true)
      throw gitMissing(`git was not found, and this repository cannot be read without it: ${obstacle}.`)
  }
  return new GitHistory(options.git, options.repository.gitDir, options)
}
