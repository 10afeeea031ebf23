// One door for everything that turns a prepared document into knowledge.
import type { Compiled } from '../core/compiled.ts'
import type { TopicKind } from '../core/document.ts'
import type { Failure } from '../core/errors.ts'
import type { PreparedText } from '../core/prepared.ts'

export type KnownTopic = { kind: TopicKind; name: string }

export type CompileInput = {
  prepared: PreparedText
  /** Absolute path of the staging folder that `prepared` names files in. */
  staging: string
  /** What to call the document where it does not say: the file's stem, or the URL's last part. */
  fallbackTitle: string
  /** What messages call the document: its path or URL. */
  label?: string
  /** Names that exist and may be relevant: never more than a bounded number. */
  known?: KnownTopic[]
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
