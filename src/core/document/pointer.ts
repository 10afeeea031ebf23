// The git-lfs pointer that is committed in place of an original too large for git, and the attribute that selects it.
// Format: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md

/** The line in `.gitattributes` at the top of a base. */
export const LARGE_ATTRIBUTES = 'raw/large/** filter=lfs diff=lfs merge=lfs -text'
/** The same in `raw/.gitattributes`, for a base in which that file is the user's. */
export const LARGE_ATTRIBUTES_INSIDE = 'large/** filter=lfs diff=lfs merge=lfs -text'

export type Pointer = {
  /** SHA-256 of the bytes, 64 hex digits. */
  sha256: string
  /** Bytes. */
  size: number
}

/** Bytes; a pointer is never larger, says the specification. */
export const POINTER_BYTES_MAX = 1024

/** The file's text: keys in the order that git-lfs writes and compares. */
export function serializePointer({ sha256, size }: Pointer): string {
  return `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${size}\n`
}

/** Undefined if it is not a pointer. Unknown keys are allowed: they are extensions of the format. */
export function parsePointer(text: string): Pointer | undefined {
  if (text.length > POINTER_BYTES_MAX || !/^version https:\/\/(?:git-lfs|hawser)\.github\.com\/spec\/v1\n/.test(text))
    return undefined
  const sha256 = /^oid sha256:([0-9a-f]{64})$/m.exec(text)?.[1]
  const size = Number(/^size (\d{1,16})$/m.exec(text)?.[1])
  return sha256 === undefined || !Number.isSafeInteger(size) ? undefined : { sha256, size }
}
