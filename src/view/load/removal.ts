// When something that has no page was removed: the commit, so that the last version can be shown.
import { KbError } from '../../core/errors.ts'
import type { LogCommit } from '../../core/results.ts'
import type { Place } from '../places.ts'
import type { ViewSource } from '../source.ts'

export type Removal = { name: string; by: LogCommit; place: Place }

const LOOKED_AT = 20

/** Undefined if the error is another one, or if the commit's history never had such a document. */
export async function removalOf(
  source: ViewSource,
  commit: string,
  place: Place,
  error: unknown,
): Promise<Removal | undefined> {
  if (!(error instanceof KbError) || error.code !== 'notFound' || place.kind !== 'document') return undefined
  const { name } = place
  const { documentNamed } = await source.contents(commit)
  if (documentNamed.has(name)) return undefined
  const { commits } = await source.kb.log({ at: commit, of: name, limit: LOOKED_AT }).catch(() => ({ commits: [] }))
  const by = commits.find(({ operation, documents }) => operation !== 'add' && documents.includes(name))
  return by === undefined ? undefined : { name, by, place }
}
