// Reads selected paths from git's index file, versions 2 to 4, without starting a process.
// https://git-scm.com/docs/index-format
import { readFileSync } from 'node:fs'
import { systemCode } from '../../core/errors.ts'

/** `mode` is octal. `sparse`: skip-worktree, the file is deliberately not on disk. */
export type IndexEntry = { mode: string; oid: string; sparse: boolean }

export type IndexEntries = {
  /** By path relative to the work tree. Octal mode, object id. */
  entries: Map<string, IndexEntry>
  /** Whether any entry, of any path, has a stage other than 0. */
  unmerged: boolean
}

const EXTENDED = 0x4000
const SKIP_WORKTREE = 0x4000
const STAGE = 0x3000
const NAME_LENGTH = 0x0fff
const STAT_BYTES = 40

/** Undefined for forms that are left to git: split, sparse, a newer version, or not an index. */
export function readIndexEntries(
  path: string,
  wanted: ReadonlySet<string>,
  oidLength: 40 | 64,
): IndexEntries | undefined {
  let file: Buffer
  try {
    // Read at once: the file is large, and reading it in pieces takes several times as long.
    file = readFileSync(path)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return { entries: new Map(), unmerged: false }
    throw error
  }
  return parseIndexEntries(file, wanted, oidLength)
}

export function parseIndexEntries(
  file: Buffer,
  wanted: ReadonlySet<string>,
  oidLength: 40 | 64,
): IndexEntries | undefined {
  const hashBytes = oidLength / 2
  if (file.length < 12 + hashBytes || file.toString('latin1', 0, 4) !== 'DIRC') return undefined
  const version = file.readUInt32BE(4)
  if (version < 2 || version > 4) return undefined
  const count = file.readUInt32BE(8)
  const found: IndexEntries = { entries: new Map(), unmerged: false }
  const signatures = new Set([...wanted].map((name) => signatureOf(Buffer.from(name), 0, Buffer.byteLength(name))))
  const fixed = STAT_BYTES + hashBytes + 2
  let offset = 12
  let previous: Buffer = Buffer.alloc(0)
  for (let n = 0; n < count; n++) {
    if (offset + fixed > file.length) return undefined
    const flags = file.readUInt16BE(offset + fixed - 2)
    const nameAt = offset + fixed + ((flags & EXTENDED) === 0 ? 0 : 2)
    let next: number
    // Where the name's bytes are; version 4 names are assembled first.
    let names = file
    let start = nameAt
    let length = flags & NAME_LENGTH
    if (version === 4) {
      const { cut, start: rest } = readCut(file, nameAt)
      const end = file.indexOf(0, rest)
      if (end < 0 || cut > previous.length) return undefined
      previous = names = Buffer.concat([previous.subarray(0, previous.length - cut), file.subarray(rest, end)])
      start = 0
      length = names.length
      next = end + 1
    } else {
      if (length === NAME_LENGTH) length = file.indexOf(0, nameAt) - nameAt
      // Entries are padded with one to eight NULs to a multiple of eight bytes.
      next = offset + ((nameAt - offset + length + 8) & ~7)
    }
    if ((flags & STAGE) !== 0) found.unmerged = true
    else if (signatures.has(signatureOf(names, start, length))) {
      const path = names.toString('utf8', start, start + length)
      if (wanted.has(path)) {
        found.entries.set(path, {
          mode: file.readUInt32BE(offset + 24).toString(8),
          oid: file.toString('hex', offset + STAT_BYTES, offset + STAT_BYTES + hashBytes),
          sparse: (flags & EXTENDED) !== 0 && (file.readUInt16BE(offset + fixed) & SKIP_WORKTREE) !== 0,
        })
      }
    }
    offset = next
  }
  for (; offset + 8 + hashBytes <= file.length; offset += 8 + file.readUInt32BE(offset + 4)) {
    const extension = file.toString('latin1', offset, offset + 4)
    if (extension === 'link' || extension === 'sdir') return undefined
  }
  return found
}

/** A cheap hash of a name: nearly all entries are skipped without decoding their text. */
function signatureOf(bytes: Buffer, index: number, length: number): number {
  if (length < 10) return length
  // The last bytes are usually an extension; the ones before it distinguish names.
  const end = index + length
  return (
    (((bytes[end - 6] ?? 0) << 24) |
      ((bytes[end - 7] ?? 0) << 16) |
      ((bytes[end - 8] ?? 0) << 8) |
      (bytes[end - 9] ?? 0)) ^
    length
  )
}

/**
 * Version 4: how many bytes to cut from the previous name, as a variable-length number, and where the new bytes start.
 */
function readCut(file: Buffer, index: number): { cut: number; start: number } {
  let start = index
  let byte = file[start++] ?? 0
  let cut = byte & 0x7f
  while ((byte & 0x80) !== 0) {
    byte = file[start++] ?? 0
    cut = ((cut + 1) << 7) | (byte & 0x7f)
  }
  return { cut, start }
}
