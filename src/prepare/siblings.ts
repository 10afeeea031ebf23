// Pictures next to a document, in its folder or below: the only files that are read besides the document itself.
import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs'
import { dirname, posix, relative, resolve, sep } from 'node:path'
import type { Format } from '../core/document/document.ts'
import type { ImageStore } from './images.ts'
import type { PrepareTask } from './protocol.ts'

/** Formats that link pictures by relative path. In messages, books and feeds a link means something else. */
const LINKING = new Set<Format>(['md', 'html'])
/** Maximum bytes per picture. */
const PICTURE_BYTES_MAX = 64 * 1024 * 1024
/** Maximum number of addresses to look up per document. */
const ADDRESSES_MAX = 5_000

/**
 * Stores the picture at a relative address and returns its link target (`kbgit-image:1.png`); undefined if the address
 * has a scheme, is absolute, leaves the folder (by `..` or by a symbolic link), is hidden, or is not a regular file or
 * not a supported picture. Looks up each address once.
 */
export type FindSibling = (address: string) => string | undefined

/** Undefined if the document was fetched or its format does not link pictures. */
export function siblingPictures(task: PrepareTask, format: Format, images: ImageStore): FindSibling | undefined {
  if (task.url !== undefined || !LINKING.has(format)) return undefined
  const found = new Map<string, string | undefined>()
  let left = task.limits.archiveBytesMax
  return (address) => {
    if (found.has(address) || found.size >= ADDRESSES_MAX) return found.get(address)
    const bytes = readSibling(task.path, address, Math.min(left, PICTURE_BYTES_MAX))
    left -= bytes?.length ?? 0
    const stored = bytes === undefined ? undefined : images.add(bytes)
    found.set(address, stored)
    return stored
  }
}

/** Paths are bytes in Latin-1 here, because names need not be UTF-8. */
function readSibling(document: Uint8Array, address: string, bytesMax: number): Buffer | undefined {
  const name = placeOf(address)
  if (name === undefined) return undefined
  try {
    const folder = real(resolve(dirname(Buffer.from(document).toString('latin1'))))
    const path = real(resolve(folder, Buffer.from(name).toString('latin1')))
    const parts = relative(folder, path).split(sep)
    return parts.some((part) => part === '' || part.startsWith('.')) || resolve(folder, ...parts) !== path
      ? undefined
      : read(path, bytesMax)
  } catch {
    // Missing or unreadable: the page says where the picture was expected.
    return undefined
  }
}

/** The relative path that an address means, with `/`; undefined for other kinds of address. */
function placeOf(address: string): string | undefined {
  const bare = address.trim().replace(/[?#].*$/s, '')
  if (bare === '' || /^[a-z][a-z0-9+.-]*:|^[/\\]|\0/i.test(bare)) return undefined
  let name = bare
  try {
    name = decodeURIComponent(bare)
  } catch {
    // A stray percent sign is literal.
  }
  const plain = posix.normalize(name)
  return /^[/\\]|^[a-z]:|\0/i.test(plain) || plain.split(/[/\\]/).some((part) => part.startsWith('.'))
    ? undefined
    : plain
}

function real(path: string): string {
  return realpathSync(Buffer.from(path, 'latin1'), { encoding: 'buffer' }).toString('latin1')
}

function read(path: string, bytesMax: number): Buffer | undefined {
  const file = openSync(
    Buffer.from(path, 'latin1'),
    constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
  )
  try {
    const facts = fstatSync(file)
    if (!facts.isFile() || facts.size > bytesMax) return undefined
    const bytes = Buffer.alloc(facts.size)
    let filled = 0
    for (let count = 1; count > 0 && filled < bytes.length; filled += count)
      count = readSync(file, bytes, filled, bytes.length - filled, filled)
    return filled === bytes.length ? bytes : undefined
  } finally {
    closeSync(file)
  }
}
