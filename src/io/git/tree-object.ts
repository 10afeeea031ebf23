// Parses tree objects. Names are returned unchanged: trees from a stranger contain `..`, `.git` and worse.

import { KbError } from '../../core/errors.ts'

/** `path` is relative to the requested prefix. `mode` is git's octal text: `100644`, `120000`, `160000`, … */
export type TreeEntry = { path: string; oid: string; mode: string }

export const TREE_MODE = '40000'

/** git has the empty tree built in: a repository need not contain it. */
export const EMPTY_TREES: Record<number, string> = {
  40: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  64: '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321',
}

/**
 * Parses a tree object: mode, name and binary id of each entry (see git-scm.com/docs/gitformat-pack for the id's size).
 */
export function parseTree(body: Buffer, folder: string, idBytes: number): TreeEntry[] {
  const entries: TreeEntry[] = []
  for (let offset = 0; offset < body.length;) {
    const space = body.indexOf(32, offset)
    const end = body.indexOf(0, space)
    if (space === -1 || end === -1) throw damaged(folder)
    const mode = body.toString('latin1', offset, space)
    entries.push({
      path: folder + body.toString('utf8', space + 1, end),
      oid: body.toString('hex', end + 1, end + 1 + idBytes),
      mode,
    })
    offset = end + 1 + idBytes
  }
  return entries
}

/** Adds the paths of a tree's files to `paths`, and returns its subfolders. */
export function splitTree(
  body: Buffer,
  folder: string,
  idBytes: number,
  paths: string[],
): { path: string; oid: string }[] {
  const folders: { path: string; oid: string }[] = []
  for (let offset = 0; offset < body.length;) {
    const space = body.indexOf(32, offset)
    const end = body.indexOf(0, space)
    if (space === -1 || end === -1) throw damaged(folder)
    const path = `${folder}/${body.toString('utf8', space + 1, end)}`
    const next = end + 1 + idBytes
    if (space - offset === TREE_MODE.length) folders.push({ path, oid: body.toString('hex', end + 1, next) })
    else paths.push(path)
    offset = next
  }
  return folders
}

function damaged(folder: string): KbError {
  return new KbError('gitFailed', `A tree${folder && ` of ${folder}`} is damaged.`)
}
