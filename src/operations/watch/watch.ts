// `kbgit watch`: watches a folder and adds new files, as `add` does. Holds no lock or store between rounds.
import { mkdir, realpath, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { add } from '../ingest/add.ts'
import type { WatchOptions } from '../../api.ts'
import { KbError, knownError, messageOf, systemCode } from '../../core/errors.ts'
import { INBOX, RAW } from '../../core/layout.ts'
import type { AddResult, WatchResult } from '../../core/results.ts'
import { isHeadless, type Base } from '../../io/base.ts'
import { watchFolder } from '../../io/watch-folder.ts'
import { OWNED } from '../ingest/open-scan.ts'
import { emptyInbox } from './inbox.ts'
import { requireGit } from '../../io/git/git.ts'
import { isWithin, namesBelow } from '../../core/platform.ts'

export type WatchRequest = WatchOptions & {
  cwd: string
  /** How git calls kbgit. */
  command?: readonly string[]
  /** Milliseconds that a file must stay unchanged to count as complete. Default: 2,000. */
  settleMs?: number | undefined
}

const SETTLE_MS = 2_000
/**
 * Milliseconds without another file before a round begins, so that files that arrive together are added together; and
 * the maximum wait.
 */
const GATHER_MS = 400
const GATHER_MS_MAX = 5_000
/** Milliseconds before retrying after a round that failed as a whole; doubled up to the second value. */
const AGAIN_MS_MIN = 2_000
const AGAIN_MS_MAX = 60_000
/** Temporary files that programs write before or next to the real file. */
const UNFINISHED = /^(?:\.|~\$)|~$|\.(?:tmp|temp|part|partial|crdownload|download|swp|swx|lock)$|^4913$/i

/** Resolves when `signal` aborts. Throws `KbError` (`notFound`, `usage`) if the folder cannot be watched. */
export async function watch(base: Base, options: WatchRequest): Promise<WatchResult> {
  requireGit(base)
  const { signal = new AbortController().signal, onEvent } = options
  const folder = await folderOf(base, options)
  const inbox = isWithin(join(base.root, INBOX), folder)
  const result: WatchResult = { folder, added: 0, updated: 0, failed: 0 }
  const ready = new ReadyFiles(signal)
  let goneRoot = false
  const open = () =>
    watchFolder(folder, {
      settleMs: options.settleMs ?? SETTLE_MS,
      ignored: (path) => isIgnored(base, folder, path),
      onFile: (path) => ready.put(path),
      onGone: (path) => ready.drop(path),
      onError: (error) => onEvent?.({ kind: 'error', error: asKbError(error, folder) }),
      onEnd: () => {
        goneRoot = true
        ready.wake()
      },
    })
  let watching = await open()
  try {
    onEvent?.({ kind: 'watching', folder })
    let again = AGAIN_MS_MIN
    while (!signal.aborted) {
      const paths = await ready.take()
      if (goneRoot) {
        goneRoot = false
        await watching[Symbol.asyncDispose]()
        if (!inbox)
          onEvent?.({
            kind: 'error',
            error: new KbError('notFound', `${folder} is gone.`, { hint: 'Watching resumes when it is back.' }),
          })
        await isThereAgain(folder, inbox, signal)
        watching = await open()
      }
      if (paths.length === 0 || signal.aborted) continue
      try {
        const taken = await round(base, folder, paths, inbox, { ...options, signal })
        for (const kind of ['added', 'updated', 'failed'] as const) result[kind] += taken[kind].length
        onEvent?.({ kind: 'added', result: taken })
        if (taken.stopped === undefined || signal.aborted) again = AGAIN_MS_MIN
        else throw new KbError(taken.stopped.code, taken.stopped.message, { hint: taken.stopped.hint })
      } catch (error) {
        if (signal.aborted) break
        onEvent?.({ kind: 'error', error: asKbError(error, folder) })
        // The obstacle may go away, so retry; a document that failed on its own waits for its file to change.
        ready.putLater(paths, again)
        again = Math.min(again * 2, AGAIN_MS_MAX)
      }
    }
  } finally {
    ready[Symbol.dispose]()
    await watching[Symbol.asyncDispose]()
  }
  return result
}

async function round(
  base: Base,
  folder: string,
  paths: string[],
  inbox: boolean,
  options: WatchRequest & { signal: AbortSignal },
): Promise<AddResult> {
  const { cwd, command, jobs, signal, onProgress } = options
  const taken = await add(base, [folder], {
    cwd,
    command,
    signal,
    only: paths,
    jobs,
    onProgress,
  })
  // If the round was stopped, it is not finished (overviews, for one): keep the files for the round that continues it.
  if (inbox && taken.stopped === undefined) await emptyInbox(base, paths)
  return taken
}

async function folderOf(base: Base, { folder, cwd }: WatchRequest): Promise<string> {
  if (folder === undefined && isHeadless(base))
    throw new KbError('usage', `${base.root} is a headless base and has no inbox.`, {
      hint: 'Name the folder to watch: kbgit watch <folder>.',
    })
  const asked = folder === undefined ? join(base.root, INBOX) : resolve(cwd, folder)
  if (folder === undefined) await mkdir(asked, { recursive: true })
  try {
    const path = await realpath(asked)
    if (!(await stat(path)).isDirectory())
      throw new KbError('usage', `${asked} is not a folder.`, { hint: 'Name the folder that files are put into.' })
    if (path === join(base.root, RAW) || isOwned(base, path))
      throw new KbError('usage', `${asked} belongs to kbgit.`, {
        hint: `Watch ${join(base.root, INBOX)} or a folder of your own.`,
      })
    return path
  } catch (error) {
    if (error instanceof KbError) throw error
    throw new KbError('notFound', `${asked} cannot be watched: ${messageOf(error)}.`, {
      hint: 'Create the folder first.',
      cause: error,
    })
  }
}

/** Ignores kbgit's own writes. */
function isIgnored(base: Base, folder: string, path: string): boolean {
  const below = namesBelow(folder, path)
  return below.some((name) => UNFINISHED.test(name)) || isOwned(base, path)
}

/** The inbox is the only place in kbgit's folders for users' files; the folders above it are traversed. */
function isOwned(base: Base, path: string): boolean {
  const inbox = join(base.root, INBOX)
  if (isWithin(inbox, path) || isWithin(path, inbox)) return false
  const own = [...OWNED.map((name) => join(base.root, name)), base.repository.gitDir, base.repository.commonDir]
  return own.some((each) => isWithin(each, path))
}

async function isThereAgain(folder: string, make: boolean, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      if (make) await mkdir(folder, { recursive: true })
      if ((await stat(folder)).isDirectory()) return
    } catch (error) {
      if (!['ENOENT', 'ENOTDIR', 'EACCES', 'ESTALE'].includes(systemCode(error) ?? '')) throw error
    }
    await pause(AGAIN_MS_MIN, signal)
  }
}

