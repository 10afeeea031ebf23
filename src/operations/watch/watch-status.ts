// The sources of `sources.yaml` and the watches that run, for `status`.
import { KbError } from '../../core/errors.ts'
import type { StatusResult, WatchedSource } from '../../core/results.ts'
import type { Base } from '../../io/base.ts'
import { readVisits } from '../../io/sidecar/visits.ts'
import { runningWatches } from '../../io/sidecar/watch-note.ts'
import { readSources } from './read-sources.ts'
import { sourceState } from './source-state.ts'

/** Undefined if there are no sources and no watch runs. */
export async function watchStatus(base: Base): Promise<StatusResult['watch']> {
  const running = await runningWatches(base)
  try {
    const sources: WatchedSource[] = []
    for (const source of await readSources(base)) sources.push(sourceState(source, await readVisits(base, source)))
    return running.length + sources.length === 0 ? undefined : { running, sources }
  } catch (error) {
    if (!(error instanceof KbError)) throw error
    return { running, sources: [], problem: error.message }
  }
}
