// Small JSON files of the sidecar that are whole or absent.
import { randomBytes } from 'node:crypto'
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { systemCode } from '../../core/errors.ts'

/** The value, or undefined where there is no file or no JSON in it. */
export async function readKeptJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    if (error instanceof SyntaxError || systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/**
 * Writes beside the place and renames into it, so that a killed process leaves the old file or the new one. It is not
 * flushed to disk: a power cut may lose the newest files, and never gives half of one that is believed. Synchronous: what
 * was paid for is kept before anything else is begun.
 */
export function writeKeptJson(path: string, value: unknown): void {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  mkdirSync(dirname(path), { recursive: true })
  try {
    writeFileSync(temporary, JSON.stringify(value), { flag: 'wx' })
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}
