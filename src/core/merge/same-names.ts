// Documents that got the same name on two sides of a merge: which one keeps it, and what the other is called. Swapping the
// sides gives the same answer.
import type { Displaced } from '../document/document.ts'
import { collisionKey, freeName } from '../page/slug.ts'
import type { Rename } from './rename-document.ts'
import { documentKey } from './rename-document.ts'
import { byCode } from './three-way.ts'

export type Side = 'ours' | 'theirs'

/** What matters of a record in one of the versions that are merged. */
export type NamedVersion = { sha256: string; displaced?: Displaced[] | undefined }

/** A registry file that both sides have, with different documents. `base`: undefined if the merge base lacks it. */
export type SameName = { path: string; ours: NamedVersion; theirs: NamedVersion; base?: NamedVersion | undefined }

export type DocumentRename = Rename & {
  /** The registry file of the name, relative to the base. */
  path: string
  /** Whose document gets another name: in that side's versions of pages, the name means this document. */
  side: Side
  /** Whether it means this document in the versions of the merge base too. */
  inBase: boolean
  /** Whether the other side has the document already, under its new name. */
  known: boolean
  sha256: string
}

export type SameNameTools = {
  /** The name, one of those that are made from `path` by a number, under which a side has a document. */
  find: (side: Side, path: string, sha256: string) => string | undefined
  /** Whether either side has a document of this name (a `collisionKey`). */
  taken: (key: string) => boolean
}

/**
 * A side that has the other side's document under another name already is followed. Otherwise the document with the
 * lesser digest keeps the name, so that both directions of a merge agree.
 */
export function planRenames(same: readonly SameName[], { find, taken }: SameNameTools): DocumentRename[] {
  const given = new Set<string>()
  const renames: DocumentRename[] = []
  for (const one of [...same].sort((a, b) => byCode(a.path, b.path))) {
    if (one.ours.sha256 === one.theirs.sha256) continue
    const rename =
      followed(one, find) ??
      (one.base === undefined ? displaced(one, (key) => taken(key) || given.has(key)) : undefined)
    if (rename === undefined) continue
    given.add(collisionKey(rename.to))
    renames.push(rename)
  }
  return renames
}

function followed(one: SameName, find: SameNameTools['find']): DocumentRename | undefined {
  for (const side of ['ours', 'theirs'] as const) {
    const other = side === 'ours' ? 'theirs' : 'ours'
    // With a merge base, the other side has replaced its document; without, both may have added it.
    const sha256 = (one.base ?? one[side]).sha256
    if (one[other].sha256 === sha256 || find(side, one.path, sha256) !== undefined) continue
    const to = one[other].displaced?.find((each) => each.sha256 === sha256)?.name ?? find(other, one.path, sha256)
    if (to !== undefined) return renameOf(one, side, to, true)
  }
  return undefined
}

function displaced(one: SameName, taken: (key: string) => boolean): DocumentRename {
  const side = one.ours.sha256 > one.theirs.sha256 ? 'ours' : 'theirs'
  const name = documentKey(one.path).replace(/^.*\//, '')
  return renameOf(one, side, freeName(name, taken), false)
}

function renameOf(one: SameName, side: Side, to: string, known: boolean): DocumentRename {
  const { path, base } = one
  return { key: documentKey(path), path, to, side, inBase: base !== undefined, known, sha256: one[side].sha256 }
}

/** Whether a name is another one with a number: `minutes-2` of `minutes`. */
export function isNumbered(name: string, of: string): boolean {
  return name.startsWith(`${of}-`) && /^\d+$/.test(name.slice(of.length + 1))
}