/** Also resolves when the signal aborts. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolveEnd) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolveEnd()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })
}

/** Complete files waiting for a round. */
class ReadyFiles implements Disposable {
  readonly #signal: AbortSignal
  readonly #later = new Set<NodeJS.Timeout>()
  #paths = new Set<string>()
  #wake: () => void = () => {}

  constructor(signal: AbortSignal) {
    this.#signal = signal
    signal.addEventListener('abort', this.wake)
  }

  put(path: string): void {
    this.#paths.add(path)
    this.#wake()
  }

  putLater(paths: string[], ms: number): void {
    const timer = setTimeout(() => {
      this.#later.delete(timer)
      for (const path of paths) this.put(path)
    }, ms)
    this.#later.add(timer)
  }

  drop(path: string): void {
    this.#paths.delete(path)
  }

  wake = (): void => this.#wake()

  /** Waits for files, and briefly for those that arrive with them. Empty if woken for another reason. */
  async take(): Promise<string[]> {
    if (this.#paths.size === 0) await this.#next()
    const until = performance.now() + GATHER_MS_MAX
    for (let count = 0; this.#paths.size > count && performance.now() < until;) {
      count = this.#paths.size
      await pause(GATHER_MS, this.#signal)
    }
    const paths = [...this.#paths].sort()
    this.#paths = new Set()
    return paths
  }

  async #next(): Promise<void> {
    if (this.#signal.aborted) return
    await new Promise<void>((resolveNext) => (this.#wake = resolveNext))
    this.#wake = () => {}
  }

  [Symbol.dispose](): void {
    this.#signal.removeEventListener('abort', this.wake)
    for (const timer of this.#later) clearTimeout(timer)
  }
}

function asKbError(error: unknown, folder: string): KbError {
  return knownError(error) ?? new KbError('unexpected', `Watching ${folder}: ${messageOf(error)}`, { cause: error })
}
