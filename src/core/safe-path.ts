// The last check for paths: where kbgit must never write, no matter which code asks.

/** Characters that HFS+ ignores in names, so that `.g\u200cit` is `.git` there. */
const IGNORED = /[\u200C-\u200F\u202A-\u202E\u206A-\u206F\uFEFF]/g
/** `.git` and the file by which git follows submodules, including the short names that Windows gives them. */
const GIT_OWN = /^(?:\.git|\.gitmodules|git~\d+|gitmod~\d+|gi7eba~\d+)$/
/** Most names: they read the same everywhere, and none belongs to git. */
const PLAIN = /^[a-fh-z0-9_-](?:[\w.-]*[\w-])?$/i
const NAME_BYTES_MAX = 255
const PATH_BYTES_MAX = 4096

/**
 * Why nothing may be written at a path relative to the base, or undefined: it must be relative, made of plain parts,
 * inside the base on every system, and not one of git's own files.
 */
export function pathFault(path: string): string | undefined {
  if (Buffer.byteLength(path) > PATH_BYTES_MAX) return `is longer than ${PATH_BYTES_MAX} bytes`
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f\\\uFFFD]/.test(path) || !path.isWellFormed())
    return 'has a control character, a backslash or bytes that are not UTF-8'
  if (/^[a-z]:/i.test(path)) return 'is absolute'
  for (const part of path.split('/')) {
    if (Buffer.byteLength(part) > NAME_BYTES_MAX) return `has a name of more than ${NAME_BYTES_MAX} bytes`
    if (part !== '' && seenAs(part) === '') return `has the part ${JSON.stringify(part)}`
  }
  return repoPathFault(path)
}

/** The same for a path relative to the work tree; the user may have named its folders above the base freely. */
export function repoPathFault(path: string): string | undefined {
  if (path === '') return 'is empty'
  if (path.startsWith('/')) return 'is absolute'
  if (path.includes('\0')) return 'has a NUL'
  for (const part of path.split('/')) {
    if (part === '') return 'has an empty part'
    if (part === '.' || part === '..') return `has the part "${part}"`
    if (GIT_OWN.test(seenAs(part))) return `has the part ${JSON.stringify(part)}, which is git's own`
  }
  return undefined
}

/**
 * As the most lenient file system reads it: NTFS drops dots and spaces at the end, and a stream's name after a colon.
 */
function seenAs(part: string): string {
  if (PLAIN.test(part)) return part
  return part
    .normalize('NFKC')
    .replace(IGNORED, '')
    .replace(/:.*$/s, '')
    .replace(/[. ]+$/, '')
    .toLowerCase()
}
