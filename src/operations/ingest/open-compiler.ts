// The compiler that kbgit.yaml asks for.
import type { OpenWriter } from '../../commit/open-writer.ts'
import type { Compiler } from '../../compile/compiler.ts'
import type { LlmCompiler } from '../../compile/llm/compiler.ts'
import type { ComposeOverview } from '../../wiki/overviews.ts'
import type { Catalog } from '../../core/document/catalog.ts'
import type { ModelUsage } from '../../core/document/compiled.ts'
import type { Failure } from '../../core/errors.ts'
import type { Base } from '../../io/base.ts'
import { WorkerPool } from '../../io/workers/worker-pool.ts'

/** `failure` is of the first page whose overview could not be written. */
export type ComposedOverviews = { compose: ComposeOverview; failure?: Failure }

export type OpenCompiler = Compiler & {
  /** Overviews by a model, asked for before the lock is taken. Absent where they are composed from the pages alone. */
  composeOverviews?: (paths: string[], tools: OpenWriter, signal: AbortSignal) => Promise<ComposedOverviews>
  /** What compiling a prepared document would cost; absent without a model. */
  estimate?: LlmCompiler['estimate']
  /** Of all calls to a model so far: of documents that failed and of overviews too. */
  usage?: () => ModelUsage
}

export type CompilerOptions = {
  jobs?: number | undefined
  concurrency?: number | undefined
  signal: AbortSignal
  catalog?: Pick<Catalog, 'topic'>
}

export async function openCompiler(base: Base, options: CompilerOptions): Promise<OpenCompiler> {
  if (base.config.model !== 'builtin')
    return (await import('./open-model-compiler.ts')).openModelCompiler(base, options)
  const { createBuiltinCompiler } = await import('../../compile/builtin/compiler.ts')
  const pool = new WorkerPool(options.jobs ?? base.config.fileProcessingJobs)
  const compiler = createBuiltinCompiler({ entityTypes: base.config.entityTypes, pool })
  return { ...compiler, [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose]() }
}
