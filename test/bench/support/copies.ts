// Copies of the same real files, each with a digest of its own, so that none of them is a duplicate.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** End of central directory record, without a comment (PKWARE APPNOTE 4.3.16). */
const END_BYTES = 22
const END_SIGNATURE = 0x06054b50

/**
 * Writes `copies` of each PDF and office file of `from` into `folder`, with a comment at the end that no reader looks
 * at.
 */
export function writeCopies(from: string, folder: string, copies: number): void {
  mkdirSync(folder, { recursive: true })
  const files = readdirSync(from, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  for (const [index, { parentPath, name }] of files.entries()) {
    const bytes = readFileSync(join(parentPath, name))
    for (let copy = 1; copy <= copies; copy++) {
      const content = copy === 1 ? bytes : withRemark(bytes, `copy ${copy}`)
      if (content !== undefined) writeFileSync(join(folder, `${copy}-${index}-${name}`), content)
    }
  }
}

function withRemark(bytes: Buffer, text: string): Buffer | undefined {
  if (bytes.toString('latin1', 0, 5) === '%PDF-') return Buffer.concat([bytes, Buffer.from(`\n% ${text}\n`)])
  const end = bytes.length - END_BYTES
  if (end < 0 || bytes.readUInt32LE(end) !== END_SIGNATURE) return undefined
  const remarked = Buffer.concat([bytes, Buffer.from(text)])
  remarked.writeUInt16LE(text.length, end + END_BYTES - 2)
  return remarked
}
