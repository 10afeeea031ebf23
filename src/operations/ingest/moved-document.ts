// Follows a source file that was renamed or moved: its document stays as it is, and links by the new name lead to it.
import type { WorkItem } from '../../commit/work.ts'
import type { Catalog } from '../../core/document/catalog.ts'
import type { DocumentRecord } from '../../core/document/document.ts'
import { serializeRecord } from '../../core/document/document.ts'
import { registryPathOf } from '../../core/layout.ts'
import type { MovedOrigins } from '../../io/sidecar/moved-origins.ts'
import { isThere } from '../../io/sidecar/run-record.ts'
import { relinkOthers, relinkOwn } from '../../wiki/document-links.ts'
import { Draft } from '../../wiki/draft.ts'
import { documentTrailers } from './plan-files.ts'
import type { Candidate } from './url-candidate.ts'

type Place = Pick<DocumentRecord, 'origin' | 'context'>

/** Whether a document has another file name or folder than before; not if only the folder above is another one. */
function isRenamed(document: DocumentRecord, { origin, context }: Place): boolean {
  const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
  return nameOf(document.origin) !== nameOf(origin) || (document.context ?? '') !== (context ?? '')
}

type Known = { catalog: Catalog; moved: MovedOrigins }

/** Adds the digest of the document under the file's earlier name, if that file is gone. */
export function withEarlierDigest(candidate: Candidate, { catalog, moved }: Known): Candidate {
  const previousDigest = moved.digestAt(candidate.origin)
  if (previousDigest === undefined || catalog.documentByOrigin(candidate.origin) !== undefined) return candidate
  const document = catalog.documentByDigest(previousDigest)
  return document === undefined || isThere(document.origin) ? candidate : { ...candidate, previousDigest }
}

/**
 * Where the document's file was, if that is gone and `candidate` is it under another name. A copy of an attachment is
 * not the attachment under another name.
 */
export function movedFrom(candidate: Candidate, name: string, { catalog, moved }: Known): string | undefined {
  const document = catalog.documentByName(name)
  if (document === undefined || document.attachedTo !== undefined) return undefined
  const { origin } = document
  moved.met(candidate.origin, candidate.sha256, origin)
  return candidate.url === undefined && isRenamed(document, candidate) && !isThere(origin) ? origin : undefined
}

/** Nothing is done if the document changed since `from` was its origin. */
export function moveWork(name: string, from: string, place: Place): WorkItem {
  return {
    label: place.origin,
    plan: async (snapshot) => {
      const known = snapshot.catalog.documentByName(name)
      if (known?.origin !== from || snapshot.catalog.documentByOrigin(place.origin) !== undefined) return undefined
      const record = movedTo(known, place)
      const change = { before: known, after: record }
      const draft = new Draft(snapshot)
      await relinkOwn(record, draft, change)
      await relinkOthers(change, draft)
      return {
        label: place.origin,
        subject: `update: ${name}`,
        trailers: documentTrailers(record, {}),
        changes: [
          { path: registryPathOf(record.summary), content: { bytes: serializeRecord(record) } },
          ...draft
            .edits()
            .map(({ path, content }) => ({ path, content: content === null ? null : { bytes: content } })),
        ],
      }
    },
  }
}

/** With its fields in their order. */
function movedTo(record: DocumentRecord, { origin, context }: Place): DocumentRecord {
  const entries = Object.entries(record).filter(([key]) => key !== 'context')
  return Object.fromEntries(
    entries.flatMap(([key, value]) => (key === 'origin' ? Object.entries({ origin, context }) : [[key, value]])),
  ) as DocumentRecord
}
