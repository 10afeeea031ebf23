// `kbgit watch`: watches folders and adds new files, as `add` does. Holds no lock or store between rounds.
import type { WatchEvent, WatchOptions } from '../../api.ts'
import type { KbError } from '../../core/errors.ts'
import type { WatchResult } from '../../core/results.ts'
import type { Base } from '../../io/base.ts'
import { requireGit } from '../../io/git/git.ts'
import { Semaphore } from '../ingest/pipeline.ts'
import { FolderWatcher, folderToWatch } from './watched-folder.ts'
import { asKbError, type WatchTools } from './watch-tools.ts'

export type WatchRequest = WatchOptions & {
  cwd: string
  /** How git calls kbgit. */
  command?: readonly string[]
  /** Milliseconds that a file must stay unchanged to count as complete. Default: 2,000. */
  settleMs?: number | undefined
}

const SETTLE_MS = 2_000

/**
 * Resolves when `signal` aborts, or with `once` when all that is due is done. Throws `KbError` (`notFound`, `usage`) if
 * a folder cannot be watched.
 */
export async function watch(base: Base, options: WatchRequest): Promise<WatchResult> {
  requireGit(base)
  const stop = new AbortController()
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal])
  const tools = toolsOf(base, options, signal)
  const folders: FolderWatcher[] = []
  for (const folder of await foldersOf(base, options)) folders.push(new FolderWatcher(tools, folder))
  if (options.once === true) await eachOnce(tools, folders)
  else
    await allOrNone(
      folders.map((folder) => folder.watch()),
      stop,
    )
  return resultOf(folders.map(({ result }) => result))
}

function toolsOf(base: Base, options: WatchRequest, signal: AbortSignal): WatchTools {
  const { cwd, command, jobs, onProgress, onEvent, settleMs = SETTLE_MS } = options
  const tell = (event: WatchEvent): void => onEvent?.(event)
  return { base, turn: new Semaphore(1), tell, signal, settleMs, adding: { cwd, command, jobs, signal, onProgress } }
}

/** Each folder once; the inbox if none is named. */
async function foldersOf(base: Base, { folder, folders = [], cwd }: WatchRequest): Promise<Set<string>> {
  const named = [...(folder === undefined ? [] : [folder]), ...folders]
  const paths = new Set<string>()
  for (const one of named.length === 0 ? [undefined] : named) paths.add(await folderToWatch(base, cwd, one))
  return paths
}

/** One after the other. What stops one does not stop the next; the first such error is thrown at the end. */
async function eachOnce(
  { tell, signal }: WatchTools,
  parts: { name: string; once: () => Promise<void> }[],
): Promise<void> {
  const errors: KbError[] = []
  for (const part of parts) {
    try {
      await part.once()
    } catch (error) {
      if (signal.aborted) break
      errors.push(asKbError(error, part.name))
    }
  }
  for (const error of errors.slice(1)) tell({ kind: 'error', error })
  if (errors[0] !== undefined) throw errors[0]
}

/** If one part breaks, the others end too. */
async function allOrNone(parts: Promise<void>[], stop: AbortController): Promise<void> {
  for (const part of parts) part.catch(() => stop.abort())
  const ended = await Promise.allSettled(parts)
  for (const end of ended) if (end.status === 'rejected') throw end.reason
}

function resultOf(folders: WatchResult['folders']): WatchResult {
  const sum = (kind: 'added' | 'updated' | 'failed'): number => folders.reduce((total, each) => total + each[kind], 0)
  return {
    folder: folders[0]?.folder ?? '',
    added: sum('added'),
    updated: sum('updated'),
    failed: sum('failed'),
    folders,
  }
}
