// Small JSON files of the sidecar that are either complete or absent.
import { randomBytes } from 'node:crypto'
import { lstatSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { systemCode } from '../../core/errors.ts'
import { removeFile } from '../durable-fs.ts'

/** The value, or undefined if the file is missing, not JSON or not even a file. */
export async function readKeptJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    if (error instanceof SyntaxError || ['ENOENT', 'EISDIR'].includes(systemCode(error) ?? '')) return undefined
    throw error
  }
}

/**
 * Writes a temporary file and renames it into place, so that a killed process leaves the old file or the new one. Not
 * flushed to disk: a power cut may lose the newest files, but a truncated file is never accepted. A folder of that
 * name is kept under another one. Synchronous: a paid answer is stored before anything else starts.
 */
export function writeKeptJson(path: string, value: unknown): void {
  const id = randomBytes(6).toString('hex')
  const temporary = `${path}.${id}.tmp`
  mkdirSync(dirname(path), { recursive: true })
  try {
    writeFileSync(temporary, JSON.stringify(value), { flag: 'wx' })
    if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true) renameSync(path, `${path}.${id}.folder`)
    renameSync(temporary, path)
  } catch (error) {
    removeFile(temporary)
    throw error
  }
}
