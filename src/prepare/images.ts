// The images of one document: recognised by their content, stored once each, under names of our own.
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import type { Limits } from '../core/config.ts'
import type { PreparedImage } from '../core/document/prepared.ts'
import { DocumentError } from '../core/errors.ts'
import type { ImageSink } from './convert/converter.ts'

/** Scheme of image links in prepared text; the commit replaces it by a path. */
export const IMAGE_SCHEME = 'kbgit-image:'
/** Pixels: anything smaller in either direction is a bullet, a rule or an icon. */
const SIDE_MIN = 24
/** Pixels: so is anything with a smaller area. */
const AREA_MIN = 2_500
/** Maximum number of images per document. */
const IMAGES_MAX = 5_000

type Picture = { extension: string; width?: number; height?: number }

export class ImageStore implements ImageSink {
  readonly #folder: string
  readonly #label: string
  readonly #limits: Limits
  readonly #files = new Map<string, string | undefined>()
  readonly #stored: PreparedImage[] = []
  #bytes = 0

  /** Images go to `<staging>/images`, which is created with the first. */
  constructor(staging: string, label: string, limits: Limits) {
    this.#folder = `${staging}/images`
    this.#label = label
    this.#limits = limits
  }

  add(bytes: Uint8Array): string | undefined {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    let file = this.#files.get(sha256)
    if (file === undefined && !this.#files.has(sha256)) {
      file = this.#store(bytes, sha256)
      this.#files.set(sha256, file)
    }
    return file === undefined ? undefined : `${IMAGE_SCHEME}${file}`
  }

  has(file: string): boolean {
    return this.#stored.some((image) => image.file === file)
  }

  get stored(): PreparedImage[] {
    return [...this.#stored]
  }

  #store(bytes: Uint8Array, sha256: string): string | undefined {
    const picture = readPicture(bytes)
    if (picture === undefined || isSmall(picture)) return undefined
    this.#bytes += bytes.length
    if (this.#stored.length >= IMAGES_MAX || this.#bytes > this.#limits.archiveBytesMax) {
      const hint = `At most ${IMAGES_MAX} images and ${this.#limits.archiveBytesMax} bytes are extracted per document.`
      throw new DocumentError('bomb', `${this.#label} has too many images.`, hint)
    }
    const file = `${this.#stored.length + 1}.${picture.extension}`
    if (this.#stored.length === 0) mkdirSync(this.#folder, { recursive: true })
    writeFileSync(`${this.#folder}/${file}`, bytes, { flag: 'wx', mode: 0o600 })
    this.#stored.push({ file, sha256, size: bytes.length })
    return file
  }
}

/** Whether bytes are a picture too small to say anything. */
export function isDecoration(bytes: Uint8Array): boolean {
  const picture = readPicture(bytes)
  return picture !== undefined && isSmall(picture)
}

function isSmall({ width, height }: Picture): boolean {
  if (width === undefined || height === undefined) return false
  return width < SIDE_MIN || height < SIDE_MIN || width * height < AREA_MIN
}

/**
 * Format and dimensions of a raster image by its first bytes; undefined for anything else. Vector images can contain
 * scripts.
 */
function readPicture(bytes: Uint8Array): Picture | undefined {
  const b = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const tag = b.toString('latin1', 0, 12)
  if (tag.startsWith('\x89PNG\r\n\x1a\n') && b.length >= 24) {
    return { extension: 'png', width: b.readUInt32BE(16), height: b.readUInt32BE(20) }
  }
  if (tag.startsWith('GIF8') && b.length >= 10)
    return { extension: 'gif', width: b.readUInt16LE(6), height: b.readUInt16LE(8) }
  if (tag.startsWith('\xff\xd8\xff')) return { extension: 'jpg', ...jpegSize(b) }
  if (tag.startsWith('RIFF') && tag.endsWith('WEBP')) return { extension: 'webp', ...webpSize(b) }
  if (tag.startsWith('BM') && b.length >= 26 && b.readUInt32LE(2) <= b.length) {
    return { extension: 'bmp', width: Math.abs(b.readInt32LE(18)), height: Math.abs(b.readInt32LE(22)) }
  }
  if (/^....ftypavi[fs]/s.test(tag)) return { extension: 'avif' }
  return undefined
}

/** Walks the markers to the frame header (ITU-T T.81, B.2.2). */
function jpegSize(b: Buffer): { width?: number; height?: number } {
  for (let offset = 2; offset + 9 < b.length;) {
    if (b[offset] !== 0xff) return {}
    const marker = b[offset + 1] ?? 0
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { height: b.readUInt16BE(offset + 5), width: b.readUInt16BE(offset + 7) }
    }
    offset += marker === 0xff ? 1 : 2 + b.readUInt16BE(offset + 2)
  }
  return {}
}

/** The three forms of the WebP container (RFC 9649). */
function webpSize(b: Buffer): { width?: number; height?: number } {
  if (b.length < 30) return {}
  switch (b.toString('latin1', 12, 16)) {
    case 'VP8 ':
      return { width: b.readUInt16LE(26) & 0x3fff, height: b.readUInt16LE(28) & 0x3fff }
    case 'VP8L': {
      const bits = b.readUInt32LE(21)
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
    }
    case 'VP8X':
      return { width: b.readUIntLE(24, 3) + 1, height: b.readUIntLE(27, 3) + 1 }
    default:
      return {}
  }
}
