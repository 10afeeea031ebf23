// Opens a knowledge base: wires the adapters to the stages. Each method loads what it needs when it is first called.
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Hooks, InitOptions, Kb, MergeVersions, OpenOptions, Surroundings } from './api.ts'
import type { InitResult } from './core/results.ts'
import type { Base, Clock } from './io/base.ts'
import { openBase as open, systemClock } from './open-base.ts'
import type { BaseReader } from './read/base-reader.ts'

/** How git is told to call kbgit: by this Node and this installation, whatever is on the PATH then. */
const COMMAND = [process.execPath, fileURLToPath(new URL('../bin/kbgit.js', import.meta.url))].map(shellQuote).join(' ')

/** Opens the base in `root`. Throws `KbError`: `noBase`, `config`, `gitMissing`, `repositoryBusy`. */
export async function openBase(root: string, options: OpenOptions): Promise<Kb> {
  const base = await open({ ...surroundings(options), dir: root })
  const cwd = options.cwd ?? process.cwd()
  const read = async <T>(work: (reader: BaseReader) => Promise<T>): Promise<T> => {
    const { openHistory } = await import('./io/git-history.ts')
    await using history = await openHistory({ repository: base.repository, git: base.git, prefix: base.prefix })
    return await work({ ...base, history })
  }
  return {
    root: base.root,
    add: async (inputs, added = {}) => (await import('./add.ts')).add(base, inputs, { ...added, cwd }),
    remove: async (document, removed = {}) => {
      const name = await read(async (reader) => (await (await import('./read/find-document.ts')).findDocument(reader, document)).name)
      return (await import('./remove.ts')).remove(base, name, removed)
    },
    list: (at = {}) => read(async (reader) => (await import('./read/list.ts')).list(reader, at)),
    recover: async (how = {}) => (await import('./recover-base.ts')).recoverBase(base, how),
    hooks: hooksOf(base),
    [Symbol.asyncDispose]: async () => {},
  } as Kb
}

/** Makes a base; see `initKb`. */
export async function initBase(options: InitOptions): Promise<InitResult> {
  const { initBase: make } = await import('./init.ts')
  const { model, language, hooks } = options
  return make({
    ...surroundings(options),
    dir: resolve(options.cwd ?? '.', options.dir ?? '.'),
    command: COMMAND,
    ...(model === undefined ? {} : { model }),
    ...(language === undefined ? {} : { language }),
    ...(hooks === undefined ? {} : { hooks }),
  })
}

export async function mergeVersions(versions: MergeVersions): Promise<{ clean: boolean }> {
  return (await import('./merge-files.ts')).mergeFiles(versions)
}

function hooksOf(base: Base): Hooks {
  const io = () => import('./io/hooks.ts')
  return {
    install: async () => (await io()).installHooks(base.git, base.repository, { command: COMMAND }),
    uninstall: async () => (await io()).uninstallHooks(base.git, base.repository),
    status: async () => (await io()).hooksStatus(base.git, base.repository, { command: COMMAND }),
  }
}

function surroundings({ env, clock, logger }: Surroundings): { env: NodeJS.ProcessEnv; clock: Clock; logger?: NonNullable<Surroundings['logger']> } {
  const system = systemClock(env)
  const fixed = env['SOURCE_DATE_EPOCH']
  const now = clock === undefined || (fixed !== undefined && fixed !== '') ? system.now : () => ({ seconds: Math.floor(clock().getTime() / 1000), zone: '+0000' })
  return { env, clock: { ...system, now }, ...(logger === undefined ? {} : { logger }) }
}

function shellQuote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
