// `kbgit watch`: watches folders, visits the sources of `sources.yaml`, and adds what is new, as `add` does. Holds no lock
// or store between rounds.
import type { WatchEvent, WatchOptions } from '../../api.ts'
import type { KbError } from '../../core/errors.ts'
import type { WatchResult } from '../../core/results.ts'
import { isHeadless, type Base } from '../../io/base.ts'
import { requireGit } from '../../io/git/git.ts'
import { Semaphore } from '../ingest/pipeline.ts'
import { ensureWritable } from '../../io/sidecar/writable.ts'
import { WatchNote } from '../../io/sidecar/watch-note.ts'
import { SourcesWatcher } from './watched-sources.ts'
import { FolderWatcher, folderToWatch } from './watched-folder.ts'
import { asKbError, type WatchTools } from './watch-tools.ts'

export type WatchRequest = WatchOptions & {
  cwd: string
  /** How git calls kbgit. */
  command?: readonly string[]
  /** Milliseconds that a file must stay unchanged to count as complete. Default: 2,000. */
  settleMs?: number | undefined
  /** Milliseconds since the epoch. Default: the system's clock. */
  now?: (() => number) | undefined
}

const SETTLE_MS = 2_000

/**
 * Resolves when `signal` aborts, or with `once` when all that is due is done. Throws `KbError` (`notFound`, `usage`) if
 * a folder cannot be watched.
 */
export async function watch(base: Base, options: WatchRequest): Promise<WatchResult> {
  requireGit(base)
  ensureWritable(base)
  const stop = new AbortController()
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal])
  const tools = toolsOf(base, options, signal)
  const folders: FolderWatcher[] = []
  const sources = new SourcesWatcher(tools)
  await sources.load()
  // A headless base has no inbox, and need not have a folder if there are sources.
  const names = isHeadless(base) && !sources.isEmpty ? namedIn(options) : foldersIn(options)
  for (const folder of await pathsOf(base, names, options.cwd)) folders.push(new FolderWatcher(tools, folder))
  const parts = [...folders, sources]
  using _ =
    options.once === true
      ? undefined
      : new WatchNote(
          base,
          folders.map(({ name }) => name),
        )
  if (options.once === true) await eachOnce(tools, parts)
  else
    await allOrNone(
      parts.map((part) => part.watch()),
      stop,
    )
  return resultOf(
    folders.map(({ result }) => result),
    sources.visited,
  )
}

function toolsOf(base: Base, options: WatchRequest, signal: AbortSignal): WatchTools {
  const {
    cwd,
    command,
    jobs,
    onProgress,
    onEvent,
    settleMs = SETTLE_MS,
    allowPrivate = false,
    now = Date.now,
  } = options
  const tell = (event: WatchEvent): void => onEvent?.(event)
  return {
    base,
    turn: new Semaphore(1),
    tell,
    signal,
    settleMs,
    allowPrivate,
    now,
    adding: { cwd, command, jobs, signal, onProgress },
  }
}

function namedIn({ folder, folders = [] }: WatchRequest): string[] {
  return [...(folder === undefined ? [] : [folder]), ...folders]
}

/** The inbox if none is named. */
function foldersIn(options: WatchRequest): (string | undefined)[] {
  const named = namedIn(options)
  return named.length === 0 ? [undefined] : named
}

/** Each folder once. */
async function pathsOf(base: Base, folders: (string | undefined)[], cwd: string): Promise<Set<string>> {
  const paths = new Set<string>()
  for (const folder of folders) paths.add(await folderToWatch(base, cwd, folder))
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

function resultOf(folders: WatchResult['folders'], sources: WatchResult['sources']): WatchResult {
  const sum = (kind: 'added' | 'updated' | 'failed'): number =>
    [...folders, ...sources].reduce((total, each) => total + each[kind], 0)
  return {
    folder: folders[0]?.folder ?? '',
    added: sum('added'),
    updated: sum('updated'),
    failed: sum('failed'),
    folders,
    sources,
  }
}
