// A new repository appears whole or not at all: a `git init` that dies half-way leaves locks that stop git for good.
import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemCode } from '../../core/errors.ts'
import { lstatIfThere, moveOver } from '../durable-fs.ts'
import { gitInit } from '../porcelain.ts'

/** The folder beside the files in which it is made. */
const UNFINISHED = /^\.git\.kbgit-[0-9a-f]{12}$/
/** In it: who makes it. */
const MAKER = 'pid'
const REMOVE = { recursive: true, force: true, maxRetries: 5 } as const

/** Makes `.git` in the folder. Another that makes it at the same time may be first. Throws `KbError` where git fails. */
export async function makeRepository(root: string, environment: NodeJS.ProcessEnv): Promise<void> {
  if (lstatIfThere(join(root, '.git')) !== undefined) {
    // What somebody else left there: git completes it.
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

/** Removes what those left who died while they made one. */
export async function removeUnfinishedRepositories(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    if (UNFINISHED.test(name) && !isAlive(await makerOf(join(root, name)))) await rm(join(root, name), REMOVE)
  }
}

/** 0 where nobody says so. */
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
