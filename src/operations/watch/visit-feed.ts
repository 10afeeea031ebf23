// A visit to a feed: entries that are new become documents, by their links.
//
// What is to be added is noted before it is added, and as done after: a process that is killed in between finds it noted
// as still to be done, and adding it again is recognised by its origin.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { FailureCode } from '../../core/errors.ts'
import type { AddResult } from '../../core/results.ts'
import type { ScheduledSource } from '../../core/sources-yaml.ts'
import { snapshotKey, type Base } from '../../io/base.ts'
import { CatalogReader } from '../../io/catalog/reader.ts'
import { sidecarPath } from '../../io/sidecar/paths.ts'
import { entryId, PENDING_MAX, SEEN_MAX, writeVisits, type PendingEntry, type Visits } from '../../io/sidecar/visits.ts'
import { fetchIfChanged } from '../../io/web/fetch-url.ts'
import { readFeed, type FeedEntry } from '../../prepare/feed.ts'
import { add } from '../ingest/add.ts'
import { EntryFetcher, type FetchedEntry } from './fetch-entry.ts'
import { failedVisit, type Visited, type VisitTools } from './visiting.ts'
import { throwIfStopped } from './watch-tools.ts'

/** Of a feed that was never visited, only the newest entries are added. */
const FIRST_ENTRIES_MAX = 50
/** Entries added at once, and bytes fetched for them. */
const BATCH_ENTRIES_MAX = 50
const BATCH_BYTES_MAX = 64 * 1024 * 1024
/** Characters of the texts that are kept of entries still to be added. */
const PENDING_CHARS_MAX = 16 * 1024 * 1024
/** How often an entry may fail before it is left out. */
const ENTRY_FAILURES_MAX = 5
const ACCEPT = 'application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5'
/** What the linked document is like, not what happened to it here: the entry's own content takes its place. */
const UNFIT: readonly FailureCode[] = ['empty', 'tooLarge', 'unsupported', 'encrypted', 'corrupt', 'bomb']

/** Throws what stopped the run, and the signal's reason. */
export async function visitFeed(tools: VisitTools, source: ScheduledSource, before: Visits): Promise<Visited> {
  let visits = before
  let failed: Visited | undefined
  try {
    const feed = await fetchFeed(tools, source, before)
    if (feed !== undefined) {
      using catalog = openCatalog(tools.base)
      visits = withNewEntries(before, feed, (link) => catalog.documentByOrigin(link) !== undefined)
      await writeVisits(tools.base, visits)
    }
  } catch (error) {
    failed = failedVisit(before, error)
  }
  // Those that an earlier visit left are added even if the feed cannot be fetched now.
  visits = await addPending(tools, source, visits)
  return { ...failed, visits }
}

type FetchedFeed = { entries: FeedEntry[]; validators: Visits['validators'] }

/** Undefined if it has not changed. */
async function fetchFeed(
  { base, allowPrivate, signal, folder }: VisitTools,
  { url }: ScheduledSource,
  { pending = [], validators }: Visits,
): Promise<FetchedFeed | undefined> {
  const path = join(folder, 'feed')
  const fetched = await fetchIfChanged(url, path, {
    limits: base.config.limits,
    allowPrivate,
    signal,
    accept: ACCEPT,
    validators: pending.length > 0 ? undefined : validators,
  })
  if (fetched === undefined) return undefined
  const { size, finalUrl, charset } = fetched
  const { entries } = await readFeed({ path, size, url: finalUrl, encoding: charset })
  await rm(path)
  return { entries, validators: fetched.validators }
}

