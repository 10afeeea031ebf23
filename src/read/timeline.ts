// The history of a base in entries that a person reads: one per run of kbgit, and the work of people between them.
import { TimelineBuilder } from '../core/history/timeline.ts'
import type { TimelineOptions } from '../core/options.ts'
import type { Timeline } from '../core/results/explore.ts'
import { commitAt, type BaseReader } from './base-reader.ts'

export async function timeline(base: BaseReader, options: TimelineOptions = {}): Promise<Timeline> {
  const at = await commitAt(base, options)
  const limit = options.limit ?? Infinity
  const builder = new TimelineBuilder()
  for await (const commit of base.history.commits({ at, paths: base.prefix === '' ? [] : [''] })) {
    if (builder.length >= limit && builder.begins(commit)) break
    builder.add(commit)
  }
  return { at, entries: builder.entries() }
}
