// A branch that is not checked out as a target: nothing follows it, so no lock is held and no file is touched, and its cost
// does not depend on the size of the base.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KbError } from '../core/errors.ts'
import type { Base } from '../io/base.ts'
import { namesIn } from '../io/folder-names.ts'
import type { ObjectReader } from '../io/git/objects.ts'
import { HeadMoved, type Head } from './head.ts'
import type { Delivered, Delivery, Target } from './target.ts'

/** Which branch, and what a branch that does not exist yet begins on. */
export type BranchChoice = {
  /**
   * A full ref name; null if the target is a branch of its own: `choose` names one that does not exist, and is asked again if
   * another process is faster.
   */
  branch: string | null
  choose?: (() => Promise<string>) | undefined
  /** A revision. */
  from: string
}

export class OtherBranch implements Target {
  readonly #base: Base
  readonly #objects: ObjectReader
  readonly #choice: BranchChoice
  /** Set once a commit of this run is on it. */
  #own: string | undefined

  constructor(base: Base, objects: ObjectReader, choice: BranchChoice) {
    this.#base = base
    this.#objects = objects
    this.#choice = choice
  }

  async head(): Promise<Head> {
    const { branch: named, choose, from } = this.#choice
    const branch = this.#own ?? named ?? (await choose?.())
    if (branch === undefined) throw new Error('no branch to commit to')
    await refuseCheckedOut(this.#base, branch)
    const ref = (await this.#objects.resolve(branch)) ?? null
    if (ref !== null) return { branch, commit: ref, ref }
    if (this.#own !== undefined)
      throw new KbError('repositoryBusy', `${branch} was deleted while kbgit was running.`, {
        hint: 'Run the command again.',
      })
    return { branch, commit: (await this.#objects.resolve(from)) ?? null, ref }
  }

  async check(): Promise<[]> {
    return []
  }

  deliver({ head }: Delivered): Delivery {
    return {
      paths: [],
      stage: async (stored) => stored,
      hold: async () => {
        if (await isCheckedOut(this.#base, head.branch)) throw new HeadMoved(head.branch)
      },
      publish: async () => {
        this.#own = head.branch
        return []
      },
      release: async () => {},
    }
  }
}

/** Its work tree would no longer be what it has checked out. */
async function refuseCheckedOut(base: Base, branch: string): Promise<void> {
  if (!(await isCheckedOut(base, branch))) return
  throw new KbError('repositoryBusy', `${branch} is checked out, and kbgit would commit behind its work tree.`, {
    hint: 'Switch to another branch there. Nothing was changed.',
  })
}

/** In any work tree of the repository. The HEAD of a bare repository is checked out nowhere. */
async function isCheckedOut({ repository }: Base, branch: string): Promise<boolean> {
  const { commonDir } = repository
  const linked = await namesIn(join(commonDir, 'worktrees'))
  const folders = [
    ...(repository.bare === true ? [] : [commonDir]),
    ...linked.map((name) => join(commonDir, 'worktrees', name)),
  ]
  const heads = await Promise.all(folders.map((folder) => readFile(join(folder, 'HEAD'), 'utf8').catch(() => '')))
  return heads.some((head) => head.trim() === `ref: ${branch}`)
}
