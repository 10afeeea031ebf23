// Zip archives, checked before a library gets them: names, number of members, and actual unpacked size.
import { Readable } from 'node:stream'
import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib'
import { DocumentError } from '../../core/errors.ts'
import type { ConvertTask } from './converter.ts'
import { writeZip } from './zip-writer.ts'
import { bomb, corrupt, PlacedFile, readDirectory, type Member } from './zip-directory.ts'

/** A zip whose members have all been inflated once, counted and found harmless. */
export type Archive = {
  names: string[]
  has: (name: string) => boolean
  /** A member's bytes; undefined if the archive has none of this name. */
  read: (name: string) => Buffer | undefined
  /** A member as UTF-8 or UTF-16 text. */
  readText: (name: string) => string | undefined
  /**
   * The archive for a library: without large members that it has no use for, and with the members in `texts` replaced.
   */
  packed: (texts?: ReadonlyMap<string, string>) => Buffer
}

/** Ratio of output to input above which an archive is a bomb, once it produces more than `RATIO_BYTES_MIN`. */
const RATIO_MAX = 200
const RATIO_BYTES_MIN = 32 * 1024 * 1024
/** Bytes per read. */
const CHUNK_BYTES = 1024 * 1024
/** Larger members that are neither markup nor a picture (fonts, video, programs) are withheld from the library. */
const OTHER_BYTES_MAX = 1024 * 1024
const MARKUP = /\.(?:xml|rels|xhtml|html?|opf|ncx|rdf|svg|vml)$/i
const PICTURE = /\.(?:png|jpe?g|gif|webp|bmp|avif)$/i

/**
 * Opens a zip (APPNOTE 6.3) and makes sure that it is within the limits by inflating and counting every member. Throws
 * `DocumentError`: `corrupt` if it is cut off or inconsistent, `encrypted`, `bomb` if it unpacks to too much, has too
 * many members, names a path outside itself, or declares XML entities.
 */
export async function openArchive(task: Pick<ConvertTask, 'path' | 'label' | 'limits'>): Promise<Archive> {
  using file = new PlacedFile(task.path)
  const members = readDirectory(file, task)
  const { archiveBytesMax } = task.limits
  let total = 0
  for (const member of members.values()) {
    if (member.encrypted)
      throw new DocumentError('encrypted', `${task.label} is encrypted.`, 'Save it without a password and add that.')
    total += await inflate(file, member, task, (count) => {
      const out = total + count
      if (out > archiveBytesMax) throw bomb(task.label, `unpacks to more than ${archiveBytesMax} bytes`)
      if (out > RATIO_BYTES_MIN && out > file.size * RATIO_MAX)
        throw bomb(task.label, `unpacks to more than ${RATIO_MAX} times its size`)
    })
  }
  const read = (name: string): Buffer | undefined => {
    const member = members.get(name)
    if (member === undefined) return undefined
    const packed = readPacked(task.path, member)
    return member.method === 0 ? packed : inflateRawSync(packed, { maxOutputLength: member.size + 1 })
  }
  return {
    names: [...members.keys()],
    has: (name) => members.has(name),
    read,
    readText: (name) => {
      const content = read(name)
      return content === undefined ? undefined : decodeMarkup(content)
    },
    packed: (texts) =>
      writeZip(
        [...members.values()]
          .filter(({ name, size }) => size <= OTHER_BYTES_MAX || MARKUP.test(name) || PICTURE.test(name))
          .map((member) => ({ ...member, text: texts?.get(member.name), bytes: () => readPacked(task.path, member) })),
      ),
  }
}

function readPacked(path: string, { start, packed }: Member): Buffer {
  using file = new PlacedFile(path)
  return file.read(start, packed)
}

/** XML is UTF-8 unless it begins with a UTF-16 byte order mark (XML 1.0, appendix F). */
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

/** Inflates a member without keeping it. Returns its real size; `counted` may throw as it grows. */
async function inflate(
  file: PlacedFile,
  member: Member,
  task: Pick<ConvertTask, 'label'>,
  counted: (count: number) => void,
): Promise<number> {
  const markup = MARKUP.test(member.name)
  let count = 0
  let crc = 0
  let tail = ''
  const look = (chunk: Buffer): void => {
    count += chunk.length
    crc = crc32(chunk, crc)
    counted(count)
    if (count > member.size) throw bomb(task.label, 'has a member larger than declared')
    if (!markup) return
    const text = tail + chunk.toString('latin1').replaceAll('\0', '')
    if (/<!ENTITY/i.test(text)) throw bomb(task.label, 'declares XML entities')
    tail = text.slice(-8)
  }
  if (member.method === 0) for (const chunk of chunksOf(file, member)) look(chunk)
  else {
    const inflater = createInflateRaw()
    const stream = Readable.from(chunksOf(file, member)).pipe(inflater)
    try {
      for await (const chunk of stream) look(chunk as Buffer)
    } catch (error) {
      if (error instanceof DocumentError) throw error
      throw corrupt(task.label, 'a member cannot be unpacked')
    } finally {
      inflater.destroy()
    }
  }
  if (count !== member.size || crc !== member.crc) throw corrupt(task.label, 'a member does not match its checksum')
  return count
}

function* chunksOf(file: PlacedFile, { start, packed }: Member): Generator<Buffer> {
  for (let index = 0; index < packed; index += CHUNK_BYTES)
    yield file.read(start + index, Math.min(CHUNK_BYTES, packed - index))
}
