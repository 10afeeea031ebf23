// Large originals on their way: git-lfs sends and fetches them, before a push and after a merge.
import { rm } from 'node:fs/promises'
import { KbError, messageOf } from '../../core/errors.ts'
import { parsePointer, POINTER_BYTES_MAX } from '../../core/document/pointer.ts'
import { LARGE } from '../../core/layout.ts'
import type { LargeOriginals } from '../../core/results.ts'
import { headRevision, type Base } from '../../io/base.ts'
import { lstatIfThere } from '../../io/durable-fs.ts'
import type { ObjectReader } from '../../io/git/objects.ts'
import { LargeStore } from '../../io/sidecar/large-store.ts'
import { sidecarPath } from '../../io/sidecar/paths.ts'
import { largeOriginals, noteUnsent, setUpLfs, type LargeHere } from '../lfs.ts'

export class OriginalsOnTheWay {
  readonly #base: Base
  readonly #objects: ObjectReader
  readonly #remote: string
  readonly #command: readonly string[]
  #state: LargeOriginals['gitLfs'] | undefined
  /** Originals that the push leaves behind. */
  #left = 0

  /** `command`: how git calls kbgit, for the hook that large originals need. */
  constructor(base: Base, objects: ObjectReader, remote: string, command: readonly string[]) {
    this.#base = base
    this.#objects = objects
    this.#remote = remote
    this.#command = command
  }

  /**
   * Fetches what HEAD has and this clone lacks, and puts it into the work tree. What the remote does not have either is no
   * reason to exchange no documents: somebody may have pushed without git-lfs.
   */
  async fetch(): Promise<void> {
    if (!(await this.#isOn())) return
    if ((await this.#absent()) > 0)
      await this.#lfs('fetch', ['fetch', this.#remote, headRevision(this.#base)]).catch(async (error: unknown) => {
        const count = await this.#absent()
        const what = count === 1 ? '1 large original is' : `${count} large originals are`
        this.#base.logger.warn(
          { error: messageOf(error) },
          `${what} not in this clone, and could not be fetched: ${messageOf(error).split('\n', 1)[0]}`,
        )
      })
    if (this.#base.branch === undefined) await this.#lfs('checkout', ['checkout'])
  }

  /** Sends what the remote lacks. A push without would leave them behind: what it will is noted. */
  async send(): Promise<void> {
    if (!(await this.#isOn())) return this.#noteLeft()
    await new LargeStore(this.#base).gather()
    const unsent = sidecarPath(this.#base, 'unsent')
    // A push without git-lfs has left the objects of earlier commits behind.
    const all = lstatIfThere(unsent) === undefined ? [] : ['--all']
    // Originals that are missing here too cannot be sent; the pre-push hook of git-lfs reports new ones.
    const settings = ['-c', 'lfs.allowincompletepush=true']
    await this.#lfs(
      'push',
      ['push', ...all, this.#remote, ...(all.length > 0 ? [] : [headRevision(this.#base)])],
      settings,
    )
    await rm(unsent, { force: true })
    this.#left = 0
  }

  /** Undefined if HEAD has no large original. */
  async report(): Promise<LargeOriginals | undefined> {
    return (await this.#pointers()).length === 0 ? undefined : { onlyHere: this.#left, gitLfs: await this.#ready() }
  }

  async #noteLeft(): Promise<void> {
    const store = new LargeStore(this.#base)
    const here: LargeHere[] = []
    for (const pointer of await this.#pointers()) if (await store.has(pointer.sha256)) here.push(pointer)
    this.#left = (await largeOriginals(this.#base, here)).onlyHere
    if (this.#left > 0) await noteUnsent(this.#base)
  }

  async #isOn(): Promise<boolean> {
    return (await this.#pointers()).length > 0 && isRunning(await this.#ready())
  }

  /** The large originals at HEAD. */
  async #pointers(): Promise<LargeHere[]> {
    const head = (await this.#objects.resolve(headRevision(this.#base))) ?? ''
    const found: LargeHere[] = []
    const files = this.#objects.tree(head, this.#base.prefix, [LARGE])
    const options = { bytesMax: POINTER_BYTES_MAX, skipLarger: true }
    for await (const { item, body } of this.#objects.readMany(files, ({ oid }) => oid, options)) {
      const pointer = parsePointer(body.toString())
      if (pointer !== undefined) found.push({ oid: item.oid, sha256: pointer.sha256 })
    }
    return found
  }

  async #ready(): Promise<LargeOriginals['gitLfs']> {
    this.#state ??= await setUpLfs(this.#base, this.#command)
    return this.#state
  }

  /** How many of them are not in this clone. */
  async #absent(): Promise<number> {
    const store = new LargeStore(this.#base)
    let count = 0
    for (const { sha256 } of await this.#pointers()) if (!(await store.has(sha256))) count++
    return count
  }

  async #lfs(what: string, args: string[], settings: string[] = []): Promise<void> {
    try {
      await this.#base.git.run([...settings, 'lfs', ...args])
    } catch (cause) {
      const said = messageOf(cause).replace(/^git \S+ failed \(\d+\): /, '')
      throw new KbError('gitFailed', `git lfs ${what} ${this.#remote} failed: ${said}`, {
        hint: 'Large originals travel by git-lfs: does the remote support it? Commits that were made here stay.',
        cause,
      })
    }
  }
}

/** Without its hook kbgit still starts it. */
function isRunning(state: LargeOriginals['gitLfs']): boolean {
  return state === 'ready' || state === 'unhooked'
}
