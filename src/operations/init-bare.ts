// `kbgit init --bare`: a headless base, in a new or an existing bare repository.
import { mkdir, readdir, realpath } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { KbError } from '../core/errors.ts'
import { CONFIG_FILE } from '../core/layout.ts'
import type { InitResult } from '../core/results.ts'
import { shortBranch } from '../core/review.ts'
import type { Base } from '../io/base.ts'
import { lstatIfThere } from '../io/durable-fs.ts'
import { bareRepository, looksLikeGitDir } from '../io/git/bare-repository.ts'
import { discoverRepository } from '../io/git/git.ts'
import { isUnfinishedBare, makeBareRepository, removeUnfinishedBare } from '../io/git/new-repository.ts'
import { openHistory } from '../io/open-history.ts'
import { fullBranch, makeBase } from './base/make-base.ts'
import { branchOf, readHeadless } from './base/open-headless.ts'
import { commitBase, OWN_FOLDERS, refuseChanges, refuseInsideBase, type InitRequest } from './init.ts'
import { registerMergeDriver } from './merge/register.ts'

/**
 * `dir` is a new or empty folder, or a bare repository, whose other files are kept. Running it twice is harmless. Throws
 * `KbError`: `usage` for any other folder, or for options that the configuration contradicts.
 */
export async function initBare(options: InitRequest): Promise<InitResult> {
  const dir = resolve(options.dir)
  const chosen = options.branch === undefined ? undefined : shortBranch(fullBranch(options.branch))
  await mkdir(dirname(dir), { recursive: true })
  const parent = await realpath(dirname(dir))
  await removeUnfinishedBare(parent)
  if (!(await isBare(dir, options.env))) {
    await refuseTaken(dir, options.env)
    await makeBareRepository(dir, chosen, options.env)
  }
  const root = await realpath(dir)
  await refuseInsideBase(root)
  const repository = await bareRepository(root, options.env)
  if (repository === undefined) throw new KbError('gitFailed', `git init did not create a bare repository in ${root}.`)
  const unborn = makeBase(options, root, repository, { prefix: '' })
  const branch = await branchFor(unborn, chosen)
  const opened = await readHeadless({ ...options, dir: root, branch }).catch((error: unknown) => {
    if (error instanceof KbError && error.code === 'noBase') return undefined
    throw error
  })
  if (opened !== undefined) refuseChanges(root, opened.config, options)
  const base: Base = opened ?? { ...unborn, branch }
  if (opened === undefined && options.adopt !== true) await refuseTakenFolders(base)
  const { commit, created } = await commitBase(base, options, async (_, content) => content)
  await registerMergeDriver(base, options.command)
  return { root, commit, created, hooks: {}, headless: true }
}

async function branchFor(base: Base, chosen: string | undefined): Promise<string> {
  await using history = await openHistory(base)
  return branchOf(base.root, chosen, (await history.head()).branch)
}

async function isBare(dir: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  return looksLikeGitDir(dir) && (await bareRepository(await realpath(dir), env)) !== undefined
}

async function refuseTaken(dir: string, env: NodeJS.ProcessEnv): Promise<void> {
  const stat = lstatIfThere(dir)
  if (stat === undefined) return
  const hint = 'Name a folder that does not exist yet: kbgit init --bare <name>.git.'
  if (!stat.isDirectory()) throw new KbError('usage', `${dir} is not a folder.`, { hint })
  if (await isUnfinishedBare(dir)) return
  const names = await readdir(dir)
  const isRepository =
    names.includes('.git') && (await discoverRepository(dir, env).catch(() => undefined)) !== undefined
  throw new KbError(
    'usage',
    isRepository
      ? `${dir} is a repository with a work tree. Nothing was changed.`
      : `${dir} has files, and is not a bare repository. Nothing was changed.`,
    { hint: isRepository ? `For a headless copy of it: git clone --bare ${dir} <name>.git.` : hint },
  )
}

/** Files of the branch in `raw/`, `documents/` or `wiki/` would become kbgit's. */
async function refuseTakenFolders(base: Base): Promise<void> {
  await using history = await openHistory(base)
  const { commit } = await history.head()
  if (commit === null) return
  for (const folder of OWN_FOLDERS) {
    if ((await history.paths(commit, folder)).length === 0) continue
    throw new KbError(
      'usage',
      `${shortBranch(base.branch ?? '')} has files of its own in ${folder}/, which is kbgit's in a knowledge base. Nothing was changed.`,
      {
        hint: `Choose another branch with --branch, or say --adopt: then they stay, but cannot be added. ${CONFIG_FILE} is missing there.`,
      },
    )
  }
}
