// Looks into the two containers of office formats, only as far as telling them apart needs.
import type { FileHandle } from 'node:fs/promises'
import type { Format } from '../core/document.ts'

/** Bytes at the end of a zip in which its directory's record lies (APPNOTE 4.3.16: 22 and a comment of 65,535). */
const ZIP_TAIL_BYTES = 22 + 65_535
/** Of a zip's directory, as much as is looked at. */
const ZIP_DIRECTORY_BYTES_MAX = 1024 * 1024
/** Of a compound file, as much as is searched for the names of its streams. */
const COMPOUND_BYTES_MAX = 64 * 1024 * 1024

export type Container = Format | 'encrypted' | 'other' | 'broken'

/** What a file that starts as a zip is. `broken`: the directory at its end is missing. */
export async function lookIntoZip(file: FileHandle, size: number): Promise<Container> {
  const names = await zipNames(file, size)
  if (names === undefined) return 'broken'
  if (names.has('word/document.xml')) return 'docx'
  if (names.has('ppt/presentation.xml')) return 'pptx'
  if (names.has('xl/workbook.xml')) return 'xlsx'
  // OpenDocument and EPUB begin with an uncompressed member `mimetype` (ODF 1.3 part 2, 3.3; OCF 3.3, 4.3).
  const head = (await read(file, 0, 256)).toString('latin1')
  const type = /^.{30}mimetype.*?application\/(epub\+zip|vnd\.oasis\.opendocument\.(?:text|spreadsheet|presentation))/s.exec(head)?.[1]
  if (type === 'epub+zip' || (names.has('META-INF/container.xml') && names.has('mimetype'))) return 'epub'
  switch (type?.split('.').at(-1)) {
    case 'text':
      return 'odt'
    case 'spreadsheet':
      return 'ods'
    case 'presentation':
      return 'odp'
    default:
      return 'other'
  }
}

/** Member names by the central directory; undefined where there is none. */
async function zipNames(file: FileHandle, size: number): Promise<Set<string> | undefined> {
  const start = Math.max(0, size - ZIP_TAIL_BYTES)
  const tail = await read(file, start, size - start)
  const record = tail.lastIndexOf('PK\x05\x06', undefined, 'latin1')
  if (record < 0 || record + 22 > tail.length) return undefined
  const length = Math.min(tail.readUInt32LE(record + 12), ZIP_DIRECTORY_BYTES_MAX)
  const offset = Math.min(tail.readUInt32LE(record + 16), start + record - length)
  const directory = await read(file, Math.max(0, offset), length)
  const names = new Set<string>()
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === 0x02014b50; ) {
    const nameLength = directory.readUInt16LE(at + 28)
    names.add(directory.toString('utf8', at + 46, at + 46 + nameLength))
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
  }
  return names
}

/** What a compound file (MS-CFB) is, by the names of its streams. */
export async function lookIntoCompoundFile(file: FileHandle, size: number): Promise<Container> {
  const bytes = await read(file, 0, Math.min(size, COMPOUND_BYTES_MAX))
  const has = (name: string): boolean => bytes.includes(Buffer.from(`${name}\0`, 'utf16le'))
  if (has('EncryptedPackage')) return 'encrypted'
  if (has('__properties_version1.0')) return 'msg'
  if (has('Workbook') || has('Book')) return 'xls'
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
