// Inputs → candidates, in order: the first stage. It reads and hashes, and writes only its own cache.
import { lstatSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import type { Failure } from '../core/errors.ts'
import { displayPath, extensionOf, stemOf, toBytes, urlStem } from '../core/document/source-path.ts'
import { digestFile, type FileDigest } from '../io/file-digest.ts'
import type { Known, StatCache } from './stat-cache.ts'
import { failureOf } from '../io/source-failure.ts'
import type { LeftOut } from './foreign.ts'
import { Walk, type Met, type WalkOptions } from './walk.ts'

type MetFile = Extract<Met, { kind: 'file' }>

export type FileCandidate = {
  kind: 'file'
  /** The absolute path, bytes that are not UTF-8 as `\xNN`: what users see, and the document's identity. */
  origin: string
  path: Uint8Array
  /** File name without extension; and the lower-case extension with its dot, or ''. */
  stem: string
  extension: string
  /** The folders between the named input and the file, `/`-separated. */
  context?: string | undefined
  /** Named by the user rather than found in a folder. */
  named: boolean
  /** Bytes. */
  size: number
  sha256: string
}

export type Scanned =
  | FileCandidate
  | { kind: 'url'; origin: string; url: string; stem: string }
  | { kind: 'skipped'; origin: string; reason: 'unsupported' }
  | { kind: 'failed'; origin: string; failure: Failure }

export type ScanOptions = WalkOptions & {
  /** Lower-case extensions, with their dots, of the formats that kbgit reads. */
  extensions: ReadonlySet<string>
  /** Whether the first 4 KiB of a file found in a folder, with another extension, are in a known format. */
  place: (head: Uint8Array) => boolean | Promise<boolean>
  sourceBytesMax: number
  /** Byte strings of absolute paths: among files found in folders, only these are considered. */
  only?: ReadonlySet<string> | undefined
  cache?: StatCache | undefined
  /** Nanoseconds since 1970. */
  clockNs: () => bigint
  signal?: AbortSignal | undefined
}

/** Files hashed in parallel, and how far hashing runs ahead of the consumer. */
const LOOK_AHEAD = 32
/** Number of files after which other work of the process gets a turn, even if none had to be read. */
const TURN_FILES = 128

/** Iterate it once. The counts grow while it runs. */
export class Scan implements AsyncIterable<Scanned> {
  /** Regular files reported, and their bytes. */
  files = 0
  bytes = 0
  readonly #inputs: readonly string[]
  readonly #options: ScanOptions

  constructor(inputs: readonly string[], options: ScanOptions) {
    this.#inputs = inputs
    this.#options = options
  }

  /** How many files and folders were left out, by reason. */
  readonly leftOut = new Map<LeftOut, number>()

  get ignored(): number {
    let sum = 0
    for (const count of this.leftOut.values()) sum += count
    return sum
  }

  #leave(path: string, reason: LeftOut): void {
    this.leftOut.set(reason, (this.leftOut.get(reason) ?? 0) + 1)
    this.#options.onLeftOut?.(path, reason)
  }

  /**
   * Every regular file is reported once, in the order of inputs and names. Ends early, without throwing, once the
   * signal is aborted.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<Scanned> {
    const ahead: Promise<Scanned | undefined>[] = []
    let examined = 0
    try {
      for await (const met of this.#met()) {
        ahead.push('url' in met ? Promise.resolve(met) : this.#examine(met))
        if (++examined % TURN_FILES === 0) await setImmediate()
        if (ahead.length < LOOK_AHEAD) continue
        const first = await ahead.shift()
        if (this.#options.signal?.aborted === true) return
        if (first !== undefined) yield first
      }
      for (let first = ahead.shift(); first !== undefined; first = ahead.shift()) {
        const scanned = await first
        if (this.#options.signal?.aborted === true) return
        if (scanned !== undefined) yield scanned
      }
    } finally {
      await Promise.allSettled(ahead)
      this.#options.cache?.flush()
    }
  }

  async *#met(): AsyncGenerator<Met | Extract<Scanned, { kind: 'url' }>> {
    await using walk = await Walk.start({
      ...this.#options,
      onLeftOut: (path, reason) => this.#leave(path, reason),
    })
    // One input never yields a file twice. Several may overlap, or be named twice.
    const reported = this.#inputs.length > 1 ? new Set<string>() : undefined
    for (const input of this.#inputs) {
      const url = parseUrl(input)
      if (url === undefined && OTHER_SCHEME.test(input)) {
        yield {
          kind: 'failed',
          path: input,
          failure: {
            code: 'fetchRefused',
            message: `${input} is not an http or https address.`,
            hint: 'Save it as a file and add that.',
          },
        }
        continue
      }
      if (url !== undefined) {
        if (reported?.has(url.href) === true) continue
        reported?.add(url.href)
        yield { kind: 'url', origin: url.href, url: url.href, stem: urlStem(url) }
        continue
      }
      for await (const met of walk.input(input)) {
        if (reported?.has(met.path) === true || !this.#isWanted(met)) continue
        reported?.add(met.path)
        yield met
      }
    }
  }

  #isWanted(met: Met): boolean {
    const { only } = this.#options
    return only === undefined || (met.kind === 'file' && met.named) || only.has(met.path)
  }

  /** Undefined for something that is not a regular file and was not named. Never rejects. */
  async #examine(met: Met): Promise<Scanned | undefined> {
    const origin = displayPath(met.path)
    if (met.kind === 'failed') return { kind: 'failed', origin, failure: met.failure }
    try {
      return await this.#candidate(met, origin)
    } catch (error) {
      this.files++
      return { kind: 'failed', origin, failure: failureOf(error, met.path) }
    }
  }

  async #candidate(met: MetFile, origin: string): Promise<Scanned | undefined> {
    const { cache, extensions, place, signal, clockNs } = this.#options
    const path = Buffer.from(toBytes(met.path))
    const name = met.path.slice(met.path.lastIndexOf('/') + 1)
    const inDoubt = !met.named && !extensions.has(extensionOf(name))
    const readAtNs = clockNs()
    // Microseconds; handing it to another thread would cost tens of them. This is the whole cost of an unchanged file.
    const stat = lstatSync(path, { bigint: true })
    const unfit = stat.isFile() ? this.#unfit(origin, stat.size) : undefined
    if (unfit !== undefined) return inDoubt ? this.#skipped(origin) : this.#failed(origin, unfit)
    const cached = stat.isFile() ? cache?.get(path, stat) : undefined
    // A file whose content was not recognised may still be named, or have a newly known extension.
    const trusted = cached === 'unplaced' && !inDoubt ? undefined : cached
    const digest: FileDigest =
      trusted === undefined
        ? await digestFile(path, { place: inDoubt ? place : undefined, signal })
        : trusted === 'unplaced'
          ? { kind: 'unplaced', stat }
          : { kind: 'digest', sha256: trusted.sha256, stat }
    if (trusted === undefined && (digest.kind === 'digest' || digest.kind === 'unplaced')) {
      const known: Known = digest.kind === 'digest' ? { sha256: digest.sha256 } : 'unplaced'
      cache?.put(path, digest.stat, known, readAtNs)
    }
    return this.#result(met, origin, digest, { path, name })
  }

  #result(
    met: MetFile,
    origin: string,
    digest: FileDigest,
    { path, name }: { path: Buffer; name: string },
  ): Scanned | undefined {
    switch (digest.kind) {
      case 'digest':
        this.files++
        this.bytes += Number(digest.stat.size)
        return {
          kind: 'file',
          origin,
          path,
          stem: stemOf(name),
          extension: extensionOf(name),
          named: met.named,
          size: Number(digest.stat.size),
          sha256: digest.sha256,
          context: met.context === '' ? undefined : displayPath(met.context),
        }
      case 'unplaced':
        return this.#skipped(origin)
      case 'changing':
        return this.#failed(origin, {
          code: 'changedWhileRead',
          message: `${origin} keeps changing while it is read.`,
          hint: 'Add it again when nothing is writing to it.',
        })
      case 'notRegular':
        if (met.named)
          return this.#failed(origin, {
            code: 'notRegular',
            message: `${origin} is not a regular file.`,
            hint: 'Name a file or a folder.',
          })
        this.#leave(origin, 'special')
        return undefined
    }
  }

  /** Why a file of this size is not read. */
  #unfit(origin: string, size: bigint): Failure | undefined {
    const { sourceBytesMax } = this.#options
    if (size === 0n) return { code: 'empty', message: `${origin} is empty.`, hint: 'There is nothing in it to add.' }
    if (size <= sourceBytesMax) return undefined
    return {
      code: 'tooLarge',
      message: `${origin} has ${size} bytes; the limit is ${sourceBytesMax}.`,
      hint: 'Split it, or raise limits.source_max in kbgit.yaml.',
    }
  }

  #failed(origin: string, failure: Failure): Scanned {
    this.files++
    return { kind: 'failed', origin, failure }
  }

  #skipped(origin: string): Scanned {
    this.files++
    return { kind: 'skipped', origin, reason: 'unsupported' }
  }
}

/** An address that is neither http nor https; as a path it would have an empty folder in it. */
const OTHER_SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i

/** An address without its fragment; undefined for anything but http and https, which is then a path. */
function parseUrl(input: string): URL | undefined {
  if (!/^https?:\/\//i.test(input) || !URL.canParse(input)) return undefined
  const url = new URL(input)
  url.hash = ''
  return url
}
