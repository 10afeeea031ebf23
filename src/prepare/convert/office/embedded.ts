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
  if (names.length === 0) return converted
  const shown = names.slice(0, NAMED_MAX).map((name) => posix.basename(name))
  const more = names.length > NAMED_MAX ? ` and ${names.length - NAMED_MAX} more` : ''
  const note = `Not read: ${names.length} embedded ${names.length === 1 ? 'file' : 'files'} (${shown.join(', ')}${more}).`
  // The list may grow until the body is consumed.
  const { notes = [] } = converted
  notes.push(note)
  return { ...converted, notes }
}
