// Creates a repository atomically: a `git init` that dies half-way leaves locks that block git for good.
import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemCode } from '../../core/errors.ts'
import { lstatIfThere, moveOver } from '../durable-fs.ts'
import { gitInit } from '../porcelain.ts'

/** The folder next to the files in which the repository is created. */
const UNFINISHED = /^\.git\.kbgit-[0-9a-f]{12}$/
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
