// Zip archives, checked before anything is given to a library: names, counts, and the bytes that really come out.
import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib'
import { DocumentError } from '../../core/errors.ts'
import type { ConvertTask } from './converter.ts'

/** A zip whose members were all inflated once, counted and found harmless. */
export type Archive = {
  /** The archive as it was read. */
  bytes: Buffer
  names: string[]
  has: (name: string) => boolean
  /** A member's bytes; undefined where there is none. */
  read: (name: string) => Buffer | undefined
  /** A member as UTF-8 or UTF-16 text. */
  readText: (name: string) => string | undefined
}

type Member = {
  name: string
  method: number
  start: number
  packed: number
  size: number
  crc: number
  encrypted: boolean
  local: number
}

/** Output over input from which an archive is a bomb, once it gives more than `RATIO_BYTES_MIN`. */
const RATIO_MAX = 200
const RATIO_BYTES_MIN = 32 * 1024 * 1024
/** Bytes that may stand behind the directory's record (APPNOTE 4.3.16). */
const COMMENT_BYTES_MAX = 65_535
const MARKUP = /\.(?:xml|rels|xhtml|html?|opf|ncx|rdf|svg|vml)$/i

/**
 * Opens a zip (APPNOTE 6.3) and proves it within the limits by inflating every member and counting. Throws
 * `DocumentError`: `corrupt` where it is cut off or contradicts itself, `encrypted`, `bomb` where it gives too much,
 * holds too many members, names a place outside, or declares XML entities.
 */
export async function openArchive(task: Pick<ConvertTask, 'path' | 'label' | 'limits'>): Promise<Archive> {
  const bytes = await readFile(task.path)
  const members = readDirectory(bytes, task)
  const { archiveBytesMax } = task.limits
  let total = 0
  for (const member of members.values()) {
    if (member.encrypted)
      throw new DocumentError('encrypted', `${task.label} is encrypted.`, 'Save it without a password and add that.')
    total += await inflate(bytes, member, task, (count) => {
      const out = total + count
      if (out > archiveBytesMax) throw bomb(task.label, `unpacks to more than ${archiveBytesMax} bytes`)
      if (out > RATIO_BYTES_MIN && out > bytes.length * RATIO_MAX)
        throw bomb(task.label, `unpacks to more than ${RATIO_MAX} times its size`)
    })
  }
  const read = (name: string): Buffer | undefined => {
    const member = members.get(name)
    if (member === undefined) return undefined
    const packed = bytes.subarray(member.start, member.start + member.packed)
    return member.method === 0 ? packed : inflateRawSync(packed, { maxOutputLength: member.size + 1 })
  }
  return {
    bytes,
    names: [...members.keys()],
    has: (name) => members.has(name),
    read,
    readText: (name) => {
      const content = read(name)
      return content === undefined ? undefined : decodeMarkup(content)
    },
  }
}

/** XML is UTF-8 unless it begins with a mark of UTF-16 (XML 1.0, appendix F). */
function decodeMarkup(content: Uint8Array): string {
  const [a, b] = content
  const encoding =
    (a === 0xff && b === 0xfe) || (b === 0 && a === 0x3c)
      ? 'utf-16le'
      : (a === 0xfe && b === 0xff) || (a === 0 && b === 0x3c)
        ? 'utf-16be'
        : 'utf-8'
  return new TextDecoder(encoding).decode(content)
}

