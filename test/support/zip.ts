// Writes zip archives, valid ones and malicious ones.
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'

export type ZipMember = {
  name: string
  content: string | Uint8Array
  /** Leave it uncompressed. */
  stored?: boolean
  /** What the headers declare instead of the truth. */
  claims?: { size?: number; flags?: number; localName?: string; offset?: number }
}

export function zip(members: ZipMember[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, content, stored = false, claims = {} } of members) {
    const raw = Buffer.from(content)
    const data = stored ? raw : deflateRawSync(raw)
    const size = claims.size ?? raw.length
    const head = (signature: number, local: boolean, shown: string): Buffer => {
      const bytes = Buffer.from(shown)
      const out = Buffer.alloc((local ? 30 : 46) + bytes.length)
      let position = out.writeUInt32LE(signature, 0)
      if (!local) position = out.writeUInt16LE(20, position)
      position = out.writeUInt16LE(20, position)
      position = out.writeUInt16LE(claims.flags ?? 0x800, position)
      position = out.writeUInt16LE(stored ? 0 : 8, position)
      position = out.writeUInt32LE(0, position)
      position = out.writeUInt32LE(crc32(raw), position)
      position = out.writeUInt32LE(data.length, position)
      position = out.writeUInt32LE(size, position)
      out.writeUInt16LE(bytes.length, position)
      if (!local) out.writeUInt32LE(claims.offset ?? offset, 42)
      bytes.copy(out, local ? 30 : 46)
      return out
    }
    directory.push(head(0x02014b50, false, name))
    parts.push(head(0x04034b50, true, claims.localName ?? name), data)
    offset += (parts.at(-2)?.length ?? 0) + data.length
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(Math.min(members.length, 0xffff), 8)
  end.writeUInt16LE(Math.min(members.length, 0xffff), 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, ...directory, end])
}

/**
 * The same members, all compressed, in the order that `change` returns. For intact archives without data descriptors.
 */
export function repacked(bytes: Buffer, change: (members: ZipMember[]) => ZipMember[]): Buffer {
  const members: ZipMember[] = []
  const end = bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1')
  for (let offset = bytes.readUInt32LE(end + 16); offset < end;) {
    const [name, extra, comment] = [28, 30, 32].map((field) => bytes.readUInt16LE(offset + field)) as [
      number,
      number,
      number,
    ]
    const local = bytes.readUInt32LE(offset + 42)
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
    const data = bytes.subarray(start, start + bytes.readUInt32LE(offset + 20))
    const content = bytes.readUInt16LE(offset + 10) === 0 ? data : inflateRawSync(data)
    members.push({ name: bytes.toString('utf8', offset + 46, offset + 46 + name), content })
    offset += 46 + name + extra + comment
  }
  return zip(change(members))
}
