// Files that must still be there after a power cut. The only module that renames or fsyncs.
//
// Order, written once: a file's data before the name that makes it visible, the name before the folder's entry is
// relied upon. A failed fsync is final: the kernel may have dropped the dirty pages, so trying again would lie.
import { constants } from 'node:fs'
import { copyFile, link, lstat, mkdir, open, rename, rm, unlink, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Durability } from '../core/config.ts'
import { systemCode } from '../core/errors.ts'

/** Flushes a file's or a folder's data to the disk. */
export async function fsyncPath(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Flushes files and the folders that hold them, each once. Nothing with `durability: process`. */
export async function fsyncAll(files: Iterable<string>, folders: Iterable<string>, durability: Durability): Promise<void> {
  if (durability === 'process') return
  // Data first: a folder entry must not outlive the bytes that it names.
  await Promise.all([...new Set(files)].map(fsyncPath))
  await Promise.all([...new Set(folders)].map(fsyncPath))
}

/** Replaces `path` by `content` at once: temporary file beside it, fsync, rename, fsync of the folder. */
export async function writeDurable(path: string, content: string | Uint8Array, durability: Durability): Promise<void> {
  const temporary = `${path}.tmp`
  await writeFile(temporary, content)
  if (durability === 'power') await fsyncPath(temporary)
  await rename(temporary, path)
  if (durability === 'power') await fsyncPath(dirname(path))
}

/** Moves a file over whatever has the name; copies first where the two are on different file systems. */
export async function moveOver(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    if (systemCode(error) !== 'EXDEV') throw error
    const beside = `${to}.kbgit-tmp`
    await copyFile(from, beside)
    await rename(beside, to)
    await rm(from, { force: true })
  }
}

/** Moves a file to a name that nothing has. False, and nothing changed, where something has it. */
export async function moveIfAbsent(from: string, to: string): Promise<boolean> {
  try {
    // A hard link fails where the name exists; a rename would replace it.
    await link(from, to)
  } catch (error) {
    switch (systemCode(error)) {
      case 'EEXIST':
        return false
      case 'EXDEV':
      case 'EPERM':
      case 'ENOTSUP':
      case 'EMLINK':
        return copyIfAbsent(from, to)
      default:
        throw error
    }
  }
  await unlink(from)
  return true
}

async function copyIfAbsent(from: string, to: string): Promise<boolean> {
  try {
    await copyFile(from, to, constants.COPYFILE_EXCL)
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false
    throw error
  }
  await unlink(from)
  return true
}

/** Makes a folder and its missing parents; gives the parents whose entries are new, for `fsyncAll`. */
export async function makeFolder(path: string): Promise<string[]> {
  const first = await mkdir(path, { recursive: true })
  if (first === undefined) return []
  const changed: string[] = []
  for (let at = path; at.length >= first.length; at = dirname(at)) changed.push(dirname(at))
  return changed
}

/** `lstat`, or undefined where there is nothing. Any other failure throws: "cannot look" is not "is not there". */
export async function lstatIfThere(path: string): Promise<Awaited<ReturnType<typeof lstat>> | undefined> {
  try {
    return await lstat(path)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return undefined
    throw error
  }
}
