// When something that has no page was removed: the commit, so that the last version can be shown.
import { KbError } from '../../core/errors.ts'
import { shardOf, topicPath } from '../../core/layout.ts'
import type { LogCommit } from '../../core/results.ts'
import { FOLDERS, type Place } from '../places.ts'
import type { ViewSource } from '../source.ts'

/** `before`: the commit that still has it. */
export type Removal = { name: string; what: string; by: LogCommit; before: string; place: Place }

const LOOKED_AT = 20

/** Undefined if the error is another one, or if the commit's history never had such a page. */
export async function removalOf(
  source: ViewSource,
  commit: string,
  place: Place,
  error: unknown,
): Promise<Removal | undefined> {
  if (!(error instanceof KbError) || error.code !== 'notFound') return undefined
  if (place.kind === 'section' || place.kind === 'history' || place.kind === 'blame') return undefined
  // Its page exists, but not all that the address asks for.
  if (await isThere(source, commit, place)) return undefined
  for (const by of (await candidates(source, commit, place)).slice(0, LOOKED_AT)) {
    const before = await source.moment(`${by.commit}~1`).catch(() => undefined)
    if (before === undefined || !(await isThere(source, before.commit, place))) continue
    if (await isThere(source, by.commit, place)) continue
    const what = place.kind === 'page' ? 'page' : place.kind
    return { name: nameOf(place), what, by, before: before.commit, place: { ...place, query: undefined } }
  }
  return undefined
}

/** Commits that may have removed it, newest first. */
async function candidates(source: ViewSource, commit: string, place: Place): Promise<LogCommit[]> {
  if (place.kind === 'document') {
    const { entries } = await source.timeline(commit)
    return entries.flatMap(({ commits }) => commits).filter(({ documents }) => documents.includes(place.name))
  }
  const found = await Promise.all(
    (await pathsOf(source, commit, place)).map((path) =>
      source.kb.log({ at: commit, of: path, limit: LOOKED_AT }).catch(() => ({ commits: [] })),
    ),
  )
  return found.flatMap(({ commits }) => commits)
}

/** Paths that the page may have had. */
async function pathsOf(source: ViewSource, commit: string, place: Place): Promise<string[]> {
  const { kind } = place
  switch (kind) {
    case 'concept':
    case 'entity': {
      const { concepts, entities } = await source.contents(commit)
      const shards = [...concepts, ...entities].map(({ path }) => shardOf(path))
      const last = shards.reduce((most, shard) => Math.max(most, shard), 1)
      return Array.from({ length: last }, (_, index) => topicPath(kind, place.name, index + 1))
    }
    case 'theme':
    case 'exploration':
    case 'report':
      return [`wiki/${FOLDERS[place.kind]}/${place.name}.md`]
    case 'page':
      return [place.path]
    case 'document':
    case 'section':
    case 'review':
    case 'history':
    case 'blame':
      return []
  }
}

async function isThere(source: ViewSource, commit: string, place: Place): Promise<boolean> {
  if (place.kind === 'document') return (await source.contents(commit)).documentNamed.has(place.name)
  for (const path of await pathsOf(source, commit, place))
    if ((await source.text(commit, path)) !== undefined) return true
  return false
}

function nameOf(place: Place): string {
  if (place.kind === 'document') return place.name
  if ('name' in place) return place.name.replaceAll('-', ' ')
  return place.kind === 'page' ? place.path : ''
}
