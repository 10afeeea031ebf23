// What runs had prepared and did not come to commit: `<sidecar>/prepared/<key>/`, a staging folder each. The next run
// takes one instead of converting the document again. A cache: whatever is wrong with an entry, it goes.
//
// A finished staging folder says so in a file of its own. When its run is over, however it ended, the folder is moved
// here by one rename, and by one rename out again: an entry has one owner at any time.
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

/** Says of a staging folder that everything in it is prepared. `key` is hex: of the original and of how it was asked for. */
export function notePrepared(staging: string, key: string, prepared: Prepared): void {
  writeFileSync(join(staging, NOTE), JSON.stringify({ key, prepared } satisfies Note))
}

/** Where nothing but the note is left in the folder, makes the note say nothing: the folder can be used again. */
export function clearPrepared(staging: string): boolean {
  const names = readdirSync(staging)
  if (names.length > 1 || (names.length === 1 && names[0] !== NOTE)) return false
  if (names.length === 1) truncateSync(join(staging, NOTE))
  return true
}

/** Moves the entry to an empty staging folder; undefined, and the folder still empty, where there is none that is whole. */
export async function claimPrepared(sidecarDir: string, key: string, staging: string): Promise<Prepared | undefined> {
  const entry = sidecarPath({ sidecarDir }, 'prepared', key)
  if (lstatIfThere(entry) === undefined) return undefined
  try {
    await rm(staging, { recursive: true })
    await rename(entry, staging)
    const note = await readNote(staging)
    if (note?.key === key && (await isWhole(staging, note.prepared)) && (await isOriginal(staging, note.prepared)))
      return note.prepared
  } catch (error) {
    // Another run was quicker.
    if (systemCode(error) !== 'ENOENT') throw error
  }
  await rm(staging, { recursive: true, force: true })
  await mkdir(staging)
  return undefined
}

/** Keeps what is prepared in the staging folder of a run that is over: at most 1 GiB, for seven days. Never throws. */
export async function salvagePrepared(sidecarDir: string, run: string): Promise<void> {
  // It is a cache: what cannot be kept is prepared again.
  await salvage(sidecarDir, run).catch(() => {})
}

async function salvage(sidecarDir: string, run: string): Promise<void> {
  const store = sidecarPath({ sidecarDir }, 'prepared')
  let kept = 0
  for (const name of await namesIn(run)) {
    const folder = join(run, name)
    const note = await readNote(folder)
    if (note === undefined || !(await isWhole(folder, note.prepared))) continue
    await mkdir(store, { recursive: true })
    await rm(join(store, note.key), { recursive: true, force: true })
    await rename(folder, join(store, note.key))
    kept++
  }
  if (kept > 0) await prunePrepared(sidecarDir)
}

/** Drops what is too old, and the oldest of what is too much. */
export async function prunePrepared(sidecarDir: string): Promise<void> {
  const store = sidecarPath({ sidecarDir }, 'prepared')
  const entries: { path: string; at: number; bytes: number }[] = []
  for (const name of await namesIn(store)) {
    const path = join(store, name)
    const note = await readNote(path)
    const at = (await stat(join(path, NOTE)).catch(() => undefined))?.mtimeMs ?? 0
    entries.push({ path, at: note === undefined ? 0 : at, bytes: note === undefined ? 0 : bytesOf(note.prepared) })
  }
  let bytes = 0
  for (const { path, at, bytes: own } of entries.sort((a, b) => b.at - a.at)) {
    bytes += own
    if (bytes > BYTES_MAX || Date.now() - at > AGE_MS_MAX) await rm(path, { recursive: true, force: true })
  }
}

/** A run that was killed may have moved the original on to where it was to stay. */
async function isWhole(folder: string, prepared: Prepared): Promise<boolean> {
  const { original, size, text, textSize, tree, images } = prepared
  const files: [string, number | undefined][] = [
    [original, size],
    [text, textSize],
    ...(tree === undefined ? [] : [[tree, undefined] as [string, undefined]]),
    ...images.map((image): [string, number] => [join('images', image.file), image.size]),
  ]
  return files.every(([file, expected]) => {
    const found = lstatIfThere(join(folder, file))
    return found?.isFile() === true && (expected === undefined || found.size === expected)
  })
}

/** After a power cut a file may have its size and not its bytes, or a folder that was used again an older note. */
async function isOriginal(folder: string, { original, sha256 }: Prepared): Promise<boolean> {
  const digest = await digestFile(Buffer.from(join(folder, original)))
  return digest.kind === 'digest' && digest.sha256 === sha256
}

function bytesOf({ size, textSize, images }: Prepared): number {
  return size + textSize + images.reduce((sum, image) => sum + image.size, 0)
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
