// The cheap check of a file with an unknown extension: is it worth sending to a worker?
import { FORMAT_TABLE } from './convert/formats.ts'

/** Lower case, with their dots. */
export const KNOWN_EXTENSIONS: ReadonlySet<string> = new Set(
  Object.values(FORMAT_TABLE).flatMap(({ extensions, namedOnly }) => (namedOnly === true ? [] : extensions)),
)

/** Signatures of self-describing formats, whatever the file is called. */
const SIGNATURES = ['%PDF-', '{\\rtf', '<?xml', '<!doctype html', '<html', '<rss', '<feed']

/** Whether the first bytes of a file are in a format that is recognised by content. */
export function placeable(head: Uint8Array): boolean {
  const start = Buffer.from(head.subarray(0, 1024))
  const text = start
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()
    .toLowerCase()
  if (SIGNATURES.some((signature) => text.startsWith(signature.toLowerCase()))) return true
  if (start.subarray(0, 8).toString('hex') === 'd0cf11e0a1b11ae1') return true
  // An office file names its parts early; other archives are not worth unpacking.
  return (
    text.startsWith('pk\x03\x04') &&
    /\[content_types\]\.xml|mimetype|_rels\/|word\/|ppt\/|xl\//.test(start.toString('latin1').toLowerCase())
  )
}
