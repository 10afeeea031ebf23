// What a run asks of its compiler, whichever kbgit.yaml names.
import type { OpenWriter } from '../../commit/open-writer.ts'
import type { Compiler } from '../../compile/compiler.ts'
import type { LlmCompiler } from '../../compile/llm/compiler.ts'
import type { Catalog } from '../../core/document/catalog.ts'
import type { ModelUsage } from '../../core/document/compiled.ts'
import type { Failure } from '../../core/errors.ts'
import type { ComposeOverview } from '../../wiki/overviews.ts'

/** `failure` is of the first page whose overview could not be written. */
export type ComposedOverviews = { compose: ComposeOverview; failure?: Failure | undefined }

export type OpenCompiler = Compiler & {
  /** Overviews by a model, asked for before the lock is taken. Absent where they are composed from the pages alone. */
  composeOverviews?: (paths: string[], tools: OpenWriter, signal: AbortSignal) => Promise<ComposedOverviews>
  /** What compiling a prepared document would cost; absent without a model. */
  estimate?: LlmCompiler['estimate']
  /** Of all calls to a model so far: of documents that failed and of overviews too. */
  usage?: (() => ModelUsage) | undefined
}

export type CompilerOptions = {
  jobs?: number | undefined
  concurrency?: number | undefined
  signal: AbortSignal
  catalog?: Pick<Catalog, 'topic'>
}
