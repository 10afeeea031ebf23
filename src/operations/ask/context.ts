// `kbgit context`: a pack from the base as of a commit.
import type { ContextOptions } from '../../core/options.ts'
import type { ContextResult } from '../../core/results.ts'
import type { Base } from '../../io/base.ts'
import { contextPack } from '../../read/context.ts'
import { Searcher } from './search.ts'

export async function contextOf(
  base: Base,
  task: string,
  { at, budgetTokens }: ContextOptions = {},
): Promise<ContextResult> {
  await using searcher = await Searcher.open(base, at)
  return await contextPack(
    {
      commit: searcher.commit,
      hits: (words, options) => searcher.found(words, options),
      page: (path) => searcher.page(path),
    },
    task,
    budgetTokens,
  )
}
