// Whether originals are what was added: in git by their digest, outside of git by the file that a pointer leads to.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { parsePointer, POINTER_BYTES_MAX, type Pointer } from '../core/document/pointer.ts'
import type { BaseReader } from './base-reader.ts'
import { largePaths } from '../io/sidecar/large-store.ts'

/** SHA-256 digests of contents that were read before. */
export type KnownDigests = {
  ofObject: (oid: string) => string | undefined
  keepObject: (oid: string, sha256: string) => void
  /** The digest of a regular file, which is read only if it changed since; undefined if it cannot be read. */
  ofFile: (path: string) => Promise<string | undefined>
}

/** An original at `raw`, with the digest that was recorded when it was added and git's id of the file. */
export type OriginalFile = { raw: string; sha256: string; oid: string }

/**
 * `altered`: the file in git is neither the original nor a pointer to it. `absent` and `damaged`: the pointer is right,
 * but no file has the bytes, or the file at `path` has others. `unread`: it would have to be read first.
 */
export type OriginalState =
  | { kind: 'sound'; pointer?: Pointer }
  | { kind: 'altered' }
  | { kind: 'absent'; pointer: Pointer }
  | { kind: 'damaged'; pointer: Pointer; path: string }
  | { kind: 'unread' }

export type OriginalOptions = {
  /** Saves reading what was read before. */
  known?: KnownDigests | undefined
  /** Remembers what is read. */
  kept?: KnownDigests | undefined
  /** Originals that nothing is known of are read up to this many and this many bytes each. Default: all. */
  readsMax?: number
  readBytesMax?: number
}

/** Sizes requested in one batch. */
const BATCH = 500
/** Originals up to this size are read in batches, larger ones chunk by chunk. */
const SMALL_BYTES_MAX = 256 * 1024

/** Each original with its state; the order within a batch is not that of `files`. */
export async function* originalStates<T extends OriginalFile>(
  base: Pick<BaseReader, 'history' | 'sidecarDir' | 'repository' | 'git' | 'driver'>,
  files: readonly T[],
  options: OriginalOptions,
): AsyncGenerator<{ file: T; state: OriginalState }> {
  const { known, kept, readsMax = Number.POSITIVE_INFINITY, readBytesMax = Number.POSITIVE_INFINITY } = options
  let paths: ReturnType<typeof largePaths> | undefined
  let reads = 0
  for (let index = 0; index < files.length; index += BATCH) {
    const unread: T[] = []
    for (const file of files.slice(index, index + BATCH)) {
      const digest = known?.ofObject(file.oid)
      if (digest === file.sha256) yield { file, state: { kind: 'sound' } }
      else if (++reads > readsMax) yield { file, state: { kind: 'unread' } }
      else unread.push(file)
    }
    const sizes = await base.history.sizes(unread.map(({ oid }) => oid))
    const sized = unread.map((file, n) => ({ file, size: sizes[n] ?? 0 }))
    const small = sized.filter(({ size }) => size <= Math.min(SMALL_BYTES_MAX, readBytesMax))
    for await (const { item, body } of base.history.contents(small, ({ file }) => file.oid)) {
      const pointer = item.size > POINTER_BYTES_MAX ? undefined : parsePointer(body.toString())
      // A document may itself be a pointer file: then the digest is not that of what it points to.
      if (pointer?.sha256 === item.file.sha256) {
        paths ??= largePaths(base)
        yield { file: item.file, state: await blobState((await paths)(pointer.sha256), pointer, known) }
      } else
        yield { file: item.file, state: gitState(item.file, createHash('sha256').update(body).digest('hex'), kept) }
    }
    for (const { file, size } of sized) {
      if (size <= Math.min(SMALL_BYTES_MAX, readBytesMax)) continue
      if (size > readBytesMax) yield { file, state: { kind: 'unread' } }
      else yield { file, state: gitState(file, await sha256Of(base.history.stream(file.oid)), kept) }
    }
  }
}

function gitState({ oid, sha256 }: OriginalFile, digest: string, kept: KnownDigests | undefined): OriginalState {
  kept?.keepObject(oid, digest)
  return { kind: digest === sha256 ? 'sound' : 'altered' }
}

async function blobState(
  paths: readonly string[],
  pointer: Pointer,
  known: KnownDigests | undefined,
): Promise<OriginalState> {
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined)
    if (found === undefined) continue
    const digest = async (): Promise<string | undefined> =>
      known === undefined ? sha256Of(createReadStream(path)) : known.ofFile(path)
    const isWhole = found.isFile() && found.size === pointer.size && (await digest()) === pointer.sha256
    return isWhole ? { kind: 'sound', pointer } : { kind: 'damaged', pointer, path }
  }
  return { kind: 'absent', pointer }
}

async function sha256Of(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of chunks) hash.update(chunk)
  return hash.digest('hex')
}
