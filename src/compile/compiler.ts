// One door for everything that turns a prepared document into knowledge.
import type { CompileReply } from '../core/document/compiled.ts'
import type { TopicKind } from '../core/document/document.ts'
import type { PreparedText } from '../core/document/prepared.ts'

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
  known?: KnownTopic[] | undefined
}

/** Compilers run in parallel over documents, hold no lock, and write nothing. */
export type Compiler = {
  /** `<name>@<version>`, in registry and trailers. */
  readonly id: string
  /** `provider/model`. */
  readonly model?: string | undefined
  /**
   * Of a compiler that can go on in the worker that prepared: a module whose default export takes these settings with
   * `prepared`, `staging` and `fallbackTitle`, and gives what `compile` would.
   */
  readonly inWorker?: { module: string; settings: object }
  compile: (input: CompileInput, signal: AbortSignal) => Promise<CompileReply>
  [Symbol.asyncDispose]: () => Promise<void>
}
