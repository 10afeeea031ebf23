// Chooses the driver that reads a repository's history.
import { GitHistory } from './git/history.ts'
import type { Git, Repository } from './git/git.ts'
import type { History } from './history.ts'

export type HistoryOptions = {
  repository: Repository
  git: Git
  /** The base's folder in the repository: '' or `notes/kb/`. */
  prefix: string
  /**
   * `in-process` starts no program, where the repository is one that isomorphic-git can read; elsewhere git is used all
   * the same. Default: `git`, which starts sooner and reads faster at every size (docs/decisions/0002).
   */
  driver?: 'git' | 'in-process'
}

export async function openHistory(options: HistoryOptions): Promise<History> {
  if (options.driver === 'in-process') {
    const { InProcessHistory, obstacleInProcess } = await import('./history-in-process.ts')
    if ((await obstacleInProcess(options.repository)) === undefined)
      return new InProcessHistory(options.repository, options.prefix)
  }
  return new GitHistory(options.git, options.repository.gitDir, options.prefix)
}
