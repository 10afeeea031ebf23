// The layout of the sidecar. docs/formats.md describes what each entry holds.
import { join } from 'node:path'
import type { Repository } from '../git/git.ts'

/** Files and folders of `<git common dir>/kbgit`. */
const ENTRIES = {
  journal: 'journal',
  quarantine: 'quarantine',
  staging: 'staging',
  prepared: 'prepared',
  blobs: 'blobs',
  large: 'large',
  unsent: 'unsent',
  answers: 'answers',
  chats: 'chats',
  hooks: 'hooks',
  code: 'code',
  lock: 'lock.db',
  catalog: 'catalog.db',
  pageIndex: 'pageindex.db',
  vectors: 'vectors.db',
  models: 'models',
  statCache: 'stat-cache.db',
  lastRun: 'run.json',
  runNames: 'run-names.json',
  movedOrigins: 'moved.json',
  configWrite: 'config-write',
  replacement: 'replacement.json',
  commitMap: 'commit-map',
  mergeNames: 'merge-names.json',
  leases: 'leases.json',
  running: 'running',
  visits: 'visits',
  watching: 'watching',
} as const

export type SidecarEntry = keyof typeof ENTRIES

/** The sidecar of a repository: shared by its worktrees and by the bases in it. */
export function sidecarOf({ commonDir }: Pick<Repository, 'commonDir'>): string {
  return join(commonDir, 'kbgit')
}

export function sidecarPath(base: { sidecarDir: string }, entry: SidecarEntry, ...parts: string[]): string {
  return join(base.sidecarDir, ENTRIES[entry], ...parts)
}
