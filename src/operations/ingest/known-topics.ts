// Which topics of the base a document uses, by any of their names: those go with the questions about it.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CompileInput, KnownTopic } from '../../compile/compiler.ts'
import { textKeys } from '../../compile/llm/candidate-names.ts'
import { splitFrontMatter } from '../../core/page/page.ts'
import { topicKey } from '../../core/page/topic.ts'
import type { CatalogReader } from '../../io/catalog/reader.ts'

/** Topics per document, and pages that are looked at for them. */
const KNOWN_MAX = 40
const LOOKED_AT_MAX = 200

export type NameSource = {
  /** May have more names than `page` has, but none fewer. */
  catalog: Pick<CatalogReader, 'topicsNamed'>
  /** A topic's page at the commit whose names count; undefined if it has none. */
  page: (path: string) => Promise<string | undefined>
}

/** The topics that the text names most often, by title, alias or inflection, as their pages have them. */
export async function knownTopics(text: string, { catalog, page }: NameSource): Promise<KnownTopic[]> {
  const counts = textKeys(text)
  const keys = new Map<string, Set<string>>()
  for (const { key, path } of catalog.topicsNamed([...counts.keys()])) {
    const named = keys.get(path) ?? new Set()
    keys.set(path, named.add(key))
  }
  // Names of several words say more.
  const weight = (key: string): number => (counts.get(key) ?? 0) * key.split(' ').length
  const best = ([path, named]: [string, Set<string>]): [string, number] => [path, Math.max(...[...named].map(weight))]
  const paths = [...keys]
    .map(best)
    .toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, LOOKED_AT_MAX)
  const known: KnownTopic[] = []
  for (const [path] of paths) {
    if (known.length === KNOWN_MAX) break
    const topic = topicOf(await page(path), keys.get(path) ?? new Set())
    if (topic !== undefined) known.push(topic)
  }
  return known
}

/** The topic of a page, if one of its names has one of the keys. */
function topicOf(text: string | undefined, keys: ReadonlySet<string>): KnownTopic | undefined {
  if (text === undefined) return undefined
  const { type, title, aliases, description, entity_type: entityType } = splitFrontMatter(text).front
  if (typeof title !== 'string') return undefined
  const names = [title, ...(Array.isArray(aliases) ? aliases.filter((alias) => typeof alias === 'string') : [])]
  const found = names.map(topicKey).find((key) => keys.has(key))
  if (found === undefined) return undefined
  return {
    kind: type === 'entity' ? 'entity' : 'concept',
    name: title,
    found,
    ...(typeof entityType === 'string' ? { type: entityType } : {}),
    ...(typeof description === 'string' ? { line: description } : {}),
  }
}

export async function stagedText({ prepared, staging }: Pick<CompileInput, 'prepared' | 'staging'>): Promise<string> {
  return readFile(join(staging, prepared.text), 'utf8')
}
