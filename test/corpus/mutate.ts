// Damages files the way disks, networks and attackers do: the same seed gives the same damage.
import { inflateRawSync } from 'node:zlib'
import { zip, type ZipMember } from '../support/zip.ts'

/** A generator of numbers from 0 up to, but not including, `below`. */
type Draw = (below: number) => number

/** Mulberry32: small, seeded, and good enough to choose places. */
export function drawing(seed: number): Draw {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

const BIT_FLIPS_MAX = 64

const DAMAGES: ((bytes: Buffer, draw: Draw) => Buffer)[] = [flipBits, cutOff, swapParts, repeatPart, blankPart]

/**
 * A damaged copy. Every second copy of a zip is damaged inside and repacked with correct checksums: otherwise it would
 * be rejected at once, and the code behind that would never be tested.
 */
export function mutate(bytes: Buffer, draw: Draw): Buffer {
  const members = draw(2) === 0 ? membersOf(bytes) : []
  const chosen = members[draw(Math.max(1, members.length))]
  if (chosen === undefined) return damage(bytes, draw)
  const content = damage(Buffer.from(chosen.content), draw)
  return zip(members.map((member) => (member === chosen ? { ...member, content } : member)))
}

function damage(bytes: Buffer, draw: Draw): Buffer {
  return (DAMAGES[draw(DAMAGES.length)] ?? flipBits)(bytes, draw)
}

function flipBits(bytes: Buffer, draw: Draw): Buffer {
  const damaged = Buffer.from(bytes)
  for (let left = 1 + draw(BIT_FLIPS_MAX); left > 0; left--) {
    const offset = draw(damaged.length)
    damaged[offset] = (damaged[offset] ?? 0) ^ (1 << draw(8))
  }
  return damaged
}

function cutOff(bytes: Buffer, draw: Draw): Buffer {
  return bytes.subarray(0, draw(bytes.length) + 1)
}

function swapParts(bytes: Buffer, draw: Draw): Buffer {
  const [a = 0, b = 0, c = 0, d = 0] = Array.from({ length: 4 }, () => draw(bytes.length)).sort((x, y) => x - y)
  return Buffer.concat([
    bytes.subarray(0, a),
    bytes.subarray(c, d),
    bytes.subarray(b, c),
    bytes.subarray(a, b),
    bytes.subarray(d),
  ])
}

function repeatPart(bytes: Buffer, draw: Draw): Buffer {
  const start = draw(bytes.length)
  const part = bytes.subarray(start, start + 1 + draw(Math.min(4_096, bytes.length - start)))
  const times = 1 + draw(200)
  return Buffer.concat([bytes.subarray(0, start), ...Array.from({ length: times }, () => part), bytes.subarray(start)])
}

function blankPart(bytes: Buffer, draw: Draw): Buffer {
  const damaged = Buffer.from(bytes)
  const start = draw(bytes.length)
  return damaged.fill(draw(2) === 0 ? 0 : 0xff, start, start + 1 + draw(bytes.length - start))
}

/** The members of an intact zip; none if it is not a zip. */
function membersOf(bytes: Buffer): ZipMember[] {
  if (bytes.toString('latin1', 0, 4) !== 'PK\x03\x04') return []
  const end = bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1')
  if (end < 0) return []
  const members: ZipMember[] = []
  for (let offset = bytes.readUInt32LE(end + 16); offset + 46 <= end && bytes.readUInt32LE(offset) === 0x02014b50;) {
    const nameLength = bytes.readUInt16LE(offset + 28)
    const name = bytes.toString('utf8', offset + 46, offset + 46 + nameLength)
    const local = bytes.readUInt32LE(offset + 42)
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
    const packed = bytes.subarray(start, start + bytes.readUInt32LE(offset + 20))
    const stored = bytes.readUInt16LE(offset + 10) === 0
    const content = stored ? packed : inflateRawSync(packed)
    if (content.length > 0) members.push({ name, content, stored })
    offset += 46 + nameLength + bytes.readUInt16LE(offset + 30) + bytes.readUInt16LE(offset + 32)
  }
  return members
}
