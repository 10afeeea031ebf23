// Creates a repository atomically: a `git init` that dies half-way leaves locks that block git for good.
import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { systemCode } from '../../core/errors.ts'
import { lstatIfThere, moveOver } from '../durable-fs.ts'
import { gitInit } from '../porcelain.ts'

/** The folder next to the files in which the repository is created. */
const UNFINISHED = /^\.git\.kbgit-[0-9a-f]{12}$/
/** The folder beside a bare repository in which that is created, as `NEW`. */
const UNFINISHED_BARE = /^\..+\.kbgit-[0-9a-f]{12}$/
const NEW = 'new'
const HEAD = 'HEAD'
/** Of a new bare repository, without its HEAD. */
const PARTS = new Set(['branches', 'config', 'description', 'hooks', 'info', 'objects', 'refs'])
/** A file in it that names the creating process. */
const MAKER = 'pid'
const REMOVE = { recursive: true, force: true, maxRetries: 5 } as const

/**
 * Creates `.git` in the folder. Another process creating it at the same time may win. Throws `KbError` if git fails.
 */
export async function makeRepository(root: string, environment: NodeJS.ProcessEnv): Promise<void> {
  if (lstatIfThere(join(root, '.git')) !== undefined) {
    // Left by another process: git completes it.
    await gitInit(root, environment)
    return
  }
  const unfinished = join(root, `.git.kbgit-${randomBytes(6).toString('hex')}`)
  try {
    await mkdir(unfinished)
    await writeFile(join(unfinished, MAKER), `${process.pid}`)
    await gitInit(unfinished, environment)
    moveOver(join(unfinished, '.git'), join(root, '.git'))
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST'].includes(systemCode(error) ?? '')) throw error
  } finally {
    await rm(unfinished, REMOVE)
  }
}

/**
 * Creates a bare repository in the folder `dir`, which does not exist yet, is empty, or has what an earlier call that died
 * has put there: git takes it for a repository once it has a HEAD, which comes last. Throws `KbError` as above.
 */
export async function makeBareRepository(
  dir: string,
  branch: string | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const unfinished = join(dirname(dir), `.${basename(dir)}.kbgit-${randomBytes(6).toString('hex')}`)
  try {
    await mkdir(join(unfinished, NEW), { recursive: true })
    await writeFile(join(unfinished, MAKER), `${process.pid}`)
    await gitInit(join(unfinished, NEW), environment, { bare: true, branch })
    if (lstatIfThere(dir) === undefined) moveOver(join(unfinished, NEW), dir)
    else await fill(dir, join(unfinished, NEW))
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST'].includes(systemCode(error) ?? '')) throw error
  } finally {
    await rm(unfinished, REMOVE)
  }
}

/** The folder itself stays: it may be somebody's current one. */
async function fill(dir: string, from: string): Promise<void> {
  const names = await readdir(from)
  for (const name of [...names.filter((one) => one !== HEAD), HEAD])
    if (lstatIfThere(join(dir, name)) === undefined) moveOver(join(from, name), join(dir, name))
}

/** Whether a folder has nothing but parts of a bare repository that is not finished. */
export async function isUnfinishedBare(dir: string): Promise<boolean> {
  return (await readdir(dir)).every((name) => PARTS.has(name))
}

/** Removes what dead processes left beside bare repositories. */
export async function removeUnfinishedBare(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (UNFINISHED_BARE.test(name) && !isAlive(await makerOf(join(parent, name)))) await rm(join(parent, name), REMOVE)
  }
}

/** Removes what dead processes left while creating one. */
export async function removeUnfinishedRepositories(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    if (UNFINISHED.test(name) && !isAlive(await makerOf(join(root, name)))) await rm(join(root, name), REMOVE)
  }
}

/** 0 if unknown. */
async function makerOf(folder: string): Promise<number> {
  return Number(await readFile(join(folder, MAKER), 'utf8').catch(() => '0'))
}

function isAlive(pid: number): boolean {
  if (!(pid > 0)) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return systemCode(error) === 'EPERM'
  }
}
