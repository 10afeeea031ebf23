// The worker's side: reads the staged text, analyses it, returns a value. Never throws across the thread.
import { join } from 'node:path'
import type { CompileReply } from '../../core/document/compiled.ts'
import { messageOf } from '../../core/errors.ts'
import type { CompileInput } from '../compiler.ts'
import { analyse } from './analyse.ts'
import { readText } from './read-text.ts'

export type AnalysisTask = Pick<CompileInput, 'prepared' | 'staging' | 'fallbackTitle'> & { entityTypes: string[] }

export default function analyseStaged({ prepared, staging, fallbackTitle, entityTypes }: AnalysisTask): CompileReply {
  try {
    const pages = readText(join(staging, prepared.text), prepared.text)
    return { ok: true, compiled: analyse({ ...prepared, pages, fallbackTitle, entityTypes }) }
  } catch (cause) {
    return {
      ok: false,
      failure: { code: 'internal', message: `${fallbackTitle} could not be analysed: ${messageOf(cause)}` },
    }
  }
}
