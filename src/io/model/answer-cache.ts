// Answers that were paid for: one small file each, `<sidecar>/answers/ab/<sha256>.json`.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readKeptJson, writeKeptJson } from '../sidecar/kept-json.ts'
import type { AnswerCache } from './model.ts'
import { sidecarPath } from '../sidecar/paths.ts'

export type AnswerFiles = AnswerCache & {
  /** Forgets every answer. */
  drop: () => Promise<void>
}

/** Answers in `<sidecar>/answers`. A run that is killed keeps what it paid for; half an answer counts as none. */
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
