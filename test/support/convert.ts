// Runs one converter on bytes and collects its output.
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEFAULT_LIMITS, type Limits } from '../../src/core/config.ts'
import type { Format } from '../../src/core/document/document.ts'
import { DocumentError, type Failure } from '../../src/core/errors.ts'
import { compareWords } from '../../src/prepare/coverage.ts'
import type { Converted, Converter } from '../../src/prepare/convert/converter.ts'

export type Gathered = Omit<Converted, 'body' | 'plain' | 'dropped'> & {
  text: string
  pages: string[]
  images: Uint8Array[]
  left: string[]
  lost: string[]
}

/**
 * `text` is all of it, `pages` its pages, `lost` what they lack of the plain extraction; `left` names files that the
 * converter left next to the document.
 */
export async function gather(
  convert: Converter,
  format: Format,
  bytes: Uint8Array,
  limits: Partial<Limits> = {},
): Promise<Gathered> {
  const folder = await mkdtemp(join(tmpdir(), 'kbgit-convert-'))
  try {
    const path = join(folder, 'original')
    await writeFile(path, bytes)
    const images = new Map<string, Uint8Array>()
    const { body, plain, dropped, ...told } = await convert({
      label: `sample.${format}`,
      path,
      size: bytes.length,
      format,
      extension: `.${format}`,
      limits: { ...DEFAULT_LIMITS, ...limits },
      images: {
        add: (image) => {
          const key = createHash('sha256').update(image).digest('hex').slice(0, 8)
          images.set(key, image)
          return `kbgit-image:${key}.png`
        },
      },
    })
    const pages: string[] = []
    if (body.kind === 'pages') for await (const { content } of body.pages) pages.push(content)
    else if (typeof body.markdown === 'string') pages.push(body.markdown)
    else for await (const piece of body.markdown) pages.push(piece)
    const left = (await readdir(folder)).filter((name) => name !== 'original')
    const lost = plain === undefined ? [] : compareWords(plain, pages, dropped).lost.map(({ text }) => text)
    return { ...told, text: pages.join('\n\n'), pages, images: [...images.values()], left, lost }
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** The failure of a conversion; throws if it succeeds. */
export async function failureOf(work: Promise<unknown>): Promise<Failure> {
  try {
    await work
  } catch (error) {
    if (error instanceof DocumentError) return error.failure
    throw error
  }
  throw new Error('It was converted.')
}
