// Reads git's index file, versions 2 to 4, for a few paths out of many, without a process.
// https://git-scm.com/docs/index-format
import { readFile } from 'node:fs/promises'
import { systemCode } from '../core/errors.ts'

/** `mode` is octal. `sparse`: skip-worktree, the file is not on the disk on purpose. */
export type IndexEntry = { mode: string; oid: string; sparse: boolean }

export type IndexEntries = {
  /** By path relative to the work tree. Octal mode, object id. */
  entries: Map<string, IndexEntry>
  /** Some entry, of any path, has a stage other than 0. */
  unmerged: boolean
}

const EXTENDED = 0x4000
const SKIP_WORKTREE = 0x4000
const STAGE = 0x3000
const NAME_LENGTH = 0x0fff
const STAT_BYTES = 40

/** Undefined where the file has a form that is left to git: split, sparse, a newer version, or not an index. */
export async function readIndexEntries(path: string, wanted: ReadonlySet<string>, oidLength: 40 | 64): Promise<IndexEntries | undefined> {
  let file: Buffer
  try {
    file = await readFile(path)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return { entries: new Map(), unmerged: false }
    throw error
  }
  return parseIndexEntries(file, wanted, oidLength)
}

export function parseIndexEntries(file: Buffer, wanted: ReadonlySet<string>, oidLength: 40 | 64): IndexEntries | undefined {
  const hashBytes = oidLength / 2
  if (file.length < 12 + hashBytes || file.toString('latin1', 0, 4) !== 'DIRC') return undefined
  const version = file.readUInt32BE(4)
  if (version < 2 || version > 4) return undefined
  const count = file.readUInt32BE(8)
  const found: IndexEntries = { entries: new Map(), unmerged: false }
  const lengths = new Set([...wanted].map((name) => Buffer.byteLength(name)))
  const fixed = STAT_BYTES + hashBytes + 2
  let at = 12
  let previous: Buffer = Buffer.alloc(0)
  for (let n = 0; n < count; n++) {
    if (at + fixed > file.length) return undefined
    const flags = file.readUInt16BE(at + fixed - 2)
    const nameAt = at + fixed + ((flags & EXTENDED) === 0 ? 0 : 2)
    let name: Buffer
    let next: number
    if (version === 4) {
      const { cut, start } = readCut(file, nameAt)
      const end = file.indexOf(0, start)
      if (end < 0 || cut > previous.length) return undefined
      name = Buffer.concat([previous.subarray(0, previous.length - cut), file.subarray(start, end)])
      previous = name
      next = end + 1
    } else {
      const short = flags & NAME_LENGTH
      const length = short === NAME_LENGTH ? file.indexOf(0, nameAt) - nameAt : short
      name = file.subarray(nameAt, nameAt + length)
      // One to eight NULs pad an entry to a multiple of eight bytes.
      next = at + ((nameAt - at + length + 8) & ~7)
    }
    if ((flags & STAGE) !== 0) found.unmerged = true
    else if (lengths.has(name.length)) {
      const path = name.toString()
      if (wanted.has(path)) {
        found.entries.set(path, {
          mode: file.readUInt32BE(at + 24).toString(8),
          oid: file.toString('hex', at + STAT_BYTES, at + STAT_BYTES + hashBytes),
          sparse: (flags & EXTENDED) !== 0 && (file.readUInt16BE(at + fixed) & SKIP_WORKTREE) !== 0,
        })
      }
    }
    at = next
  }
  for (; at + 8 + hashBytes <= file.length; at += 8 + file.readUInt32BE(at + 4)) {
    const extension = file.toString('latin1', at, at + 4)
    if (extension === 'link' || extension === 'sdir') return undefined
  }
  return found
}

/** Version 4: how many bytes to cut from the previous name, as a variable-length number, and where the new ones start. */
function readCut(file: Buffer, at: number): { cut: number; start: number } {
  let start = at
  let byte = file[start++] ?? 0
  let cut = byte & 0x7f
  while ((byte & 0x80) !== 0) {
    byte = file[start++] ?? 0
    cut = ((cut + 1) << 7) | (byte & 0x7f)
  }
  return { cut, start }
}
