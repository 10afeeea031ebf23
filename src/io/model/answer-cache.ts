// Caches paid answers: one small file each, `<sidecar>/answers/ab/<sha256>.json`.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readKeptJson, writeKeptJson } from '../sidecar/kept-json.ts'
import type { AnswerCache } from './model.ts'
import { sidecarPath } from '../sidecar/paths.ts'

export type AnswerFiles = AnswerCache & {
  /** Deletes every answer. */
  drop: () => Promise<void>
}

/** Answers in `<sidecar>/answers`. A killed run keeps what it paid for; a truncated answer counts as missing. */
export function answerFiles(sidecarDir: string): AnswerFiles {
  const folder = sidecarPath({ sidecarDir }, 'answers')
  const place = (hash: string) => {
    if (!/^[0-9a-f]{64}$/.test(hash)) throw new TypeError('an answer is named by a sha256')
    return join(folder, hash.slice(0, 2), `${hash}.json`)
  }
  return {
    get: (hash) => readKeptJson(place(hash)),
    put: async (hash, answer) => writeKeptJson(place(hash), answer),
    drop: () => rm(folder, { recursive: true, force: true }),
  }
}
