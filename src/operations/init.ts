// `kbgit init`: turns a folder into a knowledge base, in a new or an existing repository.
import { mkdir, readdir, readFile, realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { initialPages } from '../wiki/plan-pages.ts'
import type { Planned } from '../commit/change.ts'
import { openWriter } from '../commit/open-writer.ts'
import type { Snapshot } from '../commit/work.ts'
import { initialConfig, parseConfig, type Config } from '../core/config.ts'
import { KbError, systemCode } from '../core/errors.ts'
import { CONFIG_FILE, DOCUMENTS, RAW } from '../core/layout.ts'
import type { InitResult } from '../core/results.ts'
import { lstatIfThere } from '../io/durable-fs.ts'
import { discoverRepository } from '../io/git/git.ts'
import { installHooks } from '../io/git/hooks.ts'
import { makeRepository, removeUnfinishedRepositories } from '../io/git/new-repository.ts'
import { removeEmptyFolders } from '../io/git/work-tree.ts'
import { ATTRIBUTES } from './merge/attributes.ts'
import { registerMergeDriver } from './merge/register.ts'
import type { Base } from '../io/base.ts'
import { makeBase, type OpenBaseOptions } from './base/make-base.ts'
import { readConfig } from './base/open.ts'
import { namesBelow } from '../core/platform.ts'

export type InitRequest = OpenBaseOptions & {
  model?: string | undefined
  language?: string | undefined
  hooks?: boolean | undefined
  adopt?: boolean | undefined
  bare?: boolean | undefined
  command: readonly string[]
}

export const OWN_FOLDERS = ['wiki', RAW, DOCUMENTS]

/** Creates or adopts a base. Existing files are kept; running it twice is harmless. */
export async function initBase(options: InitRequest): Promise<InitResult> {
  // Reject bad options before creating anything.
  await parseConfig(initialConfig(options), CONFIG_FILE)
  if (options.bare === true) return await (await import('./init-bare.ts')).initBare(options)
  if (options.branch !== undefined)
    throw new KbError(
      'usage',
      '--branch is for headless bases: a base with a work tree is on the branch that git has.',
      {
        hint: 'Switch with git: git switch -c <name>. For a headless base say --bare.',
      },
    )
  const dir = resolve(options.dir)
  const stat = lstatIfThere(dir)
  if (stat !== undefined && !stat.isDirectory() && !stat.isSymbolicLink()) {
    throw new KbError('usage', `${dir} is not a folder.`, {
      hint: 'Name a folder for the knowledge base; use kbgit add to add files to it.',
    })
  }
  const made = await mkdir(dir, { recursive: true }).catch((cause: unknown) => {
    if (!['ENOTDIR', 'EEXIST', 'ENOENT', 'ELOOP'].includes(systemCode(cause) ?? '')) throw cause
    throw new KbError(
      'usage',
      `${dir} cannot be created: part of its path is not a folder, or a link that leads nowhere.`,
      {
        hint: 'Name another folder for the knowledge base.',
        cause,
      },
    )
  })
  const root = await realpath(dir)
  try {
    await refuseInsideBase(root)
    return await initFolder(root, options)
  } catch (error) {
    if (made !== undefined) removeEmptyFolders(root, dirname(await realpath(made)))
    throw error
  }
}

async function initFolder(root: string, options: InitRequest): Promise<InitResult> {
  await removeUnfinishedRepositories(root)
  let repository = await discoverRepository(root, options.env)
  if (repository === undefined) {
    await makeRepository(root, options.env)
    repository = await discoverRepository(root, options.env)
  }
  if (repository === undefined) throw new KbError('gitFailed', `git init did not create a repository in ${root}.`)
  const config = await readConfig(root)
  if (config !== undefined) refuseChanges(root, config, options)
  else if (options.adopt !== true) await refuseTakenFolders(root)
  const base = makeBase(options, root, repository, { config })

  const { commit, created } = await commitBase(base, options, (path, content) =>
    bytesToCommit(join(root, path), path === CONFIG_FILE, content),
  )
  await registerMergeDriver(base, options.command)
  const hooks =
    options.hooks === false
      ? undefined
      : await installHooks(base.git, repository, { command: options.command, base: root })
  return { root, commit, created, hooks: hooks?.hooks ?? {} }
}

/** Commits what a base consists of and the branch lacks. `bytesOf`: what to commit at a path; undefined: nothing. */
export async function commitBase(
  base: Base,
  options: Pick<InitRequest, 'model' | 'language'>,
  bytesOf: (path: string, content: string) => Promise<string | undefined>,
): Promise<{ commit: string | null; created: string[] }> {
  const label = base.root
  const made: { commit: string | null; created: string[] } = { commit: null, created: [] }
  await using tools = await openWriter({ base, command: 'init', unborn: true })
  await tools.writer.locked(async (session) => {
    const plan = async (snapshot: Snapshot): Promise<Planned | undefined> => {
      made.created = []
      const files = [{ path: CONFIG_FILE, content: initialConfig(options) }, ...ATTRIBUTES, ...initialPages()]
      const changes: Planned['changes'] = []
      for (const { path, content } of files) {
        if (content === null || (await snapshot.read(path)) !== undefined) continue
        const bytes = await bytesOf(path, content)
        if (bytes === undefined) continue
        changes.push({ path, content: { bytes } })
        made.created.push(path)
      }
      return changes.length === 0 ? undefined : { label, subject: 'kbgit: init', trailers: [], changes }
    }
    const { outcomes, unfinished } = await session.commit([{ label, plan }])
    if (unfinished !== undefined) throw unfinished
    const outcome = outcomes[0]
    if (outcome?.kind === 'failed')
      throw new KbError('rolledBack', outcome.failure.message, { hint: outcome.failure.hint })
    if (outcome?.kind === 'committed') made.commit = outcome.commit
  })
  return made
}

/**
 * Inside a folder that another base writes to, this base's files would be taken for that base's pages and documents.
 */
export async function refuseInsideBase(root: string): Promise<void> {
  for (let above = dirname(root); above !== dirname(above); above = dirname(above)) {
    const folder = namesBelow(above, root)[0] ?? ''
    if (!OWN_FOLDERS.includes(folder) || lstatIfThere(join(above, CONFIG_FILE)) === undefined) continue
    throw new KbError(
      'usage',
      `${root} is in the ${folder}/ folder of the knowledge base in ${above}, where kbgit writes. Nothing was created.`,
      {
        hint: 'Create the base next to that one, or in a folder of your own inside it.',
      },
    )
  }
}

/** Rejects a folder whose own `raw/`, `documents/` or `wiki/` would become kbgit's: nothing in them could be added. */
async function refuseTakenFolders(root: string): Promise<void> {
  const taken: string[] = []
  for (const folder of OWN_FOLDERS) if (await hasForeignFiles(join(root, folder))) taken.push(`${folder}/`)
  if (taken.length === 0) return
  const [are, them] = taken.length === 1 ? ['is', 'it'] : ['are', 'them']
  throw new KbError(
    'usage',
    `${root} has files of its own in ${taken.join(' and ')}, which ${are} kbgit's in a knowledge base. Nothing was changed.`,
    {
      hint: `Make the base in a folder beside ${them}: kbgit init ${root} --kb-dir kb. Or say --adopt: then they stay, but cannot be added.`,
    },
  )
}

/** Files that an earlier `init` may have made do not count. */
async function hasForeignFiles(folder: string): Promise<boolean> {
  const own = new Set(['.gitattributes', '.gitkeep', '.DS_Store', ...initialPages().map(({ path }) => basename(path))])
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries.some((entry) => entry.isFile() && !own.has(entry.name))
}

/** Rejects options that contradict the existing configuration, which is the user's to change. */
export function refuseChanges(root: string, config: Config, { model, language }: InitRequest): void {
  for (const [key, asked, there] of [
    ['model', model, config.model],
    ['language', language, config.language],
  ] as const) {
    if (asked === undefined || asked === there) continue
    const file = join(root, CONFIG_FILE)
    throw new KbError(
      'usage',
      `${file} already exists and has "${key}: ${there}", not ${asked}. Nothing was changed.`,
      {
        hint: `Set "${key}: ${asked}" in ${file} and run kbgit init without --${key}.`,
      },
    )
  }
}

/** A configuration that the user wrote is committed; their other files are not. */
async function bytesToCommit(file: string, isConfig: boolean, content: string): Promise<string | undefined> {
  if (lstatIfThere(file)?.isFile() !== true) return content
  const there = await readFile(file, 'utf8')
  return isConfig || there === content ? there : undefined
}
