// The interface of everything that turns a prepared document into knowledge.
import type { CompileReply } from '../core/document/compiled.ts'
import type { TopicKind } from '../core/document/document.ts'
import type { PreparedText } from '../core/document/prepared.ts'

/**
 * `found`: the key (see `topicKey`) of the name or alias by which the text has it. `type` of an entity. `line`: what it
 * is.
 */
export type KnownTopic = {
  kind: TopicKind
  name: string
  found?: string | undefined
  type?: string | undefined
  line?: string | undefined
}

export type CompileInput = {
  prepared: PreparedText
  /** Absolute path of the staging folder with the files that `prepared` names. */
  staging: string
  /** The document's title if it has none itself: the file's stem, or the URL's last part. */
  fallbackTitle: string
  /** The document's name in messages: its path or URL. */
  label?: string
  /** Existing names that may be relevant: never more than a bounded number. */
  known?: KnownTopic[] | undefined
}

/** Compilers run in parallel over documents, hold no lock, and write nothing. */
export type Compiler = {
  /** `<name>@<version>`, in registry and trailers. */
  readonly id: string
  /** `provider/model`. */
  readonly model?: string | undefined
  /**
   * For a compiler that can run in the worker that prepared the document: a module whose default export takes these
   * settings with `prepared`, `staging` and `fallbackTitle`, and returns what `compile` would.
   */
  readonly inWorker?: { module: string; settings: object }
  compile: (input: CompileInput, signal: AbortSignal) => Promise<CompileReply>
  [Symbol.asyncDispose]: () => Promise<void>
}
