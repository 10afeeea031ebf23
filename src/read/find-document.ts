// Which document a person means: its name, its file name, its title or an alias, or a unique part of a name.
import type { DocumentRecord } from '../core/document/document.ts'
import { KbError } from '../core/errors.ts'
import { DOCUMENTS } from '../core/layout.ts'
import { collisionKey } from '../core/page/slug.ts'
import type { BaseReader } from './base-reader.ts'
import { isRegistryFile, recordsIn, type RegistryFile } from './records.ts'

export type Nameable = { name: string; raw: string; origin: string } & Partial<
  Pick<DocumentRecord, 'title' | 'aliases'>
>
export type Match<T> =
  { kind: 'one'; document: T; isPart: boolean } | { kind: 'several'; names: string[] } | { kind: 'none' }

/** The rule that a part of a name fits. */
const PART = 4

/** Maximum number of names in a message; the rest is counted. */
const NAMES_SHOWN_MAX = 10

/** Decides among all documents. The first rule that any document satisfies decides; it must match exactly one. */
export function chooseDocument<T extends Nameable>(
  documents: Iterable<T>,
  query: string,
  { parts = true } = {},
): Match<T> {
  const key = collisionKey(query)
  const hits: T[][] = [[], [], [], [], []]
  for (const document of documents) {
    const files = [fileName(document.raw.replace(/\.pointer$/, '')), fileName(document.origin), document.origin]
    const rule = [
      document.name === query,
      files.includes(query),
      collisionKey(document.name) === key || files.some((file) => collisionKey(file) === key),
      [document.title ?? '', ...(document.aliases ?? [])].some((text) => collisionKey(text) === key),
      parts && [document.name, ...files.slice(0, 2)].some((text) => collisionKey(text).includes(key)),
    ].indexOf(true)
    hits[rule]?.push(document)
  }
  const rule = hits.findIndex((list) => list.length > 0)
  const found = hits[rule]
  const [document] = found ?? []
  if (found === undefined || document === undefined) return { kind: 'none' }
  return found.length === 1
    ? { kind: 'one', document, isPart: rule === PART }
    : { kind: 'several', names: found.map(({ name }) => name).sort() }
}

/**
 * The document that `query` means at a commit. Throws `KbError` (`notFound`), naming the candidates if there are
 * several, and `usage` if only a part of a name fits but `exact` asks for all of it.
 */
export async function findDocument(
  base: BaseReader,
  commit: string,
  query: string,
  options: { exact?: boolean } = {},
): Promise<RegistryFile> {
  const found = await lookForDocument(base, commit, query, options)
  if (found !== undefined) return found
  throw new KbError('notFound', `No document is called "${query}".`, { hint: 'See "kbgit list".' })
}

/** Like `findDocument`, but undefined if no document fits; without `parts`, also if only a part of a name does. */
export async function lookForDocument(
  base: BaseReader,
  commit: string,
  query: string,
  { exact = false, parts = true } = {},
): Promise<RegistryFile | undefined> {
  if (query === '') return undefined
  const { history } = base
  const paths = (await history.paths(commit, DOCUMENTS)).filter((path) => isRegistryFile({ path })).sort()
  const named = paths.filter((path) => fileName(path) === `${query}.json`).slice(0, 1)
  for await (const file of recordsIn(
    history,
    commit,
    named.map((path) => ({ path })),
  ))
    return file

  const documents: (Nameable & RegistryFile)[] = []
  const broken = new Map<string, string>()
  const files = (await base.listing?.(commit))?.files ?? paths.map((path) => ({ path }))
  for await (const { path, record } of recordsIn(history, commit, files, (at, message) => broken.set(at, message))) {
    const { name, raw, origin, title, aliases } = record
    documents.push({ name, raw, origin, title, aliases, path, record })
  }
  const match = chooseDocument(documents, query, { parts })
  switch (match.kind) {
    case 'none':
      throwIfBroken(broken, query)
      return undefined
    case 'several':
      throw severalFit(query, match.names)
    case 'one': {
      const { name, path, record } = match.document
      if (exact && match.isPart) {
        throw new KbError('usage', `"${query}" is only a part of the name of a document.`, {
          hint: `Did you mean "${name}"? Without being asked, kbgit needs the whole name.`,
        })
      }
      return { path, record }
    }
  }
}

/** The record of the intended document may be unusable. */
function throwIfBroken(broken: ReadonlyMap<string, string>, query: string): void {
  for (const [path, message] of broken) {
    const stem = fileName(path).slice(0, -'.json'.length)
    if (collisionKey(stem) === collisionKey(query))
      throw new KbError('notFound', message, {
        hint: `"kbgit fsck" reports everything that is wrong. An earlier version is in git: git log ${path}.`,
      })
  }
}

export function severalFit(query: string, names: string[]): KbError {
  const more = names.length > NAMES_SHOWN_MAX ? ` and ${names.length - NAMES_SHOWN_MAX} more` : ''
  return new KbError(
    'notFound',
    `"${query}" fits more than one: ${names.slice(0, NAMES_SHOWN_MAX).join(', ')}${more}.`,
    { hint: 'Use one of these names.' },
  )
}

function fileName(path: string): string {
  return path.replace(/\/+$/, '').slice(path.replace(/\/+$/, '').lastIndexOf('/') + 1)
}
