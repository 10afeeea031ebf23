// Finds the knowledge base to use: named explicitly, found from the current folder upwards, or the saved default.
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Environment, OpenOptions, Surroundings } from '../../api.ts'
import { KbError, systemCode } from '../../core/errors.ts'
import { CONFIG_FILE } from '../../core/layout.ts'
import { barePlace, entersBareRepositories, looksLikeGitDir } from '../../io/git/bare-repository.ts'

/** Folders of a repository that are looked at for a base. */
const FOLDERS_MAX = 500

/** How the base was named. An explicit name is final: if there is no base there, nothing else is tried. */
export type Naming = { by: 'option' | 'KBGIT_DIR'; dir: string } | { by: 'surroundings'; dirs: string[] }

/** Decides where to look, in order: `dir`, `KBGIT_DIR`, then `cwd` and its parent folders, nearest first. */
export function whereToLook(dir: string | undefined, env: Environment, cwd: string): Naming {
  if (dir !== undefined) return { by: 'option', dir: resolve(cwd, dir) }
  const variable = env['KBGIT_DIR']
  if (variable !== undefined && variable !== '') return { by: 'KBGIT_DIR', dir: resolve(cwd, variable) }
  return { by: 'surroundings', dirs: ancestors(cwd) }
}

/**
 * The file that `kbgit use` writes, `$XDG_CONFIG_HOME/kbgit/default`; undefined if the environment has no home folder.
 */
export function defaultBaseFile(env: Environment): string | undefined {
  const home = env['HOME'] ?? env['USERPROFILE']
  const config = env['XDG_CONFIG_HOME'] || env['APPDATA'] || (home ? join(home, '.config') : undefined)
  return config === undefined ? undefined : join(config, 'kbgit', 'default')
}

/** The absolute path of the base. Throws `KbError` (`noBase`) if there is none. */
export async function findBase(options: Pick<OpenOptions, 'dir' | 'env' | 'cwd'>): Promise<string> {
  const naming = whereToLook(options.dir, options.env, resolve(options.cwd ?? '.'))
  switch (naming.by) {
    case 'option':
    case 'KBGIT_DIR': {
      if (await isNamedBase(naming.dir)) return naming.dir
      throw noBase(naming.by === 'KBGIT_DIR' ? `${naming.dir} (named by KBGIT_DIR)` : naming.dir, naming.dir)
    }
    case 'surroundings': {
      for (const dir of naming.dirs) if ((await isBase(dir)) || (await isHeadlessBase(dir, options.env))) return dir
      return rememberedBase(options.env, naming.dirs)
    }
  }
}

/** Saves `dir` as the default base. Throws `KbError` (`noBase`) if it is not a base. */
export async function rememberBase(dir: string, { env, cwd }: Surroundings): Promise<{ dir: string }> {
  const absolute = resolve(cwd ?? '.', dir)
  if (!(await isNamedBase(absolute))) throw noBase(absolute, absolute)
  const file = defaultBaseFile(env)
  if (file === undefined) {
    throw new KbError('usage', 'There is no folder for settings: neither XDG_CONFIG_HOME nor HOME is set.')
  }
  await mkdir(dirname(file), { recursive: true })
  await writeFile(`${file}.new`, `${absolute}\n`)
  await rename(`${file}.new`, file)
  return { dir: absolute }
}

async function rememberedBase(env: Environment, around: readonly string[]): Promise<string> {
  const file = defaultBaseFile(env)
  const dir = file === undefined ? undefined : (await readIfThere(file))?.replace(/\r?\n$/, '')
  if (dir === undefined || dir === '') {
    const below = await baseBelow(around)
    if (below !== undefined)
      throw new KbError('noBase', `There is no knowledge base in this folder, but there is one in ${below}.`, {
        hint: `Name it with --kb ${below}, go there, or choose it with "kbgit use ${below}".`,
      })
    throw new KbError('noBase', 'No knowledge base found in this folder or any parent folder.', {
      hint: 'Create one with "kbgit init", name one with --kb <dir>, or choose a default with "kbgit use <dir>".',
    })
  }
  if (await isNamedBase(dir)) return dir
  throw new KbError('noBase', `The default knowledge base ${dir} no longer exists.`, {
    hint: 'Choose another with "kbgit use <dir>", or name one with --kb <dir>.',
  })
}

/** A base in a folder of the nearest repository's top, as `init --kb-dir` makes it. */
async function baseBelow(dirs: readonly string[]): Promise<string | undefined> {
  const top = dirs.find((dir) => existsSync(join(dir, '.git')))
  if (top === undefined) return undefined
  const entries = await readdir(top, { withFileTypes: true }).catch(() => [])
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).slice(0, FOLDERS_MAX)
  for (const { name } of folders) if (await isBase(join(top, name))) return join(top, name)
  return undefined
}

function noBase(subject: string, dir: string): KbError {
  return new KbError('noBase', `${subject} is not a knowledge base: it has no ${CONFIG_FILE}.`, {
    hint: `Run "kbgit init ${dir}" to make it one.`,
  })
}

/** Whether a folder has a configuration file. False if that path is not a file or the folder is not accessible. */
async function isBase(dir: string): Promise<boolean> {
  try {
    return (await stat(join(dir, CONFIG_FILE))).isFile()
  } catch {
    return false
  }
}

/** A bare repository, or a folder in its tree, may be a headless base: opening it tells. */
async function isNamedBase(dir: string): Promise<boolean> {
  return (await isBase(dir)) || barePlace(dir) !== undefined
}

/** A bare repository that was come across: others may have put it there, so it has to be a base, and git has to agree. */
async function isHeadlessBase(dir: string, env: Environment): Promise<boolean> {
  if (!looksLikeGitDir(dir) || !(await entersBareRepositories(dir, env).catch(() => false))) return false
  const { readHeadless } = await import('./open-headless.ts')
  return (await readHeadless({ dir, env }).catch(() => undefined)) !== undefined
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return undefined
    throw new KbError('noBase', `${file} cannot be read.`, { cause: error })
  }
}

function ancestors(dir: string): string[] {
  const parent = dirname(dir)
  return parent === dir ? [dir] : [dir, ...ancestors(parent)]
}
