// Originals in the site. What a browser would run is given the name of a text, because a static host serves files by name.
import type { ListedDocument } from '../../core/results.ts'

/** Served as what they are: nothing in them runs in the site's name. */
const PASSIVE = new Set(
  'pdf png jpg jpeg webp tif tiff docx pptx xlsx xls odt ods odp rtf epub msg txt csv tsv json jsonl md markdown'.split(
    ' ',
  ),
)

export function originalFile({ name, raw }: Pick<ListedDocument, 'name' | 'raw'>): string {
  const file = raw.slice(raw.lastIndexOf('/') + 1)
  const extension = file.startsWith(`${name}.`) ? file.slice(name.length + 1).toLowerCase() : ''
  return PASSIVE.has(extension) ? `originals/${name}.${extension}` : `originals/${file}.txt`
}
