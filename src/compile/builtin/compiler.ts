// The compiler that needs no key and no network. It analyses in the worker that prepared the document; a large document
// gets a worker of its own.
import type { CompileReply } from '../../core/document/compiled.ts'
import type { FailureCode } from '../../core/errors.ts'
import { workerFile } from '../../core/package-files.ts'
import type { WorkerPool } from '../../io/workers/worker-pool.ts'
import type { Compiler } from '../compiler.ts'
import { BUILTIN_COMPILER } from './version.ts'
import type { AnalysisTask } from './worker.ts'

const ANALYSIS_MEMORY_BYTES = 512 * 1024 ** 2
const ANALYSIS_TIMEOUT_MS = 60_000

type BuiltinOptions = {
  entityTypes: string[]
  /** Not owned: the pool's creator closes it. */
  pool: Pick<WorkerPool, 'run'>
}

/**
 * Deterministic: the same prepared document produces the same knowledge. If the analysis fails, only that document
 * fails.
 */
export function createBuiltinCompiler({ entityTypes, pool }: BuiltinOptions): Compiler {
  return {
    id: BUILTIN_COMPILER,
    inWorker: { module: WORKER.href, settings: { entityTypes } },
    compile: async ({ prepared, staging, fallbackTitle, label = fallbackTitle }, signal) => {
      const outcome = await pool.run<AnalysisTask, CompileReply>(
        WORKER,
        { prepared, staging, fallbackTitle, entityTypes },
        {
          runtime: 'thread',
          timeoutMs: ANALYSIS_TIMEOUT_MS,
          memoryBytes: ANALYSIS_MEMORY_BYTES,
          signal,
        },
      )
      switch (outcome.kind) {
        case 'done':
          return outcome.reply
        case 'timeout':
          return failed('convertTimeout', `${label} was not analysed within ${ANALYSIS_TIMEOUT_MS / 1000} s.`)
        case 'memory':
          return failed(
            'convertMemory',
            `${label} needs more memory to analyse than the ${ANALYSIS_MEMORY_BYTES / 1024 ** 2} MiB allowed.`,
          )
        case 'crashed':
          return failed('convertCrashed', `The analysis of ${label} crashed: ${outcome.message}`)
      }
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

const WORKER = workerFile('compile/builtin/worker')

function failed(code: FailureCode, message: string): CompileReply {
  return { ok: false, failure: { code, message } }
}
