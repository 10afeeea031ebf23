// What a run of `add` does for originals apart from committing them: git-lfs is set up before the first large one, and at
// the end those that are missing or altered here are put back.
import type { OpenWriter } from '../../commit/open-writer.ts'
import type { AddResult } from '../../core/results.ts'
import type { Base } from '../../io/base.ts'
import { noteUnsent, setUpLfs } from '../lfs.ts'
import type { AddTally } from './add-tally.ts'
import type { ReadyDocument } from './plan-files.ts'
import { rememberOriginals, restoreOriginals } from './restore-originals.ts'

export type RunOriginalsOptions = {
  dryRun?: boolean | undefined
  /** How git calls kbgit, for a hook that large originals need. */
  command?: readonly string[] | undefined
}

export class RunOriginals {
  readonly #base: Base
  readonly #tools: OpenWriter
  readonly #result: AddResult
  readonly #options: RunOriginalsOptions

  constructor(base: Base, tools: OpenWriter, result: AddResult, options: RunOriginalsOptions) {
    this.#base = base
    this.#tools = tools
    this.#result = result
    this.#options = options
  }

  /** Call it before the documents are committed. */
  async expect(documents: readonly ReadyDocument[]): Promise<void> {
    const limit = this.#base.config.rawGitLimitBytes
    const isLarge = ({ prepared, attachments = [] }: ReadyDocument): boolean =>
      prepared.size > limit || attachments.some(isLarge)
    if (this.#options.dryRun === true || this.#result.large !== undefined || !documents.some(isLarge)) return
    const gitLfs = await setUpLfs(this.#base, this.#options.command ?? [])
    // Where the hook is missing, a push leaves them behind and nothing notes that.
    if (gitLfs === 'unhooked') await noteUnsent(this.#base)
    this.#result.large = { onlyHere: 0, gitLfs }
  }

  /** Call it once everything is committed. Files of known content may be the originals that are missing here. */
  async finish(tally: AddTally): Promise<void> {
    const { dryRun } = this.#options
    for (const one of await restoreOriginals(this.#base, this.#tools, tally.known, { dryRun })) tally.restored(one)
    if (dryRun === true) return
    const { added, updated, large } = this.#result
    const committed = await rememberOriginals(this.#base, this.#tools, [...added, ...updated])
    if (large !== undefined && large.gitLfs !== 'ready') large.onlyHere = committed.large
  }
}
