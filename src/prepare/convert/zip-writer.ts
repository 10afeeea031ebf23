// Writes a small zip archive (APPNOTE 6.3) from members that are already compressed.
import { crc32 } from 'node:zlib'

export type PackedMember = {
  name: string
  method: number
  packed: number
  size: number
  crc: number
  /** Replaces the member's bytes; uncompressed. */
  text?: string | undefined
  /** The compressed bytes; requested once. */
  bytes: () => Buffer
}

/** Memory: all members, once. */
export function writeZip(members: PackedMember[]): Buffer {
  const plain = members.map((member) =>
    member.text === undefined ? member : asStored(member, Buffer.from(member.text)),
  )
  const named = plain.map((member) => ({ ...member, label: Buffer.from(member.name) }))
  const headers = named.reduce((sum, { label, packed }) => sum + 30 + 46 + 2 * label.length + packed, 22)
  const zip = Buffer.alloc(headers)
  let offset = 0
  const directory: Buffer[] = []
  for (const { label, bytes, ...facts } of named) {
    directory.push(Buffer.concat([header(0x02014b50, 46, offset, label, facts), label]))
    offset += header(0x04034b50, 30, 0, label, facts).copy(zip, offset)
    offset += label.copy(zip, offset)
    offset += bytes().copy(zip, offset)
  }
  const start = offset
  for (const entry of directory) offset += entry.copy(zip, offset)
  zip.writeUInt32LE(0x06054b50, offset)
  zip.writeUInt16LE(named.length, offset + 8)
  zip.writeUInt16LE(named.length, offset + 10)
  zip.writeUInt32LE(offset - start, offset + 12)
  zip.writeUInt32LE(start, offset + 16)
  return zip
}

function asStored(member: PackedMember, content: Buffer): PackedMember {
  return {
    name: member.name,
    method: 0,
    packed: content.length,
    size: content.length,
    crc: crc32(content),
    bytes: () => content,
  }
}

/**
 * The header of a member (30 bytes), or its directory entry (46 bytes), which adds a second version and the location.
 */
function header(
  signature: number,
  length: 30 | 46,
  place: number,
  label: Buffer,
  facts: Omit<PackedMember, 'bytes'>,
): Buffer {
  const out = Buffer.alloc(length)
  out.writeUInt32LE(signature, 0)
  const more = length === 46 ? 2 : 0
  if (more > 0) out.writeUInt16LE(20, 4)
  out.writeUInt16LE(20, 4 + more)
  // Names are UTF-8.
  out.writeUInt16LE(0x800, 6 + more)
  out.writeUInt16LE(facts.method, 8 + more)
  out.writeUInt32LE(facts.crc, 14 + more)
  out.writeUInt32LE(facts.packed, 18 + more)
  out.writeUInt32LE(facts.size, 22 + more)
  out.writeUInt16LE(label.length, 26 + more)
  if (length === 46) out.writeUInt32LE(place, 42)
  return out
}
