// The folders of the crash tests, and the environment in which they run commands.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { GIT_IDENTITY } from '../support/git-identity.ts'

/** The time for everything that kbgit writes, so that a document's tree is the same in each run. */
const EPOCH = '1767323045'

export const HERE = fileURLToPath(new URL('.', import.meta.url))

/** One folder for everything that a run creates. Leaving its scope removes it. */
export class Scratch implements Disposable {
  readonly dir: string

  constructor() {
    this.dir = mkdtempSync(join(tmpdir(), 'kbgit-crash-'))
    for (const folder of ['home', 'tmp', 'runs']) mkdirSync(join(this.dir, folder))
  }

  path(...parts: string[]): string {
    return join(this.dir, ...parts)
  }

  /**
   * The environment of commands. Ids are counted instead of random, and asynchronous file calls use one thread, so that
   * two runs make the same calls and each can be identified.
   */
  environment(more: Record<string, string> = {}): Record<string, string> {
    return {
      // Hundreds of files of Node's own, which would be copied with every state.
      NODE_DISABLE_COMPILE_CACHE: '1',
      PATH: process.env['PATH'] ?? '/usr/bin:/bin',
      HOME: this.path('home'),
      TMPDIR: this.path('tmp'),
      LC_ALL: 'C.UTF-8',
      TZ: 'UTC',
      ...GIT_IDENTITY,
      GIT_AUTHOR_DATE: `${EPOCH} +0000`,
      GIT_COMMITTER_DATE: `${EPOCH} +0000`,
      SOURCE_DATE_EPOCH: EPOCH,
      UV_THREADPOOL_SIZE: '1',
      NODE_COMPILE_CACHE: this.path('compiled'),
      NODE_OPTIONS: `--import=${join(HERE, 'counted-ids.js')}`,
      ...more,
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.dir, { recursive: true, force: true })
  }
}
