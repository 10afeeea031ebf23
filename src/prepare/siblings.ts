// Pictures that a document links: next to it, in its folder or below, or elsewhere in the folder that was added. They are
// the only files that are read besides the document itself.
import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs'
import { dirname, posix, resolve } from 'node:path'
import type { Format } from '../core/document/document.ts'
import { picturePlaces, type Place } from './attachments.ts'
import type { ImageStore } from './images.ts'
import type { PrepareTask } from './protocol.ts'
import { namesBelow } from '../core/platform.ts'

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

/**
 * Undefined if the document was fetched or its format does not link pictures. `onMissed`: a copy links a picture, which may
 * be beside the file that it is a copy of.
 */
export function siblingPictures(
  task: PrepareTask,
  format: Format,
  images: ImageStore,
  onMissed: () => void = () => {},
): FindSibling | undefined {
  if (task.url !== undefined || !LINKING.has(format)) return undefined
  if (task.isCopy === true) {
    return (address) => {
      if (placeOf(address) !== undefined) onMissed()
      return undefined
    }
  }
  const found = new Map<string, string | undefined>()
  let left = task.limits.archiveBytesMax
  return (address) => {
    if (found.has(address) || found.size >= ADDRESSES_MAX) return found.get(address)
    const bytes = readPicture(task, address, format, Math.min(left, PICTURE_BYTES_MAX))
    left -= bytes?.length ?? 0
    const stored = bytes === undefined ? undefined : images.add(bytes)
    found.set(address, stored)
    return stored
  }
}

/** Paths are bytes in Latin-1 here, because names need not be UTF-8. */
function readPicture(
  { path, root }: PrepareTask,
  address: string,
  format: Format,
  bytesMax: number,
): Buffer | undefined {
  const place = placeOf(address)
  if (place === undefined) return undefined
  const document = resolve(Buffer.from(path).toString('latin1'))
  const name = Buffer.from(place).toString('latin1')
  const own = dirname(document)
  const found = readInside({ folder: own, name, top: own }, bytesMax)
  if (found !== undefined) return found
  const added = root === undefined ? undefined : Buffer.from(root).toString('latin1')
  for (const other of picturePlaces(document, added, name, format === 'md')) {
    const bytes = readInside(other, bytesMax)
    if (bytes !== undefined) return bytes
  }
  return undefined
}

function readInside({ folder, name, top }: Place, bytesMax: number): Buffer | undefined {
  try {
    const within = real(top)
    const path = real(resolve(real(folder), name))
    const parts = namesBelow(within, path)
    return parts.some((part) => part === '' || part.startsWith('.')) || resolve(within, ...parts) !== path
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
  const parts = plain.split(/[/\\]/)
  return /^[/\\]|^[a-z]:|\0|\\/i.test(plain) || parts.some((part) => part.startsWith('.') && part !== '..')
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
