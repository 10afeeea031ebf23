// What a visit to a source needs, and how it ends.
import { DocumentError, type Failure } from '../../core/errors.ts'
import type { AddResult } from '../../core/results.ts'
import type { Visits } from '../../io/sidecar/visits.ts'
import { AnsweredError } from '../../io/web/fetch-errors.ts'
import type { WatchTools } from './watch-tools.ts'

export type VisitTools = WatchTools & {
  /** An empty folder for what is fetched. */
  folder: string
  report: (taken: AddResult) => void
  /** Tells the reader what was not as expected. */
  remark: (text: string) => void
}

/** What is to be noted, and why the visit failed. */
export type Visited = { visits: Visits; failure?: Failure | undefined; status?: number | undefined }

/** A failed fetch as the end of a visit; any other error is thrown again. */
export function failedVisit(visits: Visits, error: unknown): Visited {
  if (!(error instanceof DocumentError)) throw error
  return { visits, failure: error.failure, ...(error instanceof AnsweredError ? { status: error.status } : {}) }
}
