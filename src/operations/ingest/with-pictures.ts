// Has a model look at the pictures of a prepared document, and prepares the document once more with what it saw.
import type { ModelUsage } from '../../core/document/compiled.ts'
import type { DocumentWarning, Prepared } from '../../core/document/prepared.ts'
import type { LookReply } from '../../compile/llm/compiler.ts'
import type { OpenWriter } from '../../commit/open-writer.ts'
import type { OpenCompiler } from './compiler-types.ts'
import type { Semaphore } from './pipeline.ts'
import { prepareCandidate, type PrepareTools } from './prepare-candidate.ts'
import type { Candidate } from './url-candidate.ts'

type LookTools = Pick<PrepareTools, 'base' | 'pool' | 'signal' | 'encoding'> & {
  tools: OpenWriter
  compiler: OpenCompiler
  semaphore: Semaphore
}
type Staged = { prepared: Prepared; staging: string }

/** `usage` of the questions about pictures, if any were asked. Throws only what ends the run. */
export async function withPictures(
  candidate: Candidate,
  first: Staged,
  make: LookTools,
): Promise<Staged & { usage?: ModelUsage }> {
  const { prepared, staging } = first
  const { tools, compiler, signal } = make
  const label = candidate.origin
  const looked = await compiler.pictures?.look({ prepared, staging, fallbackTitle: candidate.stem, label }, signal)
  if (looked === undefined) return first
  const { seen, usage } = looked
  if (seen.pictures.length + seen.pages.length === 0) return { ...withNotes(first, looked), usage }
  const folder = tools.staging.folder()
  const made = await make.semaphore.run(() =>
    prepareCandidate(candidate, folder, {
      base: make.base,
      pool: make.pool,
      compiler,
      times: tools.times,
      signal,
      encoding: make.encoding,
      seen,
    }),
  )
  if ('failure' in made) {
    // The text without descriptions is better than none.
    tools.staging.discard(folder)
    const note = `Pictures were described, but the document could not be read again: ${made.failure.message}`
    return { ...withNotes(first, { notes: [note], failed: 0 }), usage }
  }
  tools.staging.discard(staging)
  return { ...withNotes({ prepared: made.prepared, staging: folder }, looked), usage }
}

function withNotes({ prepared, staging }: Staged, { notes, failed }: Pick<LookReply, 'notes' | 'failed'>): Staged {
  const message = `${failed === 1 ? 'A picture was' : `${failed} pictures were`} not described: the model gave no answer to use.`
  const warnings: DocumentWarning[] = failed === 0 ? [] : [{ code: 'pictureFailed', message }]
  return {
    staging,
    prepared: {
      ...prepared,
      notes: [...prepared.notes, ...notes],
      ...(warnings.length === 0 ? {} : { warnings: [...(prepared.warnings ?? []), ...warnings] }),
    },
  }
}
