// One question for a model.
import type { ModelUsage } from '../../core/document/compiled.ts'
import type { SchemaOf } from './schema.ts'

export type ModelRequest = {
  /** What the call is for, used in messages: a document or a page. */
  label: string
  /** Instructions shared by many calls: the provider may cache them. */
  system: string
  prompt: string
  /**
   * Hints that are not part of the question: an answer given with other hints is equally valid, so the cache ignores
   * them.
   */
  hints?: string | undefined
  /** Shown with the question. The prompt names its digest, so that answers about other pictures are not reused. */
  picture?: { bytes: Uint8Array; mediaType: string } | undefined
  outputTokensMax: number
  signal: AbortSignal
  /** The cost of the call is added here, even if it fails. */
  usage?: ModelUsage | undefined
}

export type ObjectRequest<T> = ModelRequest & {
  /** Letters and `_`. */
  schemaName: string
  schema: SchemaOf<T>
  /** Returns why a well-formed answer is rejected, or undefined. */
  refuse?: (answer: T) => string | undefined
}
