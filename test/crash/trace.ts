// The calls of a command that change files, recorded by strace from a run without a fault.
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { shorten } from './shorten.ts'
import type { Point } from './point.ts'

/** Calls that change what is on the disk, or wait until it is there. */
export const MUTATING = [
  'openat',
  'creat',
  'write',
  'pwrite64',
  'pwritev',
  'writev',
  'rename',
  'renameat',
  'renameat2',
  'link',
  'linkat',
  'symlink',
  'symlinkat',
  'unlink',
  'unlinkat',
  'rmdir',
  'mkdir',
  'mkdirat',
  'fsync',
  'fdatasync',
  'ftruncate',
  'copy_file_range',
  'sendfile',
  'chmod',
  'fchmod',
  'fchmodat',
] as const

/** Files with random names, or names by content that two runs do not share: identified by the number of the call. */
const BY_NUMBER =
  /\/tmp_\w+$|\/\.tmp-\d+-pack-\w+\.\w+$|\/pack-[0-9a-f]+\.keep$|\.merge_file_\w+(?:\.\w+)?$|\/\.git\/t\w{6}$/
/** git's files for a merge driver, and the hook's, whose names contain a process id. */
const NAMED_BY_CHANCE = /\.merge_file_\w+(?:\.\w+)?$|\/kbgit\/hooks\/.*\.\d+$/
/** Notes of running processes: named by a process id and written by the clock, so that a quick run has none. */
const WRITTEN_BY_THE_CLOCK = /\/kbgit\/(?:running|watching)(?:\/[^/]*)?$/
/** git starts its own programs by their full path, and those of a remote by names of their own: no script replaces them. */
const STARTED_BY_GIT = /^"[^"]*\/(?:git-core\/git|git-[\w-]+)"/
const BY_DESCRIPTOR = new Set([
  'write',
  'pwrite64',
  'pwritev',
  'writev',
  'fsync',
  'fdatasync',
  'ftruncate',
  'fchmod',
  'copy_file_range',
  'sendfile',
])

type Call = { process: string; syscall: string; args: string }

/** The points of a trace on files under `dir`. */
export async function readPoints(traceFile: string, dir: string): Promise<Point[]> {
  const calls = parseCalls(await readFile(traceFile, 'latin1'))
  const roles = new Map<string, Exclude<Point['role'], 'kbgit'>>()
  const started = new Map<string, number>()
  // strace counts from a program's start: what its process wrote before, as a copy of kbgit, is not among its calls.
  const counts = new Map<string, Map<string, number>>()
  const points: Point[] = []
  const outOfReach = new Set<string>()
  for (const { process, syscall, args } of calls) {
    if (syscall === 'execve') {
      counts.delete(process)
      if (STARTED_BY_GIT.test(args)) outOfReach.add(process)
      const git = gitSubcommand(args)
      if (git === undefined) continue
      started.set(git, (started.get(git) ?? 0) + 1)
      roles.set(process, { git, call: started.get(git) ?? 1 })
      continue
    }
    if (outOfReach.has(process)) continue
    const role = roles.get(process) ?? 'kbgit'
    const path = pathOf(syscall, args)
    const own = counts.get(process) ?? new Map<string, number>()
    counts.set(process, own)
    const count = (key: string): number => {
      own.set(key, (own.get(key) ?? 0) + 1)
      return own.get(key) ?? 0
    }
    const ofKind = count(syscall)
    if (path === undefined) continue
    const onPath = count(`${syscall} ${path}`)
    const byPath = !BY_NUMBER.test(path)
    if (isInside(path, dir) && changes(syscall, args, path))
      points.push({ role, syscall, path, nth: byPath ? onPath : ofKind, byPath })
  }
  return shorten(distinct(points.filter((point) => !isNoise(point))), dir)
}

/** Lines of `strace -f -y`: if a call is interrupted by another thread's, its first half has everything needed. */
function parseCalls(trace: string): Call[] {
  return trace.split('\n').flatMap((line) => {
    const match = /^(\d+) +(\w+)\((.*)$/.exec(line)
    if (match === null) return []
    return [{ process: match[1] ?? '', syscall: match[2] ?? '', args: match[3] ?? '' }]
  })
}

/** `update-ref` of `["git", "-c", "a=b", "update-ref", …]`, `update-ref-d` where it removes; undefined for other programs. */
function gitSubcommand(args: string): string | undefined {
  const [program = '', ...words] = [...args.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word = '']) => word)
  // A search along the PATH names programs that do not exist, and its answer may be on another line.
  if (!program.endsWith('/git') || !existsSync(program)) return undefined
  const rest = words.slice(1)
  while (rest[0] === '-c') rest.splice(0, 2)
  const [name = '', option] = rest
  return option === '-d' ? `${name}-d` : name
}

function pathOf(syscall: string, args: string): string | undefined {
  if (BY_DESCRIPTOR.has(syscall)) return /^\d+<([^>]*)>/.exec(args)?.[1]
  const [first, second] = [...args.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word]) => word)
  // The first is the target of the link.
  return syscall.startsWith('symlink') ? second : first
}

/** git names files of the repository relative to its working directory. */
function isInside(path: string, dir: string): boolean {
  if (path.startsWith('/')) return path.startsWith(`${dir}/`)
  return !/^(?:pipe|socket|anon_inode):/.test(path)
}

function changes(syscall: string, args: string, path: string): boolean {
  if (syscall === 'openat') return /O_CREAT|O_TRUNC/.test(args) && !/= -1 ENOENT/.test(args)
  // Shared memory of SQLite: recreated by the next process that opens the database.
  return !(path.endsWith('-shm') && syscall !== 'unlink')
}

/** Files that two runs name differently, and what `merge-driver.sh` itself does. */
function isNoise({ role, syscall, path }: Point): boolean {
  if (role !== 'kbgit') return false
  return (
    NAMED_BY_CHANCE.test(path) ||
    WRITTEN_BY_THE_CLOCK.test(path) ||
    path.startsWith('.merge-') ||
    (syscall === 'copy_file_range' && path.includes('/.merge-'))
  )
}

function distinct(points: Point[]): Point[] {
  return [...new Map(points.map((point) => [describePoint(point), point])).values()]
}

export function describePoint({ role, syscall, path, nth }: Point): string {
  return `${role === 'kbgit' ? 'kbgit' : `git ${role.git} #${role.call}`} ${syscall} #${nth} ${path}`
}
