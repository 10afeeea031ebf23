// The user's git index: what it says of some paths, and changing those alone.
//
// `index.lock` is git's own mutual exclusion. Ours is a symbolic link whose target names the transaction: it is made in
// one call, so a stale one can be proven to be ours at any time. A file could be there without its content after a power
// cut. git asks only whether the name is taken.
import { statSync, symlinkSync, writeFileSync } from 'node:fs'
import { link, lstat, readFile, readlink, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Durability } from '../../core/config.ts'
import { KbError, systemCode } from '../../core/errors.ts'
import { fsyncPath, moveIfAbsent, moveOver } from '../durable-fs.ts'
import type { Git, Repository } from './git.ts'
import { readIndexEntries, type IndexEntries } from './index-file.ts'

/** One path relative to the work tree; a null id removes it. */
export type IndexChange = { path: string; mode: string; oid: string | null }

export type IndexLock = {
  /** Applies changes to the index, and to nothing else in it. */
  write: (git: Git, changes: IndexChange[], durability: Durability) => Promise<void>
  [Symbol.asyncDispose]: () => Promise<void>
}

const LOCK_TEXT = /^kbgit ([\w-]{1,64})\n?$/

/** Takes `index.lock`, waiting for git processes of the user. Throws `KbError` (`repositoryBusy`) after `waitMs`. */
export async function lockIndex(repository: Repository, transaction: string, waitMs: number): Promise<IndexLock> {
  const index = join(repository.gitDir, 'index')
  const lockPath = `${index}.lock`
  const own = join(repository.gitDir, `index.kbgit-${transaction}`)
  const deadline = performance.now() + waitMs
  try {
    for (let pauseMs = 1; !takeName(lockPath, own, transaction); pauseMs = Math.min(pauseMs * 2, 50)) {
      if (performance.now() > deadline) {
        throw new KbError('repositoryBusy', `${lockPath} is there: another git is at work, or one died.`, {
          hint: `Wait for it. If no git is running, remove ${lockPath} and try again.`,
        })
      }
      await delay(pauseMs)
    }
  } catch (error) {
    // The lock may be there already, with only its first name left to remove.
    await releaseDeadIndexLock(repository.gitDir, transaction)
    throw error
  }
  return {
    write: (git, changes, durability) => writeEntries(git, repository, `${own}.new`, changes, durability),
    [Symbol.asyncDispose]: async () => {
      await rm(`${own}.new`, { force: true })
      await rm(lockPath, { force: true })
    },
  }
}

/** False where the name is taken. On a file system without symbolic links the lock is a hard link of a finished file. */
function takeName(lockPath: string, own: string, transaction: string): boolean {
  try {
    symlinkSync(`kbgit ${transaction}`, lockPath)
    return true
  } catch (error) {
    const code = systemCode(error) ?? ''
    if (code === 'EEXIST') return false
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(code)) throw error
  }
  writeFileSync(own, `kbgit ${transaction}\n`)
  return moveIfAbsent(own, lockPath)
}

/** Which transaction holds `index.lock`: its id where it is one of ours, `foreign` for git's own, undefined where there is none. */
export async function indexLockHolder(gitDir: string): Promise<{ transaction: string } | 'foreign' | undefined> {
  const path = join(gitDir, 'index.lock')
  let text: string
  try {
    text = (await lstat(path)).isSymbolicLink() ? await readlink(path) : await readFile(path, 'latin1')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
  const transaction = LOCK_TEXT.exec(text)?.[1]
  return transaction === undefined ? 'foreign' : { transaction }
}

/** Removes what a dead transaction left beside the index: its lock, and its private copies. */
export async function releaseDeadIndexLock(gitDir: string, transaction: string): Promise<void> {
  const holder = await indexLockHolder(gitDir)
  const own = join(gitDir, `index.kbgit-${transaction}`)
  await rm(`${own}.new`, { force: true })
  await rm(`${own}.new.lock`, { force: true })
  await rm(own, { force: true })
  if (holder !== undefined && holder !== 'foreign' && holder.transaction === transaction) {
    await rm(join(gitDir, 'index.lock'), { force: true })
  }
}

/** What was last read of a repository's index, for as long as the file is the same one. */
const lastRead = new WeakMap<Repository, { identity: string; paths: ReadonlySet<string>; entries: IndexEntries }>()

/** What the index has for `paths`, and whether anything in it is unmerged. */
export async function indexEntries(
  git: Git,
  repository: Repository,
  paths: ReadonlySet<string>,
): Promise<IndexEntries> {
  const identity = indexIdentity(repository)
  const last = lastRead.get(repository)
  if (last !== undefined && last.identity === identity && paths.isSubsetOf(last.paths)) return last.entries
  const parsed = readIndexEntries(join(repository.gitDir, 'index'), paths, repository.oidLength)
  if (parsed !== undefined) {
    lastRead.set(repository, { identity, paths, entries: parsed })
    return parsed
  }
  // Split, sparse and unknown forms are left to git.
  const entries: IndexEntries = { entries: new Map(), unmerged: false }
  const listed = await git.run(['ls-files', '-t', '-s', '-z'])
  for (const line of listed.stdout.toString().split('\0')) {
    const match = /^(\S) (\d+) ([0-9a-f]+) (\d)\t(.*)$/s.exec(line)
    if (match === null) continue
    const [, tag, mode = '', oid = '', stage, path = ''] = match
    if (stage !== '0') entries.unmerged = true
    else if (paths.has(path)) entries.entries.set(path, { mode, oid, sparse: tag === 'S' })
  }
  return entries
}

/** Equal values mean that nobody wrote the index in between: git writes a new file each time. */
function indexIdentity(repository: Repository): string {
  const stat = statSync(join(repository.gitDir, 'index'), { bigint: true, throwIfNoEntry: false })
  return stat === undefined ? 'absent' : `${stat.ino} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}`
}

async function writeEntries(
  git: Git,
  repository: Repository,
  scratch: string,
  entries: IndexChange[],
  durability: Durability,
): Promise<void> {
  if (entries.length === 0) return
  const index = join(repository.gitDir, 'index')
  // git writes a new file and renames it over the name it was given, so a link to the index serves as its input.
  try {
    await link(index, scratch)
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') await writeFile(scratch, await readFile(index))
  }
  const zero = '0'.repeat(repository.oidLength)
  const input = entries
    .map(({ path, mode, oid }) => (oid === null ? `0 ${zero}\t${path}\0` : `${mode} ${oid}\t${path}\0`))
    .join('')
  await git.run(['update-index', '-z', '--index-info'], { input, env: { GIT_INDEX_FILE: scratch } })
  moveOver(scratch, index)
  if (durability === 'power') await fsyncPath(dirname(index))
}
