// Where files that are no longer at their place lie now, for `status`: near where they were, by size and then by digest.
import { lstatSync, readdirSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { CONFIG_FILE } from '../../core/layout.ts'
import { lstatIfThere } from '../../io/durable-fs.ts'

export type GoneFile = { path: string; sha256: string }

export type MoveSearch<T> = {
  /** The folder of the base: its copies are not the sources. */
  root: string
  /** The digest of a regular file; undefined if it cannot be read. */
  digestOf: (path: string) => Promise<string | undefined>
  /** The files with their sizes in bytes, of which it may leave some out. */
  withSizes: (gone: readonly T[]) => Promise<(T & { size: number })[]>
}

/** Names of folders and files that are looked at, and bytes of files that are read, for all files together. */
const ENTRIES_MAX = 5_000
const READ_BYTES_MAX = 256 * 1024 ** 2
/** Folders above the file's nearest one that are searched too. */
const LEVELS_UP = 2
/** A folder with fewer parts, such as `/home`, is not where someone keeps documents. */
const FOLDER_PARTS_MIN = 2

/**
 * Where the content of each file was found, by digest. Looks at a bounded number of entries, nearest folders first: what
 * is not found may still be elsewhere.
 */
export async function findMoved<T extends GoneFile>(
  gone: readonly T[],
  { root, digestOf, withSizes }: MoveSearch<T>,
): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  const starts = startsOf(gone)
  const sought = Map.groupBy(starts.length === 0 ? [] : await withSizes(gone), ({ size }) => size)
  let left = new Set([...sought.values()].flat().map(({ sha256 }) => sha256)).size
  let readBytes = 0
  for (const path of left === 0 ? [] : filesNear(starts, root)) {
    const stat = lstatIfReadable(path)
    const wanted = stat?.isFile() === true ? (sought.get(stat.size) ?? []) : []
    if (stat === undefined || wanted.every(({ sha256 }) => found.has(sha256))) continue
    if ((readBytes += stat.size) > READ_BYTES_MAX) break
    const digest = await digestOf(path)
    const match = wanted.find(({ sha256 }) => sha256 === digest)
    if (match === undefined || found.has(match.sha256)) continue
    found.set(match.sha256, path)
    if (--left === 0) break
  }
  return found
}

/** The nearest folders that are still there, then those above them. */
function startsOf(gone: readonly GoneFile[]): string[] {
  let folders = [...new Set(gone.map(({ path }) => nearestFolder(dirname(path))))]
  const starts = new Set<string>()
  for (let level = 0; level <= LEVELS_UP; level++) {
    for (const folder of folders) if (partsOf(folder) >= FOLDER_PARTS_MIN) starts.add(folder)
    folders = [...new Set(folders.map((folder) => dirname(folder)))]
  }
  return [...starts]
}

function nearestFolder(folder: string): string {
  let nearest = folder
  while (nearest !== dirname(nearest) && lstatIfReadable(nearest)?.isDirectory() !== true) nearest = dirname(nearest)
  return nearest
}

/** Breadth first, below one start after the other. */
function* filesNear(starts: readonly string[], root: string): Generator<string> {
  const seen = new Set<string>([root])
  let entries = 0
  for (const start of starts) {
    const queue = [start]
    for (let folder = queue.shift(); folder !== undefined; folder = queue.shift()) {
      if (seen.has(folder)) continue
      seen.add(folder)
      for (const entry of entriesOf(folder)) {
        if (++entries > ENTRIES_MAX) return
        const path = join(folder, entry.name)
        if (entry.isDirectory()) {
          if (!isPassedOver(entry.name, path)) queue.push(path)
        } else if (entry.isFile()) yield path
      }
    }
  }
}

function isPassedOver(name: string, path: string): boolean {
  return name.startsWith('.') || name === 'node_modules' || lstatIfThere(join(path, CONFIG_FILE)) !== undefined
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}

function lstatIfReadable(path: string) {
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

function partsOf(folder: string): number {
  return folder.split(sep).filter((part) => part !== '').length
}
