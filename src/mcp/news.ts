// Notifications about new commits: which pages changed.
import type { Kb } from '../api.ts'
import { IMAGES } from '../core/layout.ts'
import { StateWatch } from '../core/state-watch.ts'

/** If more pages changed, every subscription is notified. */
const PAGES_MAX = 10_000

export type News = {
  commit: string
  /** Paths of pages that changed; undefined if there are too many to name. */
  pages: string[] | undefined
}
export type NewsFeed = StateWatch<News>

export function newsFeed(kb: Kb): NewsFeed {
  return new StateWatch({
    look: () => kb.resolve(),
    describe: async (before, commit) => ({ commit, pages: await changedPages(kb, before, commit) }),
  })
}

/** Wiki files that differ between two commits; all of them if the earlier commit is gone. */
async function changedPages(kb: Kb, before: string, commit: string): Promise<string[] | undefined> {
  const changed = await kb.changed(before, { at: commit }).catch(() => kb.paths('wiki', { at: commit }))
  const pages = changed.filter((path) => path.startsWith('wiki/') && !path.startsWith(`${IMAGES}/`))
  return pages.length > PAGES_MAX ? undefined : pages
}
