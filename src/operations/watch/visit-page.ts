// A visit to a page of `sources.yaml`: it is fetched if it changed, and a change is an update of its document.
import { join } from 'node:path'
import { urlStem } from '../../core/document/source-path.ts'
import type { ScheduledSource } from '../../core/sources-yaml.ts'
import { extensionOfFetched, fetchIfChanged, type Fetched } from '../../io/web/fetch-url.ts'
import type { Visits } from '../../io/sidecar/visits.ts'
import { add } from '../ingest/add.ts'
import { fetchedCandidate } from '../ingest/url-candidate.ts'
import { failedVisit, type Visited, type VisitTools } from './visiting.ts'
import { throwIfStopped } from './watch-tools.ts'

/** Throws what stopped the run, and the signal's reason. */
export async function visitPage(tools: VisitTools, source: ScheduledSource, before: Visits): Promise<Visited> {
  const { base, allowPrivate, signal, folder, turn, adding, report } = tools
  const { url } = source
  let fetched: Fetched | undefined
  try {
    const { limits } = base.config
    fetched = await fetchIfChanged(url, join(folder, 'page'), {
      limits,
      allowPrivate,
      signal,
      validators: before.validators,
    })
  } catch (error) {
    return failedVisit(before, error)
  }
  if (fetched === undefined) return { visits: before }
  const { sha256, validators } = fetched
  const after: Visits = { ...before, sha256, validators }
  if (sha256 === before.sha256) return { visits: after }
  const document = fetchedCandidate(fetched, {
    origin: url,
    stem: urlStem(new URL(url)),
    extension: extensionOfFetched(fetched),
  })
  const taken = await turn.run(() => add(base, [], { ...adding, documents: [document] }))
  report(taken)
  throwIfStopped(taken)
  const [failed] = taken.failed
  return failed === undefined ? { visits: after } : { visits: before, failure: failed.error }
}
