// Overviews of topic pages whose sources changed: once a batch, in a commit of their own.
import type { OpenWriter } from './commit/open-writer.ts'
import { planOverviews } from './compile/overviews.ts'
import { emptyUsage, tokensTrailer, type ModelUsage } from './core/compiled.ts'
import { KbError, messageOf } from './core/errors.ts'
import type { AddResult, Progress } from './core/results.ts'
import { timestamp, type Base } from './io/base.ts'
import type { OpenCompiler } from './open-compiler.ts'

/** Pages of one overview commit at most. */
const PAGES_MAX = 1_000

export type OverviewOptions = { base: Base; signal: AbortSignal; onProgress?: (progress: Progress) => void }

/**
 * Writes the overviews that are due. A failure leaves the documents in and the pages due: the next run does them.
 * Throws `KbError` where nothing more can be committed.
 */
export async function commitOverviews(tools: OpenWriter, compiler: OpenCompiler, options: OverviewOptions): Promise<AddResult['overview']> {
  const { base, signal, onProgress } = options
  const done: AddResult['overview'] = { pages: 0 }
  try {
    while (!signal.aborted) {
      const paths = tools.catalog.overviewsDue(PAGES_MAX).map(({ path }) => path)
      if (paths.length === 0) return done
      onProgress?.({ kind: 'overview', pages: paths.length })
      const before = compiler.usage?.() ?? emptyUsage()
      const composed = await compiler.composeOverviews?.(paths, tools, signal)
      const after = compiler.usage?.() ?? emptyUsage()
      let pages = 0
      const { outcomes, unfinished } = await tools.writer.locked((session) =>
        session.commit([
          {
            label: 'overviews',
            plan: async (view) => {
              const edits = await planOverviews(paths, view, { date: timestamp(base.clock), ...(composed === undefined ? {} : { compose: composed.compose }) })
              const changed = edits.filter(({ path }) => paths.includes(path))
              pages = changed.length
              if (pages === 0) return undefined
              return {
                label: 'overviews',
                subject: `overview: ${pages} ${pages === 1 ? 'page' : 'pages'}`,
                trailers: [['Kbgit-Compiler', compiler.id], ...(compiler.model === undefined ? [] : [['Kbgit-Model', compiler.model] as [string, string]]), ...tokensTrailer(between(before, after))],
                changes: edits.map(({ path, content }) => ({ path, content: content === null ? null : { bytes: content } })),
              }
            },
          },
        ]),
      )
      if (unfinished !== undefined) throw unfinished
      const outcome = outcomes[0]
      if (outcome?.kind === 'failed') return { ...done, error: outcome.failure }
      if (outcome?.kind === 'committed') {
        done.pages += pages
        done.commit = outcome.commit
      }
      if (composed?.failure !== undefined) return { ...done, error: composed.failure }
      if (outcome?.kind !== 'committed') return done
    }
  } catch (error) {
    // A model's failure is of the overviews alone; a disk's or git's would be of whatever comes next.
    if (error instanceof KbError && !error.code.startsWith('model')) throw error
    return { ...done, error: { code: 'internal', message: `Overviews were not written: ${messageOf(error)}`, hint: 'They are due, and the next run writes them.' } }
  }
  return done
}

/** What the model was given and wrote between the two counts. */
function between(before: ModelUsage, after: ModelUsage): Pick<ModelUsage, 'calls' | 'promptTokens' | 'completionTokens'> {
  return {
    calls: after.calls - before.calls,
    promptTokens: after.promptTokens - before.promptTokens,
    completionTokens: after.completionTokens - before.completionTokens,
  }
}
