// Pages of a PDF that were drawn for a model, in `<staging>/scans`.
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import type { PreparedScan } from '../core/document/prepared.ts'
import type { ScanSink } from './convert/converter.ts'
import { IMAGE_SCHEME } from './images.ts'

export class ScanStore implements ScanSink {
  readonly pagesMax: number
  readonly stored: PreparedScan[] = []
  readonly #staging: string

  constructor(staging: string, pagesMax: number) {
    this.#staging = staging
    this.pagesMax = pagesMax
  }

  add(page: number, png: Uint8Array, images: string[]): void {
    if (this.stored.length >= this.pagesMax) return
    if (this.stored.length === 0) mkdirSync(`${this.#staging}/scans`)
    const file = `scans/${page}.png`
    writeFileSync(`${this.#staging}/${file}`, png, { flag: 'wx', mode: 0o600 })
    const sha256 = createHash('sha256').update(png).digest('hex')
    const names = images.map((target) => target.slice(IMAGE_SCHEME.length))
    this.stored.push({ page, file, sha256, size: png.length, images: names })
  }
}
