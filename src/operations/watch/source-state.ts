// What is said of a source of `sources.yaml`.
import type { WatchedSource } from '../../core/results.ts'
import type { ScheduledSource } from '../../core/sources-yaml.ts'
import type { Visits } from '../../io/sidecar/visits.ts'

export function sourceState({ kind, url, name, everyMs }: ScheduledSource, visits: Visits): WatchedSource {
  const { visitedAt, nextAt, failures, error, gone, pending = [] } = visits
  return {
    kind,
    url,
    ...(name === undefined ? {} : { name }),
    every: everyMs / 1000,
    ...(visitedAt === undefined ? {} : { lastVisit: timeOf(visitedAt), nextVisit: timeOf(nextAt) }),
    failures,
    ...(error === undefined ? {} : { error }),
    gone,
    pending: pending.length,
  }
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString()
}
