// Links between documents. Each document's text links what its links mean now, so when a document comes, goes or changes
// its names, the texts of the documents that link it change in the same commit. They are found by name, not by a walk.
import type { Catalog } from '../core/document/catalog.ts'
import type { DocumentLink, DocumentRecord } from '../core/document/document.ts'
import { documentKeys, linkedDocument, linkKeys, type Linking } from '../core/document/link-names.ts'
import { relink, targetOf, type Linked } from '../core/document/linked-text.ts'
import { findPart } from '../core/page/find-heading.ts'
import type { Draft } from './draft.ts'

/** Documents whose links of one name are followed: a bound on what one document's commit writes. */
const LINKING_MAX = 5_000

/** A document before and after a commit; absent if it comes or goes. `text`: reads its new text, unless that stays. */
export type DocumentChange = {
  before?: DocumentRecord | undefined
  after?: LinkedRecord | undefined
  text?: (() => Promise<string>) | undefined
}
type LinkedRecord = Linking & Linked & Pick<DocumentRecord, 'aliases' | 'links'>

type NamesAndTexts = {
  catalog: Pick<Catalog, 'documentByOrigin' | 'documentsNamed'>
  read: (path: string) => Promise<string | undefined>
}

/** The target of each link of a document, as the base is after a change. Reads the texts of which links name a part. */
export async function linkTargets(
  from: LinkedRecord,
  { catalog, read }: NamesAndTexts,
  change: DocumentChange,
  isConcerned: (link: DocumentLink) => boolean = () => true,
): Promise<(link: DocumentLink) => string | undefined> {
  const documentOf = linkedDocuments(from, catalog, change)
  const texts = new Map<string, string>()
  for (const link of from.links ?? []) {
    const document = link.part === undefined || !isConcerned(link) ? undefined : documentOf(link)
    if (document?.kind !== 'short' || texts.has(document.source)) continue
    const isNew = document.name === change.after?.name
    texts.set(document.source, (isNew ? await change.text?.() : undefined) ?? (await read(document.source)) ?? '')
  }
  return (link) => {
    const document = documentOf(link)
    if (document === undefined) return undefined
    return targetOf(document, findPart(texts.get(document.source) ?? '', link.part ?? ''))
  }
}

function linkedDocuments(
  from: LinkedRecord,
  catalog: NamesAndTexts['catalog'],
  change: DocumentChange,
): (link: DocumentLink) => LinkedRecord | undefined {
  const { before, after } = change
  const gone = (document: { name: string }): boolean => [before?.name, after?.name].includes(document.name)
  const keys = new Set(after === undefined ? [] : documentKeys(after))
  const names = {
    documentByOrigin: (origin: string): LinkedRecord | undefined => {
      const found = catalog.documentByOrigin(origin)
      return found === undefined || gone(found) ? (after?.origin === origin ? after : undefined) : found
    },
    documentsNamed: (key: string, limit: number): LinkedRecord[] => [
      ...catalog.documentsNamed(key, limit).filter((document) => !gone(document)),
      ...(after !== undefined && keys.has(key) ? [after] : []),
    ],
  }
  const known = new Map<string, LinkedRecord | undefined>()
  return (link) => {
    if (!known.has(link.to)) known.set(link.to, link.to === '' ? from : linkedDocument(link, from, names))
    return known.get(link.to)
  }
}

/** Brings the links of other documents to a document that changes up to date. */
export async function relinkOthers(change: DocumentChange, draft: Draft): Promise<void> {
  const { before, after } = change
  const keys = changedKeys(before, after)
  const linking = new Map<string, DocumentRecord>()
  for (const key of keys) {
    for (const document of draft.catalog.documentsLinking(key, LINKING_MAX))
      if (document.name !== (before ?? after)?.name) linking.set(document.name, document)
  }
  for (const document of linking.values()) {
    const text = await draft.read(document.source)
    if (text === undefined) continue
    const concerned = (link: DocumentLink): boolean => linkKeys(link, document).some((key) => keys.has(key))
    const target = await linkTargets(document, namesAndTexts(draft), change, concerned)
    const linked = relink(text, document, (link, current) => (concerned(link) ? target(link) : current))
    if (linked !== undefined) draft.write(document.source, linked)
  }
}

/** Brings a document's own links up to date. `change`: what the commit does with it. */
export async function relinkOwn(document: DocumentRecord, draft: Draft, change: DocumentChange = {}): Promise<void> {
  const text = document.links === undefined ? undefined : await draft.read(document.source)
  if (text === undefined) return
  const linked = relink(text, document, await linkTargets(document, namesAndTexts(draft), change))
  if (linked !== undefined) draft.write(document.source, linked)
}

function namesAndTexts(draft: Draft): NamesAndTexts {
  return { catalog: draft.catalog, read: (path) => draft.read(path) }
}

/** Keys of links that may lead elsewhere now. */
function changedKeys(before: DocumentRecord | undefined, after: LinkedRecord | undefined): Set<string> {
  const [old, now] = [before, after].map((document) => (document === undefined ? [] : documentKeys(document)))
  const same =
    before !== undefined && after !== undefined && before.origin === after.origin && before.source === after.source
  if (!same) return new Set([...(old ?? []), ...(now ?? [])])
  return new Set([...(old ?? []), ...(now ?? [])].filter((key) => old?.includes(key) !== now?.includes(key)))
}
