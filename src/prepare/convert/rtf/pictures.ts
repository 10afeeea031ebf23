// Pictures in RTF (RTF 1.9.1, "Pictures"): hexadecimal digits or bytes in one of several formats.
import type { RtfGroup } from './group.ts'

/** The file inside a `\pict`; undefined if it has none. */
export function pictureIn(group: RtfGroup): Buffer | undefined {
  const digits = group.items.filter((item) => typeof item === 'string').join('')
  const bytes = group.bytes === '' ? Buffer.from(digits.replace(/\s+/g, ''), 'hex') : Buffer.from(group.bytes, 'latin1')
  if (bytes.length === 0) return undefined
  if (group.words.has('dibitmap')) return bitmapFile(bytes)
  return group.words.has('wmetafile') ? bitmapInMetafile(bytes) : bytes
}

const FILE_HEADER_BYTES = 14
const INFO_HEADER_BYTES = 40
const BITFIELDS = 3

/** A device-independent bitmap with the header of a BMP file. */
function bitmapFile(dib: Buffer): Buffer | undefined {
  if (dib.length < INFO_HEADER_BYTES || dib.readUInt32LE(0) < INFO_HEADER_BYTES) return undefined
  const depth = dib.readUInt16LE(14)
  const used = dib.readUInt32LE(32)
  const colours = used === 0 && depth <= 8 ? 1 << depth : used
  const masks = dib.readUInt32LE(16) === BITFIELDS && dib.readUInt32LE(0) === INFO_HEADER_BYTES ? 12 : 0
  const header = Buffer.alloc(FILE_HEADER_BYTES)
  header.write('BM', 'latin1')
  header.writeUInt32LE((FILE_HEADER_BYTES + dib.length) >>> 0, 2)
  header.writeUInt32LE((FILE_HEADER_BYTES + dib.readUInt32LE(0) + masks + colours * 4) >>> 0, 10)
  return Buffer.concat([header, dib])
}

const METAFILE_HEADER_BYTES = 18
/** Records of a metafile with a bitmap (MS-WMF 2.3.1), and where it begins, in bytes. */
const BITMAP_RECORDS = new Map([
  [0x0f43, 28],
  [0x0b41, 26],
  [0x0940, 24],
])

/** The first bitmap that a Windows metafile draws: many consist of nothing else. Otherwise undefined. */
function bitmapInMetafile(file: Buffer): Buffer | undefined {
  for (let offset = METAFILE_HEADER_BYTES; offset + 6 <= file.length;) {
    const length = file.readUInt32LE(offset) * 2
    if (length < 6) return undefined
    const begin = BITMAP_RECORDS.get(file.readUInt16LE(offset + 4))
    if (begin !== undefined && length > begin + INFO_HEADER_BYTES)
      return bitmapFile(file.subarray(offset + begin, offset + length))
    offset += length
  }
  return undefined
}
