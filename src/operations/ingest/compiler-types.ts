// What a run needs from its compiler, whichever one kbgit.yaml names.
import type { OpenWriter } from '../../commit/open-writer.ts'
import type { Compiler } from '../../compile/compiler.ts'
import type { LlmCompiler, LookInput, LookReply } from '../../compile/llm/compiler.ts'
import type { ModelUsage } from '../../core/document/compiled.ts'
import type { Failure } from '../../core/errors.ts'
import type { Sampler } from '../../core/sampling.ts'
import type { ComposeOverview } from '../../wiki/overviews.ts'

export type LookedAt = Omit<LookInput, 'picturesMax'>

/** `failure` is that of the first page whose overview could not be written. */
export type ComposedOverviews = { compose: ComposeOverview; failure?: Failure | undefined }

export type OpenCompiler = Compiler & {
  /** Overviews by a model, requested before the lock is taken. Absent if they are composed from the pages alone. */
  composeOverviews?: (paths: string[], tools: OpenWriter, signal: AbortSignal) => Promise<ComposedOverviews>
  /** What a model sees on the pictures of a document; absent if none are to be shown. `picturesMax` per document. */
  pictures?: { picturesMax: number; look: (input: LookedAt, signal: AbortSignal) => Promise<LookReply | undefined> }
  /** Estimated cost of compiling a prepared document; absent without a model. */
  estimate?: LlmCompiler['estimate']
  /** Usage of all model calls so far, including those for failed documents and overviews. */
  usage?: (() => ModelUsage) | undefined
}

export type CompilerOptions = {
  jobs?: number | undefined
  concurrency?: number | undefined
  /** Who answers with `model: sampling`. */
  sampler?: Sampler | undefined
  signal: AbortSignal
}
