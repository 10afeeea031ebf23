// Answers that were paid for: one small file each, `<sidecar>/answers/ab/<sha256>.json`.
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { systemCode } from '../core/errors.ts'
import type { AnswerCache } from './model.ts'

export type AnswerFiles = AnswerCache & {
  /** Forgets every answer. */
  drop: () => Promise<void>
}

/**
 * Answers in `<sidecar>/answers`. An answer is whole or absent: it is written beside its place and renamed into it, so a
 * killed run keeps what it paid for. It is not flushed to disk: a power cut may cost the last few answers, never give
 * half of one. A file that cannot be read as JSON counts as absent.
 */
export function answerFiles(sidecar: string): AnswerFiles {
  const folder = join(sidecar, 'answers')
  const place = (hash: string) => {
    if (!/^[0-9a-f]{64}$/.test(hash)) throw new TypeError('an answer is named by a sha256')
    return join(folder, hash.slice(0, 2), `${hash}.json`)
  }
  return {
    get: async (hash) => {
      try {
        return JSON.parse(await readFile(place(hash), 'utf8'))
      } catch (error) {
        if (error instanceof SyntaxError || systemCode(error) === 'ENOENT') return undefined
        throw error
      }
    },
    put: async (hash, answer) => {
      const path = place(hash)
      const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
      await mkdir(dirname(path), { recursive: true })
      try {
        await writeFile(temporary, JSON.stringify(answer), { flag: 'wx' })
        await rename(temporary, path)
      } catch (error) {
        await rm(temporary, { force: true })
        throw error
      }
    },
    drop: () => rm(folder, { recursive: true, force: true }),
  }
}
