// Writes an export into a folder of its own: nothing outside it, nothing over files that are not an earlier export's.
import { createWriteStream } from 'node:fs'
import { lstat, mkdir, readdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { KbError, systemCode } from '../core/errors.ts'
import { pathFault } from '../core/safe-path.ts'

/** Names the folder as an export, and its files, so that the next export can replace them. */
export const EXPORT_FILE = 'kbgit-export.json'
const VERSION = 1

export type ExportContent = string | Uint8Array | AsyncIterable<Uint8Array>
export type ExportFile = { path: string; content: ExportContent }
export type ExportHeader = { kind: string; at: string }

/**
 * Replaces the export in `dir`, which is created if it is missing. The same files make the same folder, byte for byte.
 * Throws `KbError` (`usage`) if the folder has files that no export of this kind wrote.
 */
export async function writeExport(
  dir: string,
  { kind, at }: ExportHeader,
  files: AsyncIterable<ExportFile>,
): Promise<{ files: number; bytes: number }> {
  const earlier = await earlierExport(dir, kind)
  await mkdir(dir, { recursive: true })
  const root = await realpath(dir)
  const folder = new Folder(root)
  const written: string[] = []
  // Until all is written, the folder says what it is, and that this is not the whole.
  const header = { kbgitExport: VERSION, kind, at }
  await folder.write(EXPORT_FILE, `${JSON.stringify({ ...header, complete: false, files: earlier }, null, 1)}\n`)
  for await (const { path, content } of files) {
    await folder.write(path, content)
    written.push(path)
  }
  const kept = new Set(written)
  for (const path of earlier) if (!kept.has(path)) await folder.remove(path)
  written.sort()
  await folder.write(EXPORT_FILE, `${JSON.stringify({ ...header, files: written }, null, 1)}\n`)
  return { files: written.length, bytes: folder.bytes }
}

/** The files of the export in a folder: none in a new or empty one. */
async function earlierExport(dir: string, kind: string): Promise<string[]> {
  let names: string[]
  try {
    names = await readdir(dir)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    if (systemCode(error) === 'ENOTDIR') throw new KbError('usage', `${dir} is a file, not a folder.`)
    throw new KbError('storage', `${dir} cannot be read.`, { cause: error })
  }
  if (names.length === 0) return []
  const found = await readFile(join(dir, EXPORT_FILE), 'utf8').catch(() => '')
  const files = exportedFiles(found, kind)
  if (files !== undefined) return files
  throw new KbError('usage', `${dir} has files that are not an earlier export of this kind; nothing was written.`, {
    hint: 'Name a new or empty folder.',
  })
}

function exportedFiles(json: string, kind: string): string[] | undefined {
  try {
    const value = JSON.parse(json) as { kbgitExport?: unknown; kind?: unknown; files?: unknown }
    if (value.kbgitExport !== VERSION || value.kind !== kind || !Array.isArray(value.files)) return undefined
    return value.files.filter((path) => typeof path === 'string' && pathFault(path) === undefined) as string[]
  } catch {
    return undefined
  }
}

class Folder {
  readonly #root: string
  readonly #made = new Set<string>()
  bytes = 0

  constructor(root: string) {
    this.#root = root
  }

  /** Under a name of its own first: a name that is a symbolic link is replaced, never followed. */
  async write(path: string, content: ExportContent): Promise<void> {
    const fault = pathFault(path)
    if (fault !== undefined) throw new KbError('unexpected', `An export cannot write ${path}: it ${fault}.`)
    await this.#makeFolder(dirname(path))
    const temporary = join(this.#root, 'kbgit-export.part')
    await rm(temporary, { force: true })
    try {
      if (typeof content === 'string' || content instanceof Uint8Array) {
        await writeFile(temporary, content, { flag: 'wx' })
        this.bytes += Buffer.byteLength(content)
      } else {
        const file = createWriteStream(temporary, { flags: 'wx' })
        await pipeline(content, file)
        this.bytes += file.bytesWritten
      }
      await rename(temporary, join(this.#root, path))
    } catch (error) {
      await rm(temporary, { force: true })
      throw new KbError('storage', `${join(this.#root, path)} cannot be written.`, { cause: error })
    }
  }

  async remove(path: string): Promise<void> {
    if (await this.#leavesFolder(dirname(path))) return
    await rm(join(this.#root, path), { force: true, recursive: false }).catch(() => {})
    for (let at = dirname(path); at !== '.'; at = dirname(at)) {
      const left = await readdir(join(this.#root, at)).catch(() => ['unknown'])
      if (left.length > 0) return
      await rm(join(this.#root, at), { recursive: true, force: true })
    }
  }

  async #makeFolder(path: string): Promise<void> {
    if (path === '.' || this.#made.has(path)) return
    if (await this.#leavesFolder(path))
      throw new KbError('usage', `${join(this.#root, path)} is a symbolic link: an export does not write through it.`)
    await mkdir(join(this.#root, path), { recursive: true })
    this.#made.add(path)
  }

  /** Whether a part of the path is a symbolic link. */
  async #leavesFolder(path: string): Promise<boolean> {
    let at = this.#root
    for (const part of path === '.' ? [] : path.split('/')) {
      at = join(at, part)
      const found = await lstat(at).catch(() => undefined)
      if (found === undefined) return false
      if (found.isSymbolicLink()) return true
    }
    return false
  }
}
