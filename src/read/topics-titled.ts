// Topics and themes by what their pages call them: the title and the aliases of the front matter.
import { topicKey } from '../core/page/topic.ts'
import { splitFrontMatter } from '../core/page/page.ts'
import { collisionKey } from '../core/page/slug.ts'
import { CONCEPTS, ENTITIES, splitPart, THEMES } from '../core/layout.ts'
import type { BaseReader } from './base-reader.ts'

/** Pages up to this size are looked at. */
const PAGE_BYTES_MAX = 4 * 1024 ** 2

/**
 * First pages that have the name as it is but for case, or else those that have it in another form ("caching" for "Caches").
 * Sorted by path.
 */
export async function topicsTitled(base: BaseReader, commit: string, name: string): Promise<string[]> {
  const key = topicKey(name)
  if (key === '') return []
  const known = await base.topicsNamed?.(commit, key)
  const files: { path: string; oid: string }[] = []
  for await (const { path, oid } of base.history.list(
    commit,
    known === undefined ? [CONCEPTS, ENTITIES, THEMES] : [THEMES],
  ))
    if (path.endsWith('.md') && splitPart(path).first === path) files.push({ path, oid })
  for (const path of known ?? []) files.push({ path, oid: (await base.history.fileAt(commit, path)) ?? '' })
  const found: { path: string; isExact: boolean }[] = []
  const options = { bytesMax: PAGE_BYTES_MAX, skipLarger: true }
  const there = files.filter(({ oid }) => oid !== '')
  for await (const { item, body } of base.history.contents(there, ({ oid }) => oid, options)) {
    const { title, aliases } = splitFrontMatter(body.toString()).front
    const names = [title, ...(Array.isArray(aliases) ? (aliases as unknown[]) : [])].filter(
      (one) => typeof one === 'string',
    )
    if (names.some((one) => topicKey(one) === key))
      found.push({ path: item.path, isExact: names.some((one) => collisionKey(one) === collisionKey(name)) })
  }
  const exact = found.filter(({ isExact }) => isExact)
  return (exact.length > 0 ? exact : found).map(({ path }) => path).sort()
}
