// The messages between the pool and its workers: plain data, both ways.
import type { CompileReply } from '../core/document/compiled.ts'
import type { Limits } from '../core/config.ts'
import type { Failure } from '../core/errors.ts'
import type { Prepared } from '../core/document/prepared.ts'

/** One document to prepare. `staging` is an existing, empty folder that belongs to this task alone. */
export type PrepareTask = {
  /** What the user sees in messages. */
  label: string
  /** Absolute path of the file; as bytes, because a name need not be UTF-8. */
  path: Uint8Array
  /** Lower-case extension with its dot, or ''. The content decides first. */
  extension: string
  staging: string
  /** Hash taken by the scan; a file that has another one by now fails as `changedWhileRead`. */
  sha256: string
  /** `--encoding`, for text formats. */
  encoding?: string | undefined
  /** Pages (or the same amount of text) from which a document is long. */
  longPages: number
  limits: Limits
  /** Of a fetched page: its address, for relative links and as its identity. */
  url?: string | undefined
  /** Named by the user rather than met in a folder. */
  named: boolean
  /** Goes on with what was prepared, where that is not large: its default export is given `input`, `prepared` and `staging`. */
  compile?: { module: string; input: object }
}

export type PrepareReply =
  | { ok: true; prepared: Prepared; elapsedMs: number; compiled?: { reply: CompileReply; elapsedMs: number } }
  | { ok: false; failure: Failure }
