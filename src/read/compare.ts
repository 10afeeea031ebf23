// A page in two commits, with the differences in words.
import { changedWords, differences } from '../core/history/page-differences.ts'
import type { CompareOptions } from '../core/options.ts'
import type { Comparison } from '../core/results/explore.ts'
import { commitAt, type BaseReader } from './base-reader.ts'
import { findPage, pageNamed } from './find-page.ts'

/**
 * `page` is named as for `show`, and may exist in one of the two commits only. Throws `KbError` (`notFound`) if neither
 * has it.
 */
export async function compare(base: BaseReader, page: string, options: CompareOptions): Promise<Comparison> {
  const from = await commitAt(base, { at: options.from })
  const to = await commitAt(base, { at: options.to })
  const path = (await findPage(base, to, page)) ?? (await pageNamed(base, from, page))
  const [before, after] = await Promise.all([base.history.page(from, path), base.history.page(to, path)])
  const dates = new Map<string, string>()
  for await (const { oid, date } of base.history.commitsNamed([...new Set([from, to])])) dates.set(oid, date)
  const rows = differences(before?.toString() ?? '', after?.toString() ?? '')
  return {
    page: path,
    from: before === undefined ? null : { commit: from, date: dates.get(from) ?? '' },
    to: after === undefined ? null : { commit: to, date: dates.get(to) ?? '' },
    removed: changedWords(rows, 'before'),
    added: changedWords(rows, 'after'),
    rows,
  }
}
