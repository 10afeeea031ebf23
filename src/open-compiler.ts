// The compiler that kbgit.yaml asks for.
import type { OpenWriter } from './commit/open-writer.ts'
import type { Compiler } from './compile/compiler.ts'
import type { ComposeOverview } from './compile/overviews.ts'
import type { Base } from './io/base.ts'
import { WorkerPool } from './io/worker-pool.ts'

export type OpenCompiler = Compiler & {
  /** Overviews by a model, asked for before the lock is taken. Absent where they are composed from the pages alone. */
  composeOverviews?: (paths: string[], tools: OpenWriter, signal: AbortSignal) => Promise<ComposeOverview>
}

export type CompilerOptions = { jobs?: number | undefined; concurrency?: number | undefined; signal: AbortSignal }

export async function openCompiler(base: Base, { jobs }: CompilerOptions): Promise<OpenCompiler> {
  const { createBuiltinCompiler } = await import('./compile/builtin/compiler.ts')
  const pool = new WorkerPool(jobs ?? base.config.fileProcessingJobs)
  const compiler = createBuiltinCompiler({ entityTypes: base.config.entityTypes, language: base.config.language, pool })
  return { ...compiler, [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose]() }
}
