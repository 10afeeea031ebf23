// A folder's entries, and paths, as byte strings.
import { readdir, realpath } from 'node:fs/promises'
import { toBytes } from '../core/document/source-path.ts'

export type Entry = { name: string; kind: 'file' | 'folder' | 'other' }

/**
 * The entries of a folder, sorted. Each is one string, the name and, after a byte that cannot occur in a name, the
 * kind, so that a folder of a million files costs some tens of megabytes.
 */
export async function list(folder: string): Promise<string[]> {
  const path = bufferOf(folder)
  // As bytes they cost twice the memory, but Node can look up a kind that the file system omits from its listing.
  const entries = await readdir(path, { withFileTypes: true, encoding: 'latin1' }).catch(() =>
    readdir(path, { withFileTypes: true, encoding: 'buffer' }),
  )
  return entries
    .map((entry) => {
      const name = typeof entry.name === 'string' ? entry.name : entry.name.toString('latin1')
      return `${name}\0${entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : 'other'}`
    })
    .sort()
}

export function has(entries: string[], name: string): boolean {
  return entries.some((entry) => entry.startsWith(`${name}\0`))
}

export function splitEntry(entry: string): Entry {
  const end = entry.indexOf('\0')
  return { name: entry.slice(0, end), kind: entry.slice(end + 1) as Entry['kind'] }
}

/** Dot files, and the lock files that office programs leave next to open documents. */
export function isHidden(name: string): boolean {
  return name.startsWith('.') || name.startsWith('~$')
}

export async function canonical(path: string): Promise<string> {
  return (await realpath(bufferOf(path), { encoding: 'buffer' })).toString('latin1')
}

export function bufferOf(path: string): Buffer {
  return Buffer.from(toBytes(path))
}

export function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`)
}

export function join(folder: string, name: string): string {
  return name === '' ? folder : folder.endsWith('/') ? `${folder}${name}` : `${folder}/${name}`
}

export function parts(path: string): string[] {
  return path.split('/').filter((part) => part !== '')
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

export function parentOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')))
}
