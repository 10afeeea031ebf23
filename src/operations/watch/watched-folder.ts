// One folder that is watched: complete files are added in rounds. What fails here stops no other folder.
import { mkdir, readdir, realpath, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { add } from '../ingest/add.ts'
import { OWNED } from '../ingest/open-scan.ts'
import { KbError, messageOf, systemCode } from '../../core/errors.ts'
import { INBOX, RAW } from '../../core/layout.ts'
import { isWithin, namesBelow } from '../../core/platform.ts'
import type { AddResult, WatchedFolder } from '../../core/results.ts'
import { isHeadless, type Base } from '../../io/base.ts'
import { watchFolder } from '../../io/watch-folder.ts'
import { emptyInbox } from './inbox.ts'
import { pause, ReadyFiles } from './ready-files.ts'
import { asKbError, tally, throwIfStopped, type WatchTools } from './watch-tools.ts'

/** Milliseconds before retrying after a round that failed as a whole; doubled up to the second value. */
const AGAIN_MS_MIN = 2_000
const AGAIN_MS_MAX = 60_000
/** Temporary files that programs write before or next to the real file. */
const UNFINISHED = /^(?:\.|~\$)|~$|\.(?:tmp|temp|part|partial|crdownload|download|swp|swx|lock)$|^4913$/i

export class FolderWatcher {
  readonly result: WatchedFolder
  readonly #tools: WatchTools
  readonly #folder: string
  readonly #inbox: boolean

  /** `folder`: as `folderToWatch` returns it. */
  constructor(tools: WatchTools, folder: string) {
    this.#tools = tools
    this.#folder = folder
    this.#inbox = isWithin(join(tools.base.root, INBOX), folder)
    this.result = { folder, added: 0, updated: 0, failed: 0 }
  }

  get name(): string {
    return this.#folder
  }

  /** Adds what is complete now, and what is there at the end of the settling time. Throws what stopped the run. */
  async once(): Promise<void> {
    const paths = await this.#complete()
    if (paths.length === 0 || this.#tools.signal.aborted) return
    throwIfStopped(await this.#round(paths))
  }

  /** Resolves when the signal aborts. */
  async watch(): Promise<void> {
    const { tell, signal } = this.#tools
    const ready = new ReadyFiles(signal)
    let isGone = false
    const open = () =>
      watchFolder(this.#folder, {
        settleMs: this.#tools.settleMs,
        ignored: (path) => this.#isIgnored(path),
        onFile: (path) => ready.put(path),
        onGone: (path) => ready.drop(path),
        onError: (error) => tell({ kind: 'error', error: asKbError(error, this.#folder) }),
        onEnd: () => {
          isGone = true
          ready.wake()
        },
      })
    let watching = await open()
    try {
      tell({ kind: 'watching', folder: this.#folder })
      let again = AGAIN_MS_MIN
      while (!signal.aborted) {
        const paths = await ready.take()
        if (isGone) {
          isGone = false
          await watching[Symbol.asyncDispose]()
          await this.#isThereAgain()
          watching = await open()
        }
        if (paths.length === 0 || signal.aborted) continue
        try {
          const taken = await this.#round(paths)
          if (!signal.aborted) throwIfStopped(taken)
          again = AGAIN_MS_MIN
        } catch (error) {
          if (signal.aborted) break
          tell({ kind: 'error', error: asKbError(error, this.#folder) })
          // The obstacle may go away, so retry; a document that failed on its own waits for its file to change.
          ready.putLater(paths, again)
          again = Math.min(again * 2, AGAIN_MS_MAX)
        }
      }
    } finally {
      ready[Symbol.dispose]()
      await watching[Symbol.asyncDispose]()
    }
  }

  async #round(paths: string[]): Promise<AddResult> {
    const { base, turn, tell, adding } = this.#tools
    const taken = await turn.run(async () => {
      const taken = await add(base, [this.#folder], { ...adding, only: paths })
      // If the round was stopped, it is not finished (overviews, for one): keep the files for the round that continues it.
      if (this.#inbox && taken.stopped === undefined) await emptyInbox(base, paths)
      return taken
    })
    tally(this.result, taken)
    tell({ kind: 'added', result: taken })
    return taken
  }

  /** Files whose size and time did not change during the settling time, or were set before it. */
  async #complete(): Promise<string[]> {
    const { settleMs, signal } = this.#tools
    const names = await readdir(this.#folder, { recursive: true, withFileTypes: true })
    const paths = names
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !this.#isIgnored(path))
      .sort()
    const before = await Promise.all(paths.map(stateOf))
    if (before.every((state) => state === undefined || Date.now() - state.mtimeMs > settleMs)) return paths
    await pause(settleMs, signal)
    const after = await Promise.all(paths.map(stateOf))
    return paths.filter(
      (_, index) => before[index]?.size === after[index]?.size && before[index]?.mtimeMs === after[index]?.mtimeMs,
    )
  }

  /** Ignores kbgit's own writes. */
  #isIgnored(path: string): boolean {
    return namesBelow(this.#folder, path).some((name) => UNFINISHED.test(name)) || isOwned(this.#tools.base, path)
  }

  async #isThereAgain(): Promise<void> {
    const { tell, signal } = this.#tools
    if (!this.#inbox)
      tell({
        kind: 'error',
        error: new KbError('notFound', `${this.#folder} is gone.`, { hint: 'Watching resumes when it is back.' }),
      })
    while (!signal.aborted) {
      try {
        if (this.#inbox) await mkdir(this.#folder, { recursive: true })
        if ((await stat(this.#folder)).isDirectory()) return
      } catch (error) {
        if (!['ENOENT', 'ENOTDIR', 'EACCES', 'ESTALE'].includes(systemCode(error) ?? '')) throw error
      }
      await pause(AGAIN_MS_MIN, signal)
    }
  }
}

/** The real path of a folder that may be watched; the inbox is made. Throws `KbError` (`notFound`, `usage`). */
export async function folderToWatch(base: Base, cwd: string, folder: string | undefined): Promise<string> {
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

/** The inbox is the only place in kbgit's folders for users' files; the folders above it are traversed. */
function isOwned(base: Base, path: string): boolean {
  const inbox = join(base.root, INBOX)
  if (isWithin(inbox, path) || isWithin(path, inbox)) return false
  const own = [...OWNED.map((name) => join(base.root, name)), base.repository.gitDir, base.repository.commonDir]
  return own.some((each) => isWithin(each, path))
}

async function stateOf(path: string): Promise<{ size: number; mtimeMs: number } | undefined> {
  return stat(path).catch(() => undefined)
}
