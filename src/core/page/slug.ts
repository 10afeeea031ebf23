// Names: from what a file or a model calls something to a name that is safe as a file name, in git and in a wikilink.
import { createHash } from 'node:crypto'
import { isDeviceName } from '../platform.ts'

/** Bytes; leaves room for suffixes such as `--2`, `.tree.json` and `.pointer` within the 255 of file systems. */
const SLUG_BYTES_MAX = 96
/** Bytes of a number, or of a short digest, that distinguishes equal names. */
const SUFFIX_BYTES_MAX = 16

/** Volumes of a folder, and files and folders of kbgit's own. */
const RESERVED = /^(?:v\d+|images|index|log|agents)$/i

/**
 * A name of letters, digits, `_`, `.` and single `-`: NFC, no leading or trailing punctuation, at most 96 bytes of
 * UTF-8. `--` never occurs, so that it can mark continuation pages. An empty result becomes `untitled`; a truncated
 * name ends in a hash of the whole.
 */
export function slugify(text: string): string {
  const clean = text
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}_.]+/gu, '-')
    .replace(/\.{2,}/g, '.')
    .replace(/^[-.]+|[-.]+$/g, '')
    .replace(/-{2,}/g, '-')
  const slug = cut(clean === '' ? 'untitled' : clean, text)
  return isReserved(slug) || isDeviceName(slug) ? slug.replace(/^[^.]+/, '$&_') : slug
}

/** Of the title of a page: `C++` and `C#` are not `C`, although their signs are not allowed in a file name. */
export function titleSlug(title: string): string {
  return slugify(
    title
      .replace(/(?<=\p{L})\+\+/gu, 'pp')
      .replace(/(?<=\p{L})#(?!\p{L})/gu, '-sharp')
      .replace(/(?<=\p{L})\+/gu, '-plus'),
  )
}

/** Whether `slugify` or `freeName` could have produced a name. */
export function isSlug(name: string): boolean {
  return (
    /^(?![-.])[\p{L}\p{M}\p{N}_.-]+(?<![-.])$/u.test(name) &&
    !/--|\.\./.test(name) &&
    name === name.normalize('NFC') &&
    Buffer.byteLength(name) <= SLUG_BYTES_MAX + SUFFIX_BYTES_MAX &&
    !isReserved(name)
  )
}

/** Earlier versions gave names such as `aux.notes_`, which Windows reserves as well: they stay readable. */
function isReserved(name: string): boolean {
  return RESERVED.test(name) || (!name.includes('.') && isDeviceName(name))
}

/** Equal for names that some file system or wiki would treat as one: case and Unicode form are folded. */
export function collisionKey(name: string): string {
  // eslint-disable-next-line no-control-regex
  return /^[\x00-\x7f]*$/.test(name) ? name.toLowerCase() : name.normalize('NFC').toLowerCase().normalize('NFC')
}

/** `base`, or the first free one of `base-2`, `base-3`, …. */
export function freeName(base: string, taken: (key: string) => boolean): string {
  if (!taken(collisionKey(base))) return base
  for (let n = 2; ; n++) {
    const name = `${base}-${n}`
    if (!taken(collisionKey(name))) return name
  }
}

function cut(slug: string, whole: string): string {
  if (Buffer.byteLength(slug) <= SLUG_BYTES_MAX) return slug
  const hash = createHash('sha256').update(whole).digest('hex').slice(0, 8)
  let kept = ''
  for (const { segment } of new Intl.Segmenter().segment(slug)) {
    if (Buffer.byteLength(kept) + Buffer.byteLength(segment) > SLUG_BYTES_MAX - 9) break
    kept += segment
  }
  return `${kept.replace(/[-.]+$/, '')}-${hash}`
}
