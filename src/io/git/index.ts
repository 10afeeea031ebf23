// Reads and changes selected paths in the user's git index.
//
// `index.lock` is git's own mutual exclusion. Our lock is a symbolic link whose target names the transaction: it is
// created in one call, so a stale one can always be proven to be ours. A regular file could lose its content in a power
// cut. git only checks whether the name is taken.
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
  /** Applies changes to the index, and touches nothing else in it. */
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
        throw new KbError('repositoryBusy', `${lockPath} exists: another git process is running, or one crashed.`, {
          hint: `Wait for it. If no git is running, remove ${lockPath} and try again.`,
        })
      }
      await delay(pauseMs)
    }
  } catch (error) {
    // The lock may already be in place, with only its temporary name left to remove.
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

/** False if the name is taken. On a file system without symbolic links the lock is a hard link to a complete file. */
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

/**
 * The holder of `index.lock`: the transaction's id if it is ours, `foreign` if it is git's own, undefined if there is
 * none.
 */
export async function indexLockHolder(gitDir: string): Promise<{ transaction: string } | 'foreign' | undefined> {
  const path = join(gitDir, 'index.lock')
  let text: string
  try {
    text = (await lstat(path)).isSymbolicLink() ? await readlink(path) : await readFile(path, 'latin1')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    // A folder, which bars git too.
    if (systemCode(error) === 'EISDIR') return 'foreign'
    throw error
  }
  const transaction = LOCK_TEXT.exec(text)?.[1]
  return transaction === undefined ? 'foreign' : { transaction }
}

/** Removes what a dead transaction left next to the index: its lock and its private copies. */
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

/** The last read of a repository's index, valid while the file stays the same. */
const lastRead = new WeakMap<Repository, { identity: string; paths: ReadonlySet<string>; entries: IndexEntries }>()

/** The index entries of `paths`, and whether anything in the index is unmerged. */
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

/** Equal values mean that the index was not written in between: git writes a new file each time. */
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
  // git writes a new file and renames it to the given name, so a link to the index can serve as its input.
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
