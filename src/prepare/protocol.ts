// The messages between the pool and its workers: plain data in both directions.
import type { CompileReply } from '../core/document/compiled.ts'
import type { Limits } from '../core/config.ts'
import type { Failure } from '../core/errors.ts'
import type { Prepared } from '../core/document/prepared.ts'
import type { Seen } from '../core/document/seen.ts'

/** One document to prepare. `staging` is an existing, empty folder that belongs to this task alone. */
export type PrepareTask = {
  /** The document's name in messages. */
  label: string
  /** Absolute path of the file; as bytes, because a name need not be UTF-8. */
  path: Uint8Array
  /** The folder that the user named, if the file was found in one: pictures are looked up in it. */
  root?: Uint8Array | undefined
  /** Lower-case extension with its dot, or ''. The content decides first. */
  extension: string
  staging: string
  /** Hash from the scan; a file with another hash by now fails as `changedWhileRead`. */
  sha256: string
  /** `--encoding`, for text formats. */
  encoding?: string | undefined
  /** Minimum number of pages (or the same amount of text) of a long document. */
  longPages: number
  limits: Limits
  /** For a fetched page: its address, as the base of relative links and as its identity. */
  url?: string | undefined
  /** Pages of a PDF without letters of their own that are drawn for a model, at most. Default: none. */
  scansMax?: number | undefined
  /** What a model saw on the pictures that an earlier task of the same document found. */
  seen?: Seen | undefined
  /** Named by the user rather than found in a folder. */
  named: boolean
  /**
   * What continues in the worker unless the prepared document is large: the module's default export is called with
   * `input`, `prepared` and `staging`.
   */
  compile?: { module: string; input: object }
  /** The file is a copy away from its folder: a document that links pictures beside it is left to another. */
  isCopy?: boolean
}

export type PrepareReply =
  | { ok: true; prepared: Prepared; elapsedMs: number; compiled?: { reply: CompileReply; elapsedMs: number } }
  /** `needsFolder`: of a copy, which can only be prepared where the file is. */
  | { ok: false; failure: Failure; needsFolder?: true }

/** Prepares documents: in workers of this process, or by those at a queue. */
export type Preparer = AsyncDisposable & {
  /** Documents that are worth having under way at once. */
  readonly documentsMax: number
  /** Rejects with the signal's reason, or with a `KbError` if the run must stop. */
  prepare: (task: PrepareTask, signal?: AbortSignal) => Promise<PrepareReply>
}
