// The pointer that stands for a large file: git-lfs format, version 1 (github.com/git-lfs/git-lfs, docs/spec.md).

export type LfsPointer = {
  /** Of the file that it stands for, hex. */
  sha256: string
  /** Bytes. */
  size: number
}

/** A pointer file is shorter than this. */
export const POINTER_BYTES_MAX = 1_024

/** Undefined for a text that is no pointer: keys after `version` are sorted, others than these two are passed over. */
export function parsePointer(text: string): LfsPointer | undefined {
  if (!/^version https:\/\/(?:git-lfs\.github\.com|hawser\.github\.com)\/spec\/v1\n/.test(text)) return undefined
  const sha256 = /^oid sha256:([0-9a-f]{64})$/m.exec(text)?.[1]
  const size = /^size (\d{1,15})$/m.exec(text)?.[1]
  return sha256 === undefined || size === undefined ? undefined : { sha256, size: Number(size) }
}
