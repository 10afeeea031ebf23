// Opens a bare repository as a base: its configuration is the one of its branch.
import { realpath } from 'node:fs/promises'
import { KbError } from '../../core/errors.ts'
import { parseConfig } from '../../core/config.ts'
import { CONFIG_FILE } from '../../core/layout.ts'
import { shortBranch } from '../../core/review.ts'
import type { Base } from '../../io/base.ts'
import { barePlace, bareRepository } from '../../io/git/bare-repository.ts'
import type { Repository } from '../../io/git/git.ts'
import { openHistory } from '../../io/open-history.ts'
import { fullBranch, makeBase, type OpenBaseOptions } from './make-base.ts'

const CONFIG_BYTES_MAX = 1024 * 1024

/**
 * `dir` is a bare repository, or a folder in its tree: `notes.git/kb`. Undefined if there is no bare repository. Throws
 * `KbError`: `noBase`, `config`, `usage` for a branch, `repositoryBusy` if git refuses it.
 */
export async function readHeadless(options: OpenBaseOptions): Promise<Base | undefined> {
  const place = barePlace(options.dir)
  if (place === undefined) return undefined
  const gitDir = await realpath(place.gitDir)
  const { repository, gitMissing } = await discover(gitDir, options)
  if (repository === undefined) return undefined
  const { prefix } = place
  const driver = gitMissing ? ({ driver: 'in-process', gitMissing } as const) : {}
  const before = { ...makeBase(options, gitDir, repository, { prefix }), ...driver }
  await using history = await openHistory(before)
  const head = await history.head()
  const branch = branchOf(gitDir, options.branch, head.branch)
  const commit = (await history.resolve(branch)) ?? head.commit
  if (commit === null)
    throw new KbError('noBase', `${gitDir} has no commits yet on the branch "${shortBranch(branch)}".`, {
      hint: `Run "kbgit init --bare ${gitDir}" to make it a headless base.`,
    })
  const text = await history.page(commit, CONFIG_FILE, { bytesMax: CONFIG_BYTES_MAX })
  if (text === undefined)
    throw new KbError(
      'noBase',
      `There is no knowledge base in ${gitDir}: ${shortBranch(branch)} has no ${prefix}${CONFIG_FILE}.`,
      {
        hint: 'Name another branch with --branch, or make it a headless base with "kbgit init --bare".',
      },
    )
  const config = await parseConfig(text.toString(), `${shortBranch(branch)}:${prefix}${CONFIG_FILE}`)
  return { ...makeBase(options, gitDir, repository, { config, branch, prefix }), ...driver }
}

/** The full name of the branch of a headless base: the one that was chosen, or the one of HEAD. */
export function branchOf(gitDir: string, chosen: string | undefined, head: string | null): string {
  if (chosen !== undefined) return fullBranch(chosen)
  if (head !== null) return fullBranch(head)
  throw new KbError('repositoryBusy', `HEAD of ${gitDir} names no branch.`, {
    hint: 'Choose one with --branch <name>, or let HEAD name it: git symbolic-ref HEAD refs/heads/<name>.',
  })
}

async function discover(
  gitDir: string,
  { env, driver }: OpenBaseOptions,
): Promise<{ repository: Repository | undefined; gitMissing: boolean }> {
  const inProcess = async () => (await import('../../io/repository-in-process.ts')).findBareRepository(gitDir)
  if (driver === 'in-process') return { repository: await inProcess(), gitMissing: false }
  try {
    return { repository: await bareRepository(gitDir, env), gitMissing: false }
  } catch (error) {
    if (!(error instanceof KbError) || error.code !== 'gitMissing') throw error
    return { repository: await inProcess(), gitMissing: true }
  }
}
