// Files embedded in an Office Open XML document, which are not read. Workbooks behind charts repeat what the charts show.
import { posix } from 'node:path'
import type { Archive } from '../archive.ts'
import type { Converted } from '../converter.ts'

const NAMED_MAX = 10

/** The document with a note that names the files embedded in it. */
export function withEmbeddedNote(archive: Archive, converted: Converted): Converted {
  const charts = archive.names.filter((name) => /\/charts\/_rels\//i.test(name)).map((name) => archive.readText(name))
  const names = archive.names.filter((name) => {
    const base = posix.basename(name)
    return /(?:^|\/)embeddings\//i.test(name) && base !== '' && !charts.some((links) => links?.includes(base) === true)
  })
  return withNames(converted, names)
}

/** What the format itself puts into a package of OpenDocument, saved versions and pictures included. */
const ODF_PARTS =
  /^(?:(?:mimetype|content\.xml|styles\.xml|meta\.xml|settings\.xml|layout-cache|current\.xml)$|[^/]*\.rdf$|(?:META-INF|Thumbnails|Pictures|ObjectReplacements|Configurations2|Fonts|Basic|Scripts|Dialogs|Versions|Gallery)\/)/i

/** As `withEmbeddedNote`, for OpenDocument: objects with a content of their own are read where they are. */
export function withOdfEmbeddedNote(archive: Archive, converted: Converted): Converted {
  const objects = new Set(archive.names.flatMap((name) => /^(.*)\/content\.xml$/.exec(name)?.[1] ?? []))
  const isRead = (name: string): boolean => [...objects].some((folder) => name.startsWith(`${folder}/`))
  const names = archive.names.filter((name) => !name.endsWith('/') && !ODF_PARTS.test(name) && !isRead(name))
  return withNames(converted, names)
}

function withNames(converted: Converted, names: string[]): Converted {
  if (names.length === 0) return converted
  const shown = names.slice(0, NAMED_MAX).map((name) => posix.basename(name))
  const more = names.length > NAMED_MAX ? ` and ${names.length - NAMED_MAX} more` : ''
  const note = `Not read: ${names.length} embedded ${names.length === 1 ? 'file' : 'files'} (${shown.join(', ')}${more}).`
  // The list may grow until the body is consumed.
  const { notes = [] } = converted
  notes.push(note)
  return { ...converted, notes }
}
