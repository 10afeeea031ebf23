// One door for everything that turns a prepared document into knowledge.
import type { Compiled } from '../core/compiled.ts'
import type { Failure } from '../core/errors.ts'
import type { Prepared } from '../core/prepared.ts'

export type CompileInput = {
  prepared: Prepared
  /** Absolute path of the staging folder that `prepared` names files in. */
  staging: string
  /** What to call the document where it does not say: the file's stem, or the URL's last part. */
  fallbackTitle: string
  /** Names that exist and may be relevant, for linking: never more than a bounded number. */
  known?: { kind: 'concept' | 'entity'; name: string }[]
}

export type CompileReply = { ok: true; compiled: Compiled } | { ok: false; failure: Failure }

/** Compilers run in parallel over documents, hold no lock, and write nothing. */
export type Compiler = {
  /** `<name>@<version>`, in registry and trailers. */
  readonly id: string
  /** `provider/model`. */
  readonly model?: string
  compile: (input: CompileInput, signal: AbortSignal) => Promise<CompileReply>
  [Symbol.asyncDispose]: () => Promise<void>
}