/** Of a first visit, the newest ones that are not in the base; of later ones all that fit, the oldest first. */
function withNewEntries(
  before: Visits,
  { entries, validators }: FetchedFeed,
  isInBase: (link: string) => boolean,
): Visits {
  const pending = [...(before.pending ?? [])]
  const present = new Map(entries.map((entry) => [entryId(entry.id), entry] as const))
  const known = new Set([...(before.seen ?? []), ...pending.map(({ id }) => id)])
  const fresh = [...present].filter(([id]) => !known.has(id))
  const isFirst = before.seen === undefined
  const wanted = isFirst
    ? fresh.slice(0, FIRST_ENTRIES_MAX).filter(([, { link }]) => link === undefined || !isInBase(link))
    : fresh
  let characters = pending.reduce((sum, { content }) => sum + content.length, 0)
  const taken = new Set<string>()
  for (const [id, { link, title, content }] of wanted.toReversed()) {
    characters += content.length
    if (pending.length >= PENDING_MAX || characters > PENDING_CHARS_MAX) break
    pending.push({ id, link, title, content, failures: 0 })
    taken.add(id)
  }
  const left = isFirst ? fresh.map(([id]) => id).filter((id) => !taken.has(id)) : []
  // Ids that the feed still has are kept longest: they must not be new again.
  const isGone = (id: string): boolean => !present.has(id)
  const seen = [...(before.seen ?? []).filter(isGone), ...(before.seen ?? []).filter((id) => !isGone(id)), ...left]
  const isComplete = isFirst || taken.size === wanted.length
  return { ...before, pending, seen: seen.slice(-SEEN_MAX), validators: isComplete ? validators : undefined }
}

async function addPending(tools: VisitTools, source: ScheduledSource, before: Visits): Promise<Visits> {
  const { base, turn, adding, report, signal } = tools
  const fetcher = new EntryFetcher(tools, source)
  let visits = before
  const tried = new Set<string>()
  for (;;) {
    const batch = await nextBatch(fetcher, visits.pending ?? [], tried, openCatalog(base))
    if (batch.length === 0 || signal.aborted) return visits
    const documents = batch.flatMap(({ document }) => document ?? [])
    const taken = documents.length === 0 ? undefined : await turn.run(() => add(base, [], { ...adding, documents }))
    if (taken !== undefined) report(taken)
    visits = noted(visits, batch, taken, (entry) => {
      if (!fetcher.mayUseOwn(entry)) return false
      tried.delete(entry.id)
      return true
    })
    await writeVisits(base, visits)
    await fetcher.discard()
    if (taken !== undefined) throwIfStopped(taken)
  }
}

async function nextBatch(
  fetcher: EntryFetcher,
  pending: PendingEntry[],
  tried: Set<string>,
  catalog: CatalogReader,
): Promise<FetchedEntry[]> {
  using _ = catalog
  const batch: FetchedEntry[] = []
  const origins = new Set<string>()
  let bytes = 0
  for (const entry of pending) {
    if (batch.length >= BATCH_ENTRIES_MAX || bytes > BATCH_BYTES_MAX) break
    // Two entries about one page: the second one is an update, in a run of its own.
    if (tried.has(entry.id) || (entry.link !== undefined && origins.has(entry.link))) continue
    tried.add(entry.id)
    if (entry.link !== undefined) origins.add(entry.link)
    const fetched = await fetcher.fetch(entry, (origin) => catalog.documentByOrigin(origin) !== undefined)
    bytes += fetched.document?.kind === 'file' ? fetched.document.size : 0
    batch.push(fetched)
  }
  return batch
}

/** `useOwn`: whether the entry's own content can still be tried, and will be. */
function noted(
  visits: Visits,
  batch: FetchedEntry[],
  taken: AddResult | undefined,
  useOwn: (entry: PendingEntry) => boolean,
): Visits {
  const failures = new Map(taken?.failed.map(({ path, error }) => [path, error.code]))
  const done = new Set(
    [...(taken?.added ?? []), ...(taken?.updated ?? []), ...(taken?.skipped ?? [])].map(({ path }) => path),
  )
  const ended = new Set<string>()
  const failed = new Set<string>()
  for (const { entry, document } of batch) {
    const code = document === undefined ? undefined : failures.get(document.origin)
    if (document === undefined || done.has(document.origin)) ended.add(entry.id)
    // What the run did not come to stays as it is.
    else if (code === undefined || (document.kind === 'file' && UNFIT.includes(code) && useOwn(entry))) continue
    else if (entry.failures + 1 >= ENTRY_FAILURES_MAX) ended.add(entry.id)
    else failed.add(entry.id)
  }
  return {
    ...visits,
    pending: (visits.pending ?? [])
      .filter(({ id }) => !ended.has(id))
      .map((entry) => (failed.has(entry.id) ? { ...entry, failures: entry.failures + 1 } : entry)),
    seen: [...(visits.seen ?? []), ...ended].slice(-SEEN_MAX),
  }
}

function openCatalog(base: Base): CatalogReader {
  return new CatalogReader(sidecarPath(base, 'catalog'), { access: 'read', key: snapshotKey(base) })
}
