// Caches documents that runs prepared but did not commit: `<sidecar>/prepared/<key>/`, one staging folder each. The
// next run reuses them instead of converting the documents again. Invalid entries are deleted.
//
// A file in a finished staging folder marks it as such. When its run ends, in whatever way, the folder is moved here by
// one rename, and out again by another: an entry has exactly one owner at any time.
import { readdirSync, truncateSync, writeFileSync } from 'node:fs'
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { systemCode } from '../../core/errors.ts'
import { isPrepared, type Prepared } from '../../core/document/prepared.ts'
import { lstatIfThere } from '../durable-fs.ts'
import { digestFile } from '../file-digest.ts'
import { namesIn } from '../folder-names.ts'
import { sidecarPath } from './paths.ts'

/** The file that makes a folder an entry. It is written last. */
const NOTE = 'prepared.json'
const AGE_MS_MAX = 7 * 24 * 60 * 60 * 1000
const BYTES_MAX = 1024 ** 3

type Note = { key: string; prepared: Prepared }

/**
 * Marks a staging folder as completely prepared. `key` is hex: a hash of the original and of the conversion settings.
 */
export function notePrepared(staging: string, key: string, prepared: Prepared): void {
  writeFileSync(join(staging, NOTE), JSON.stringify({ key, prepared } satisfies Note))
}

/** If only the note is left in the folder, empties the note, so that the folder can be reused. */
export function clearPrepared(staging: string): boolean {
  const names = readdirSync(staging)
  if (names.length > 1 || (names.length === 1 && names[0] !== NOTE)) return false
  if (names.length === 1) truncateSync(join(staging, NOTE))
  return true
}

/**
 * Moves the entry to an empty staging folder. If there is no complete one, returns undefined and leaves the folder
 * empty.
 */
export async function claimPrepared(sidecarDir: string, key: string, staging: string): Promise<Prepared | undefined> {
  const entry = sidecarPath({ sidecarDir }, 'prepared', key)
  if (lstatIfThere(entry)?.isDirectory() !== true) return undefined
  try {
    await rm(staging, { recursive: true })
    await rename(entry, staging)
    const note = await readNote(staging)
    if (note?.key === key && (await isWhole(staging, note.prepared)) && (await isOriginal(staging, note.prepared)))
      return note.prepared
  } catch (error) {
    // Another run was faster.
    if (systemCode(error) !== 'ENOENT') throw error
  }
  await rm(staging, { recursive: true, force: true })
  await mkdir(staging)
  return undefined
}

/** Keeps what is prepared in the staging folder of a finished run: at most 1 GiB, for seven days. Never throws. */
export async function salvagePrepared(sidecarDir: string, run: string): Promise<void> {
  // It is only a cache: what cannot be kept is prepared again.
  await salvage(sidecarDir, run).catch(() => {})
}

async function salvage(sidecarDir: string, run: string): Promise<void> {
  const store = sidecarPath({ sidecarDir }, 'prepared')
  let kept = 0
  for (const name of await namesIn(run)) {
    const folder = join(run, name)
    if (lstatIfThere(folder)?.isDirectory() !== true) continue
    const note = await readNote(folder)
    if (note === undefined || !(await isWhole(folder, note.prepared))) continue
    await mkdir(store, { recursive: true })
    await rm(join(store, note.key), { recursive: true, force: true })
    await rename(folder, join(store, note.key))
    kept++
  }
  if (kept > 0) await prunePrepared(sidecarDir)
}

/** Drops entries that are too old, and the oldest ones beyond the size limit. */
export async function prunePrepared(sidecarDir: string): Promise<void> {
  const store = sidecarPath({ sidecarDir }, 'prepared')
  const entries: { path: string; at: number; bytes: number }[] = []
  for (const name of await namesIn(store)) {
    const path = join(store, name)
    const note = await readNote(path)
    const index = (await stat(join(path, NOTE)).catch(() => undefined))?.mtimeMs ?? 0
    entries.push({ path, at: note === undefined ? 0 : index, bytes: note === undefined ? 0 : bytesOf(note.prepared) })
  }
  let bytes = 0
  for (const { path, at, bytes: own } of entries.sort((a, b) => b.at - a.at)) {
    bytes += own
    if (bytes > BYTES_MAX || Date.now() - at > AGE_MS_MAX) await rm(path, { recursive: true, force: true })
  }
}

/** A killed run may already have moved the original to its final place. */
async function isWhole(folder: string, prepared: Prepared): Promise<boolean> {
  const { original, size, text, textSize, tree, images, scans = [], attachments = [] } = prepared
  const files: [string, number | undefined][] = [
    [original, size],
    [text, textSize],
    ...(tree === undefined ? [] : [[tree, undefined] as [string, undefined]]),
    ...images.map((image): [string, number] => [join('images', image.file), image.size]),
    ...[...scans, ...attachments].map((part): [string, number] => [part.file, part.size]),
  ]
  return files.every(([file, expected]) => {
    const found = lstatIfThere(join(folder, file))
    return found?.isFile() === true && (expected === undefined || found.size === expected)
  })
}

/** After a power cut a file may have its size but not its bytes, or a reused folder may have an older note. */
async function isOriginal(folder: string, { original, sha256, attachments = [] }: Prepared): Promise<boolean> {
  for (const { file, sha256: expected } of [{ file: original, sha256 }, ...attachments]) {
    const digest = await digestFile(Buffer.from(join(folder, file)))
    if (digest.kind !== 'digest' || digest.sha256 !== expected) return false
  }
  return true
}

function bytesOf({ size, textSize, images, scans = [], attachments = [] }: Prepared): number {
  return [...images, ...scans, ...attachments].reduce((sum, each) => sum + each.size, size + textSize)
}

async function readNote(folder: string): Promise<Note | undefined> {
  try {
    const note = JSON.parse(await readFile(join(folder, NOTE), 'utf8')) as Partial<Note> | null
    const { key, prepared } = note ?? {}
    return typeof key === 'string' && /^[0-9a-f]{64}$/.test(key) && isPrepared(prepared) ? { key, prepared } : undefined
  } catch {
    return undefined
  }
}
