// The worker's side: reads the staged text, analyses it, returns a value. Nothing is thrown across the thread.
import { join } from 'node:path'
import type { Compiled } from '../../core/compiled.ts'
import type { Failure } from '../../core/errors.ts'
import { messageOf } from '../../core/errors.ts'
import { analyse } from './analyse.ts'
import type { AnalysisInput } from './analyse.ts'
import { readText } from './read-text.ts'

export type AnalysisTask = Omit<AnalysisInput, 'pages'> & {
  staging: string
  text: 'source.md' | 'source.json'
  /** What messages call the document. */
  label: string
}

export type AnalysisReply = { ok: true; compiled: Compiled } | { ok: false; failure: Failure }

export default function analyseStaged(task: AnalysisTask): AnalysisReply {
  try {
    return { ok: true, compiled: analyse({ ...task, pages: readText(join(task.staging, task.text), task.text) }) }
  } catch (cause) {
    return { ok: false, failure: { code: 'internal', message: `${task.label} could not be analysed: ${messageOf(cause)}` } }
  }
}
