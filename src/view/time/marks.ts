// Kinds of commits, the same in the timeline, the bar of time and the versions of a page.
import type { TimelineEntry } from '../../core/results.ts'

export type MarkKind = 'added' | 'updated' | 'edited' | 'overview' | 'removed' | 'other'

export function markOf(operation: string): MarkKind {
  switch (operation) {
    case 'add':
      return 'added'
    case 'update':
    case 'recompile':
      return 'updated'
    case 'edit':
    case 'commit':
      return 'edited'
    case 'overview':
      return 'overview'
    case 'remove':
      return 'removed'
    default:
      return 'other'
  }
}

const WORDS: Record<string, string> = {
  add: 'Added',
  update: 'Updated',
  recompile: 'Compiled again',
  remove: 'Removed',
  overview: 'Overview',
  edit: 'Edited by a person',
  commit: 'Edited by a person',
  init: 'Created',
  lint: 'Checked',
  query: 'Answer saved',
  undo: 'Taken back',
  purge: 'Purged',
  merge: 'Merged',
}

export function operationWords(operation: string): string {
  return WORDS[operation] ?? operation
}

/** What an entry did most of all. */
export function entryMark(entry: TimelineEntry): MarkKind {
  if (entry.added.length > 0) return 'added'
  if (entry.removed.length > 0) return 'removed'
  if (entry.updated.length > 0 || entry.recompiled.length > 0) return 'updated'
  if (entry.edits > 0) return 'edited'
  return entry.overviews > 0 ? 'overview' : 'other'
}

/** `14:03`, in the zone of the commit. */
export function clock(iso: string): string {
  return iso.slice(11, 16)
}
