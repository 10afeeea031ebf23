// Looks into the two containers of office formats, only as far as needed to tell them apart.
import type { FileHandle } from 'node:fs/promises'
import { inflateRawSync } from 'node:zlib'
import type { Format } from '../core/document/document.ts'

/** Bytes at the end of a zip that contain its end-of-directory record (APPNOTE 4.3.16: 22 and a comment of 65,535). */
const ZIP_TAIL_BYTES = 22 + 65_535
/** Maximum bytes of a zip's directory to examine. */
const ZIP_DIRECTORY_BYTES_MAX = 1024 * 1024
/** Maximum size, packed and unpacked, of a member that identifies the format. */
const SMALL_MEMBER_BYTES_MAX = 256 * 1024
/** OpenDocument, including templates. */
const DOCUMENT_TYPE = /application\/vnd\.oasis\.opendocument\.(text|spreadsheet|presentation)(?:-template)?(?=["'\s]|$)/
/** Bytes of a compound file to search for the names of its streams. */
const COMPOUND_BYTES_MAX = 64 * 1024 * 1024

type ZipMember = { isPacked: boolean; packed: number; local: number }

export type Container = Format | 'encrypted' | 'other' | 'broken'

/** The format of a file that starts as a zip. `broken`: the directory at its end is missing. */
export async function lookIntoZip(file: FileHandle, size: number): Promise<Container> {
  const members = await zipMembers(file, size)
  if (members === undefined) return 'broken'
  if (members.has('word/document.xml')) return 'docx'
  if (members.has('ppt/presentation.xml')) return 'pptx'
  if (members.has('xl/workbook.xml')) return 'xlsx'
  const main = await mainPart(file, members)
  if (main !== undefined) return main
  // OpenDocument and EPUB state their type in a dedicated member (ODF 1.3 part 2, 3.3; OCF 3.3, 4.3), OpenDocument in
  // its manifest too. It should come first and uncompressed; programs that repack do not keep to that.
  const type = (await smallMember(file, members.get('mimetype'))) ?? ''
  if (type.trim() === 'application/epub+zip') return 'epub'
  const found =
    DOCUMENT_TYPE.exec(type) ??
    DOCUMENT_TYPE.exec((await smallMember(file, members.get('META-INF/manifest.xml'))) ?? '')
  switch (found?.[1]) {
    case 'text':
      return 'odt'
    case 'spreadsheet':
      return 'ods'
    case 'presentation':
      return 'odp'
    default:
      // A book repacked without its type is still recognised by the file that names its package.
      return members.has('META-INF/container.xml') ? 'epub' : 'other'
  }
}

/** The content type of the main part, wherever the package has it (ECMA-376 part 2, 10). */
async function mainPart(file: FileHandle, members: Map<string, ZipMember>): Promise<Format | undefined> {
  const types = await smallMember(file, members.get('[Content_Types].xml'))
  if (types === undefined || !/officeDocument"/.test((await smallMember(file, members.get('_rels/.rels'))) ?? ''))
    return undefined
  const match =
    /officedocument\.(wordprocessingml|presentationml|spreadsheetml)\.[\w.]*main\+xml|ms-(word|powerpoint|excel)\.[\w.]*main\+xml/i.exec(
      types,
    )
  switch ((match?.[1] ?? match?.[2])?.toLowerCase()) {
    case 'wordprocessingml':
    case 'word':
      return 'docx'
    case 'presentationml':
    case 'powerpoint':
      return 'pptx'
    case 'spreadsheetml':
    case 'excel':
      return 'xlsx'
    default:
      return undefined
  }
}

/** Members by their names in the central directory; undefined if there is none. */
async function zipMembers(file: FileHandle, size: number): Promise<Map<string, ZipMember> | undefined> {
  const start = Math.max(0, size - ZIP_TAIL_BYTES)
  const tail = await read(file, start, size - start)
  const record = tail.lastIndexOf('PK\x05\x06', undefined, 'latin1')
  if (record < 0 || record + 22 > tail.length) return undefined
  const length = Math.min(tail.readUInt32LE(record + 12), ZIP_DIRECTORY_BYTES_MAX)
  const offset = Math.min(tail.readUInt32LE(record + 16), start + record - length)
  const directory = await read(file, Math.max(0, offset), length)
  const members = new Map<string, ZipMember>()
  for (let offset = 0; offset + 46 <= directory.length && directory.readUInt32LE(offset) === 0x02014b50;) {
    const nameLength = directory.readUInt16LE(offset + 28)
    members.set(directory.toString('utf8', offset + 46, offset + 46 + nameLength), {
      isPacked: directory.readUInt16LE(offset + 10) !== 0,
      packed: directory.readUInt32LE(offset + 20),
      local: directory.readUInt32LE(offset + 42),
    })
    offset += 46 + nameLength + directory.readUInt16LE(offset + 30) + directory.readUInt16LE(offset + 32)
  }
  return members
}

/** The text of a small member; undefined if it is missing, too large or cannot be unpacked. */
async function smallMember(file: FileHandle, member: ZipMember | undefined): Promise<string | undefined> {
  if (member === undefined || member.packed > SMALL_MEMBER_BYTES_MAX) return undefined
  const head = await read(file, member.local, 30)
  if (head.length < 30) return undefined
  const bytes = await read(file, member.local + 30 + head.readUInt16LE(26) + head.readUInt16LE(28), member.packed)
  try {
    return (member.isPacked ? inflateRawSync(bytes, { maxOutputLength: SMALL_MEMBER_BYTES_MAX }) : bytes).toString()
  } catch {
    return undefined
  }
}

/** The type of a compound file (MS-CFB), by the names of its streams. */
export async function lookIntoCompoundFile(file: FileHandle, size: number): Promise<Container> {
  const bytes = await read(file, 0, Math.min(size, COMPOUND_BYTES_MAX))
  const has = (name: string): boolean => bytes.includes(Buffer.from(`${name}\0`, 'utf16le'))
  if (has('EncryptedPackage')) return 'encrypted'
  if (has('__properties_version1.0')) return 'msg'
  if (has('Workbook') || has('WORKBOOK') || has('Book') || has('BOOK')) return 'xls'
  return 'other'
}

async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return buffer.subarray(0, filled)
}
