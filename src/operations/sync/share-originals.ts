// Large originals on their way: git-lfs sends and fetches them, before a push and after a merge.
import { rm } from 'node:fs/promises'
import { KbError, messageOf } from '../../core/errors.ts'
import { RAW } from '../../core/layout.ts'
import type { LargeOriginals } from '../../core/results.ts'
import { headRevision, repoPathOf, type Base } from '../../io/base.ts'
import { lstatIfThere } from '../../io/durable-fs.ts'
import { sidecarPath } from '../../io/sidecar/paths.ts'
import { setUpLfs } from '../lfs.ts'

export class OriginalsOnTheWay {
  readonly #base: Base
  readonly #remote: string
  readonly #command: readonly string[]
  #state: LargeOriginals['gitLfs'] | undefined

  /** `command`: how git calls kbgit, for the hook that large originals need. */
  constructor(base: Base, remote: string, command: readonly string[]) {
    this.#base = base
    this.#remote = remote
    this.#command = command
  }

  /** Fetches what HEAD has and this clone lacks, and puts it into the work tree. */
  async fetch(): Promise<void> {
    if (!(await this.#isOn())) return
    await this.#lfs('fetch', ['fetch', this.#remote, headRevision(this.#base)])
    if (this.#base.branch === undefined) await this.#lfs('checkout', ['checkout'])
  }

  /** Sends what the remote lacks. A push without would leave them behind. */
  async send(): Promise<void> {
    if (!(await this.#isOn())) return
    const unsent = sidecarPath(this.#base, 'unsent')
    // A push without git-lfs has left the objects of earlier commits behind.
    const all = lstatIfThere(unsent) === undefined ? [] : ['--all']
    await this.#lfs('push', ['push', ...all, this.#remote, ...(all.length > 0 ? [] : [headRevision(this.#base)])])
    await rm(unsent, { force: true })
  }

  /** Undefined if HEAD has no large original. */
  async report(): Promise<LargeOriginals | undefined> {
    const count = await this.#count()
    if (count === 0) return undefined
    const gitLfs = await this.#ready()
    return { onlyHere: isRunning(gitLfs) ? 0 : count, gitLfs }
  }

  async #isOn(): Promise<boolean> {
    return (await this.#count()) > 0 && isRunning(await this.#ready())
  }

  async #count(): Promise<number> {
    const folder = repoPathOf(this.#base, `${RAW}/large`)
    const listed = await this.#base.git.text([
      'ls-tree',
      '-r',
      '-z',
      '--name-only',
      headRevision(this.#base),
      '--',
      folder,
    ])
    return listed.split('\0').filter((path) => path !== '').length
  }

  async #ready(): Promise<LargeOriginals['gitLfs']> {
    this.#state ??= await setUpLfs(this.#base, this.#command)
    return this.#state
  }

  async #lfs(what: string, args: string[]): Promise<void> {
    try {
      await this.#base.git.run(['lfs', ...args])
    } catch (cause) {
      throw new KbError('gitFailed', `git lfs ${what} ${this.#remote} failed: ${messageOf(cause)}`, {
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
