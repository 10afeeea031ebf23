// Opens the compiler that kbgit.yaml names.
import { namesModel } from '../../core/config.ts'
import type { Base } from '../../io/base.ts'
import { WorkerPool } from '../../io/workers/worker-pool.ts'
import type { CompilerOptions, OpenCompiler } from './compiler-types.ts'

export async function openCompiler(base: Base, options: CompilerOptions): Promise<OpenCompiler> {
  if (namesModel(base.config)) return (await import('./open-model-compiler.ts')).openModelCompiler(base, options)
  const { createBuiltinCompiler } = await import('../../compile/builtin/compiler.ts')
  const pool = new WorkerPool(options.jobs ?? base.config.fileProcessingJobs)
  const compiler = createBuiltinCompiler({ entityTypes: base.config.entityTypes, pool })
  return { ...compiler, [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose]() }
}
