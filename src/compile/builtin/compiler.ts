// The compiler that needs no key and no network: small texts are analysed in place, larger ones in a worker thread.
import type { FailureCode } from '../../core/errors.ts'
import { workerFile } from '../../core/worker-file.ts'
import type { WorkerPool } from '../../io/worker-pool.ts'
import type { Compiler, CompileInput, CompileReply } from '../compiler.ts'
import { BUILTIN_COMPILER } from './analyse.ts'
import analyseStaged from './worker.ts'
import type { AnalysisReply, AnalysisTask } from './worker.ts'

/** Bytes of text up to which the analysis takes less time (about 10 ms) than a thread takes to start. */
const IN_PLACE_BYTES_MAX = 12 * 1024
/** Small texts of a run that are analysed in place. A run with more of them is worth the threads: the writer needs its own. */
const IN_PLACE_DOCUMENTS_MAX = 4
const ANALYSIS_MEMORY_BYTES = 512 * 1024 ** 2
const ANALYSIS_TIMEOUT_MS = 60_000

type BuiltinOptions = {
  entityTypes: string[]
  /** Not owned: whoever made the pool closes it. */
  pool: Pick<WorkerPool, 'run'>
}

/** Deterministic: the same prepared document gives the same knowledge. A failure of the analysis is the document's. */
export function createBuiltinCompiler({ entityTypes, pool }: BuiltinOptions): Compiler {
  let inPlace = 0
  return {
    id: BUILTIN_COMPILER,
    compile: async (input, signal) => {
      const task = taskOf(input, entityTypes)
      if (input.prepared.textSize <= IN_PLACE_BYTES_MAX && inPlace++ < IN_PLACE_DOCUMENTS_MAX) return analyseStaged(task)
      const outcome = await pool.run<AnalysisTask, AnalysisReply>(WORKER, task, {
        runtime: 'thread',
        timeoutMs: ANALYSIS_TIMEOUT_MS,
        memoryBytes: ANALYSIS_MEMORY_BYTES,
        signal,
      })
      switch (outcome.kind) {
        case 'done':
          return outcome.reply
        case 'timeout':
          return failed('convertTimeout', `${task.label} was not analysed within ${ANALYSIS_TIMEOUT_MS / 1000} s.`)
        case 'memory':
          return failed('convertMemory', `${task.label} needs more memory to analyse than the ${ANALYSIS_MEMORY_BYTES / 1024 ** 2} MiB allowed.`)
        case 'crashed':
          return failed('convertCrashed', `The analysis of ${task.label} crashed: ${outcome.message}`)
      }
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

const WORKER = workerFile(import.meta.url, 'worker')

function taskOf({ prepared, staging, fallbackTitle }: CompileInput, entityTypes: string[]): AnalysisTask {
  return {
    staging,
    text: prepared.text,
    label: fallbackTitle,
    outline: prepared.outline,
    fallbackTitle,
    entityTypes,
    ...(prepared.title === undefined ? {} : { title: prepared.title }),
    ...(prepared.author === undefined ? {} : { author: prepared.author }),
    ...(prepared.language === undefined ? {} : { language: prepared.language }),
  }
}

function failed(code: FailureCode, message: string): CompileReply {
  return { ok: false, failure: { code, message } }
}