/** Members by the central directory, each agreeing with its own header and overlapping no other. */
function readDirectory(bytes: Buffer, task: Pick<ConvertTask, 'label' | 'limits'>): Map<string, Member> {
  const end = findEnd(bytes)
  if (end === undefined) throw corrupt(task.label, 'its directory is missing: it ends too early')
  const count = bytes.readUInt16LE(end + 10)
  const { archiveEntriesMax } = task.limits
  const members = new Map<string, Member>()
  let at = bytes.readUInt32LE(end + 16)
  for (let n = 0; at + 46 <= end && bytes.readUInt32LE(at) === 0x02014b50; n++) {
    if (n >= archiveEntriesMax) throw bomb(task.label, `holds more than ${archiveEntriesMax} members`)
    const nameLength = bytes.readUInt16LE(at + 28)
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength)
    const member = readMember(bytes, at, name, task.label)
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
    if (name.endsWith('/')) continue
    if (!isPlainName(name))
      throw bomb(task.label, `names a member outside of itself (${JSON.stringify(name.slice(0, 80))})`)
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

function readMember(bytes: Buffer, at: number, name: string, label: string): Member {
  const flags = bytes.readUInt16LE(at + 8)
  const { size, packed, local } = readSizes(bytes, at)
  if (local + 30 > bytes.length || bytes.readUInt32LE(local) !== 0x04034b50) throw corrupt(label, 'a member is missing')
  const nameLength = bytes.readUInt16LE(local + 26)
  const start = local + 30 + nameLength + bytes.readUInt16LE(local + 28)
  if (bytes.toString('utf8', local + 30, local + 30 + nameLength) !== name)
    throw corrupt(label, 'its directory and a member disagree')
  if (start + packed > bytes.length) throw corrupt(label, 'it ends too early')
  const method = bytes.readUInt16LE(at + 10)
  const encrypted = (flags & 1) === 1
  if (!encrypted && method !== 0 && method !== 8)
    throw corrupt(label, `a member is packed by method ${method}, which office formats do not use`)
  return { name, method, start, packed, size, crc: bytes.readUInt32LE(at + 16), encrypted, local }
}

/** Sizes and place of a member; what does not fit 32 bits stands in an extra field (APPNOTE 4.5.3). */
function readSizes(bytes: Buffer, at: number): { size: number; packed: number; local: number } {
  const values = {
    size: bytes.readUInt32LE(at + 24),
    packed: bytes.readUInt32LE(at + 20),
    local: bytes.readUInt32LE(at + 42),
  }
  const extra = at + 46 + bytes.readUInt16LE(at + 28)
  const end = Math.min(bytes.length, extra + bytes.readUInt16LE(at + 30))
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
  for (let at = bytes.length - 22; at >= 0 && at >= bytes.length - 22 - COMMENT_BYTES_MAX; at--) {
    if (bytes.readUInt32LE(at) === 0x06054b50) return at
  }
  return undefined
}

/** No name is ever used as a path; one that tries to be more than a name tells of an attack. */
function isPlainName(name: string): boolean {
  return !/^[/\\]|^[a-z]:|\0|\\/i.test(name) && !name.split('/').includes('..')
}

/** Inflates a member without keeping it. Gives its real size; `counted` may refuse as it grows. */
async function inflate(
  bytes: Buffer,
  member: Member,
  task: Pick<ConvertTask, 'label'>,
  counted: (count: number) => void,
): Promise<number> {
  const packed = bytes.subarray(member.start, member.start + member.packed)
  const markup = MARKUP.test(member.name)
  let count = 0
  let crc = 0
  let tail = ''
  const look = (chunk: Buffer): void => {
    count += chunk.length
    crc = crc32(chunk, crc)
    counted(count)
    if (count > member.size) throw bomb(task.label, 'has a member larger than it says')
    if (!markup) return
    const text = tail + chunk.toString('latin1').replaceAll('\0', '')
    if (/<!ENTITY/i.test(text)) throw bomb(task.label, 'declares XML entities')
    tail = text.slice(-8)
  }
  if (member.method === 0) look(packed)
  else {
    const inflater = createInflateRaw()
    const stream = Readable.from([packed]).pipe(inflater)
    try {
      for await (const chunk of stream) look(chunk as Buffer)
    } catch (error) {
      if (error instanceof DocumentError) throw error
      throw corrupt(task.label, 'a member cannot be unpacked')
    } finally {
      inflater.destroy()
    }
  }
  if (count !== member.size || crc !== member.crc) throw corrupt(task.label, 'a member is not what its checksum says')
  return count
}

function bomb(label: string, what: string): DocumentError {
  return new DocumentError(
    'bomb',
    `${label} ${what}.`,
    'It was not opened. The limits stand in kbgit.yaml under "limits".',
  )
}

function corrupt(label: string, what: string): DocumentError {
  return new DocumentError(
    'corrupt',
    `${label} is damaged: ${what}.`,
    'Open it in the program that made it, and save it again.',
  )
}
