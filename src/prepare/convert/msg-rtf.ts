// The body of an Outlook item that exists only as compressed RTF (MS-OXRTFCP).
import { plainOfRtf } from './rtf/plain.ts'

const COMPRESSED = 0x75465a4c
const UNCOMPRESSED = 0x414c454d
const HEADER_BYTES = 16
/** Uncompressed RTF: a run of a few bytes can stand for seventeen. */
const RTF_BYTES_MAX = 64 * 1024 * 1024
const DICTIONARY_BYTES = 4096
/** What the dictionary begins with (2.1.2.1). */
const INITIAL =
  '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx'

/** Its paragraphs as plain text; undefined if it is damaged. */
export function textOfCompressedRtf(bytes: Uint8Array): string | undefined {
  const rtf = decompress(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))
  if (rtf === undefined || !rtf.startsWith('{\\rtf')) return undefined
  return plainOfRtf(rtf)
    .map(({ text }) => text.trim())
    .filter((text) => text !== '')
    .join('\n\n')
}

/** RTF as Latin-1. */
function decompress(bytes: Buffer): string | undefined {
  if (bytes.length < HEADER_BYTES) return undefined
  const size = bytes.readUInt32LE(4)
  if (size > RTF_BYTES_MAX) return undefined
  switch (bytes.readUInt32LE(8)) {
    case UNCOMPRESSED:
      return bytes.toString('latin1', HEADER_BYTES, HEADER_BYTES + size)
    case COMPRESSED:
      return expand(bytes, size)
    default:
      return undefined
  }
}

/** Runs of eight tokens, each a byte or a reference into the last 4 KiB; one to the write position ends the text. */
function expand(bytes: Buffer, size: number): string {
  const dictionary = Buffer.alloc(DICTIONARY_BYTES)
  let write = dictionary.write(INITIAL, 'latin1')
  const out = Buffer.alloc(size)
  let length = 0
  const put = (byte: number): void => {
    if (length < size) out[length++] = byte
    dictionary[write] = byte
    write = (write + 1) % DICTIONARY_BYTES
  }
  for (let at = HEADER_BYTES; at < bytes.length;) {
    if (length >= size) break
    const flags = bytes[at++] ?? 0
    for (let bit = 0; bit < 8 && at < bytes.length; bit++) {
      if ((flags & (1 << bit)) === 0) put(bytes[at++] ?? 0)
      else {
        const reference = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
        at += 2
        const from = reference >> 4
        if (from === write) return out.toString('latin1', 0, length)
        for (let run = 0; run < (reference & 15) + 2; run++) put(dictionary[(from + run) % DICTIONARY_BYTES] ?? 0)
      }
    }
  }
  return out.toString('latin1', 0, length)
}
