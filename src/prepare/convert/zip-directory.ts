// The directory of a zip archive (APPNOTE 6.3), read in place: the rest of the file may be large.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { DocumentError } from '../../core/errors.ts'
import type { ConvertTask } from './converter.ts'

export type Member = {
  name: string
  /** 0: stored, 8: deflated. */
  method: number
  start: number
  packed: number
  size: number
  crc: number
  encrypted: boolean
  local: number
}

/** Maximum bytes after the end-of-directory record (APPNOTE 4.3.16). */
const COMMENT_BYTES_MAX = 65_535
/** Maximum bytes of a directory: as many members as are accepted, each with a name of half a kilobyte. */
const DIRECTORY_BYTES_MAX = 64 * 1024 * 1024

/** A file that nothing changes, read in pieces. */
export class PlacedFile {
  readonly #file: number
  readonly size: number

  constructor(path: string) {
    this.#file = openSync(path, 'r')
    this.size = fstatSync(this.#file).size
  }

  /** Fewer bytes if the file ends earlier. */
  read(start: number, length: number): Buffer {
    const bytes = Buffer.alloc(Math.max(0, Math.min(length, this.size - start)))
    let filled = 0
    while (filled < bytes.length) {
      const count = readSync(this.#file, bytes, filled, bytes.length - filled, start + filled)
      if (count === 0) break
      filled += count
    }
    return bytes.subarray(0, filled)
  }

  [Symbol.dispose](): void {
    closeSync(this.#file)
  }
}

/** Members of the central directory, each consistent with its own header and overlapping no other. */
export function readDirectory(file: PlacedFile, task: Pick<ConvertTask, 'label' | 'limits'>): Map<string, Member> {
  const tailStart = Math.max(0, file.size - 22 - COMMENT_BYTES_MAX)
  const tail = file.read(tailStart, file.size - tailStart)
  const end = findEnd(tail)
  if (end === undefined) throw corrupt(task.label, 'its directory is missing: it ends too early')
  const count = tail.readUInt16LE(end + 10)
  const { archiveEntriesMax } = task.limits
  const members = new Map<string, Member>()
  const first = tail.readUInt32LE(end + 16)
  if (tailStart + end - first > DIRECTORY_BYTES_MAX)
    throw bomb(task.label, `has a directory of more than ${DIRECTORY_BYTES_MAX} bytes`)
  const bytes = file.read(first, tailStart + end - first)
  let offset = 0
  for (let n = 0; offset + 46 <= bytes.length && bytes.readUInt32LE(offset) === 0x02014b50; n++) {
    if (n >= archiveEntriesMax) throw bomb(task.label, `has more than ${archiveEntriesMax} members`)
    const nameLength = bytes.readUInt16LE(offset + 28)
    const name = bytes.toString('utf8', offset + 46, offset + 46 + nameLength)
    const member = readMember(file, bytes, offset, name, task.label)
    offset += 46 + nameLength + bytes.readUInt16LE(offset + 30) + bytes.readUInt16LE(offset + 32)
    if (name.endsWith('/')) continue
    if (!isPlainName(name))
      throw bomb(task.label, `names a member outside itself (${JSON.stringify(name.slice(0, 80))})`)
    if (members.has(name)) throw corrupt(task.label, 'it names a member twice')
    members.set(name, member)
  }
  if (members.size === 0 || (count !== 0xffff && count > members.size * 2 + 1_000))
    throw corrupt(task.label, 'its directory cannot be read')
  let last = 0
  for (const member of [...members.values()].sort((a, b) => a.local - b.local)) {
    if (member.local < last) throw bomb(task.label, 'has members that overlap')
    last = member.start + member.packed
  }
  return members
}

function readMember(file: PlacedFile, bytes: Buffer, offset: number, name: string, label: string): Member {
  const flags = bytes.readUInt16LE(offset + 8)
  const { size, packed, local } = readSizes(bytes, offset)
  const head = file.read(local, 30 + Buffer.byteLength(name))
  if (head.length < 30 || head.readUInt32LE(0) !== 0x04034b50) throw corrupt(label, 'a member is missing')
  const nameLength = head.readUInt16LE(26)
  const start = local + 30 + nameLength + head.readUInt16LE(28)
  if (head.toString('utf8', 30, 30 + nameLength) !== name) throw corrupt(label, 'its directory and a member disagree')
  if (start + packed > file.size) throw corrupt(label, 'it ends too early')
  const method = bytes.readUInt16LE(offset + 10)
  const encrypted = (flags & 1) === 1
  if (!encrypted && method !== 0 && method !== 8)
    throw corrupt(label, `a member is compressed with method ${method}, which office formats do not use`)
  return { name, method, start, packed, size, crc: bytes.readUInt32LE(offset + 16), encrypted, local }
}

/** Size and location of a member; values beyond 32 bits are in an extra field (APPNOTE 4.5.3). */
function readSizes(bytes: Buffer, offset: number): { size: number; packed: number; local: number } {
  const values = {
    size: bytes.readUInt32LE(offset + 24),
    packed: bytes.readUInt32LE(offset + 20),
    local: bytes.readUInt32LE(offset + 42),
  }
  const extra = offset + 46 + bytes.readUInt16LE(offset + 28)
  const end = Math.min(bytes.length, extra + bytes.readUInt16LE(offset + 30))
  for (let field = extra; field + 4 <= end; field += 4 + bytes.readUInt16LE(field + 2)) {
    if (bytes.readUInt16LE(field) !== 1) continue
    let next = field + 4
    for (const key of ['size', 'packed', 'local'] as const) {
      if (values[key] !== 0xffffffff || next + 8 > end) continue
      values[key] = Number(bytes.readBigUInt64LE(next))
      next += 8
    }
  }
  return values
}

function findEnd(bytes: Buffer): number | undefined {
  for (let offset = bytes.length - 22; offset >= 0 && offset >= bytes.length - 22 - COMMENT_BYTES_MAX; offset--) {
    if (bytes.readUInt32LE(offset) === 0x06054b50) return offset
  }
  return undefined
}

/** Member names are never used as paths; a name that tries to be one indicates an attack. */
function isPlainName(name: string): boolean {
  return !/^[/\\]|^[a-z]:|\0|\\/i.test(name) && !name.split('/').includes('..')
}

export function bomb(label: string, what: string): DocumentError {
  return new DocumentError(
    'bomb',
    `${label} ${what}.`,
    'It was not opened. The limits are in kbgit.yaml under "limits".',
  )
}

export function corrupt(label: string, what: string): DocumentError {
  return new DocumentError(
    'corrupt',
    `${label} is damaged: ${what}.`,
    'Open it in the program that made it, and save it again.',
  )
}
