// Which commit made each document what it is: the newest that names it in a trailer and has the same registry file.
// Trailers alone would be wrong after a revert (the newest commit naming the document was undone) and after a merge
// (both sides named it, one of them won), so after those the registry file at the commit is compared.
import { documentsNamed } from '../core/transaction/commit-message.ts'
import { DOCUMENTS } from '../core/layout.ts'
import type { BaseReader } from './base-reader.ts'

/** A document's name and registry file. `oid` is looked up where it is needed and missing. */
export type DocumentFile = { name: string; path: string; oid?: string | undefined }

/**
 * Registry path to commit, for documents as they are at `at`. One walk over the history that ends when all are found.
 */
export async function documentCommits(
  base: BaseReader,
  at: string,
  documents: DocumentFile[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  const open = new Map(documents.map((document) => [document.name, { document, candidates: [] as string[] }]))
  const doubtful: { document: DocumentFile; candidates: string[] }[] = []
  let undone = false
  if (open.size > 0) {
    walk: for await (const commits of base.history.messages({ at, paths: base.prefix === '' ? [] : [''] })) {
      for (const { oid, parents, message } of commits) {
        const named = documentsNamed(message)
        undone ||= named === undefined || parents.length > 1
        for (const name of named ?? []) {
          const entry = open.get(name)
          if (entry === undefined) continue
          entry.candidates.push(oid)
          if (undone) continue
          found.set(entry.document.path, oid)
          open.delete(name)
        }
        if (open.size === 0) break walk
      }
    }
  }
  for (const entry of open.values()) {
    const [only] = entry.candidates
    if (entry.candidates.length === 1 && only !== undefined) found.set(entry.document.path, only)
    else doubtful.push(entry)
  }
  const compared = await Promise.all(
    doubtful.map(async ({ document, candidates }) => ({
      document,
      commit: (await firstWith(base, at, document, candidates)) ?? candidates[0],
    })),
  )
  const unnamed: DocumentFile[] = []
  for (const { document, commit } of compared) {
    if (commit === undefined) unnamed.push(document)
    else found.set(document.path, commit)
  }
  if (unnamed.length > 0) await findByChange(base, at, unnamed, found)
  return found
}

/** The first of some commits whose registry file of the document equals the one at `at`. */
async function firstWith(
  { history }: BaseReader,
  at: string,
  { path, oid }: DocumentFile,
  candidates: string[],
): Promise<string | undefined> {
  const wanted = oid ?? (await history.fileAt(at, path))
  for (const commit of candidates) if ((await history.fileAt(commit, path)) === wanted) return commit
  return undefined
}

/** Documents that no trailer names, e.g. after a squash: the newest commit that changed the registry file. */
async function findByChange(
  base: BaseReader,
  at: string,
  documents: DocumentFile[],
  found: Map<string, string>,
): Promise<void> {
  const wanted = new Set(documents.map(({ path }) => path))
  const look = async (commits: string[]): Promise<void> => {
    for await (const { commit, path } of base.history.changes(commits, [DOCUMENTS]))
      if (wanted.delete(path)) found.set(path, commit)
  }
  let batch: string[] = []
  for await (const { oid } of base.history.commits({ at, paths: [DOCUMENTS] })) {
    if (batch.push(oid) < 200) continue
    await look(batch)
    batch = []
    if (wanted.size === 0) return
  }
  await look(batch)
}
