// Notifications about new commits: which pages changed.
import type { Kb } from '../api.ts'
import { StateWatch } from '../core/state-watch.ts'

export type News = {
  commit: string
  /** Paths of pages that changed; undefined if that is not known, e.g. after a branch was changed. */
  pages: string[] | undefined
}
export type NewsFeed = StateWatch<News>

export function newsFeed(kb: Kb): NewsFeed {
  return new StateWatch({
    look: () => kb.resolve(),
    describe: async (before, commit) => ({ commit, pages: await changedPages(kb, before, commit) }),
  })
}

async function changedPages(kb: Kb, before: string, commit: string): Promise<string[] | undefined> {
  try {
    const { documents, topics, edits } = await kb.changes(before, { at: commit })
    const of = (items: readonly { page: string }[]): string[] => items.map(({ page }) => page)
    return [
      ...of(documents.added),
      ...of(documents.updated),
      ...of(documents.removed),
      ...of(topics.added),
      ...of(topics.changed),
      ...of(topics.removed),
      ...edits.flatMap(({ pages }) => pages),
    ]
  } catch {
    return undefined
  }
}
