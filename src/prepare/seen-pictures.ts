// Puts what a model saw on the pictures of a document into its text: a paragraph after each picture.
import type { Format } from '../core/document/document.ts'
import type { PreparedImage } from '../core/document/prepared.ts'
import type { SeenPicture } from '../core/document/seen.ts'
import { escapeText } from './convert/markdown.ts'
import { blockEndAt } from './markdown-lines.ts'
import { sanitize } from './sanitize.ts'

/** Of these the picture is the document, and the text on it is its text: see `convert/picture.ts`. */
const PICTURES = new Set<Format>(['png', 'jpg', 'webp', 'tiff'])

type Images = { readonly stored: PreparedImage[] }

export class SeenPictures {
  readonly #seen: Map<string, SeenPicture>
  readonly #images: Images
  readonly #hasText: boolean
  readonly #done = new Set<string>()

  constructor(seen: SeenPicture[], images: Images, format: Format) {
    this.#seen = new Map(seen.map((picture) => [picture.sha256, picture]))
    this.#images = images
    this.#hasText = !PICTURES.has(format)
  }

  /** Where sanitized Markdown shows a picture for the first time, what a model saw on it follows, sanitized as well. */
  async insert(markdown: string): Promise<string> {
    if (this.#seen.size === 0 || !markdown.includes('kbgit-image:')) return markdown
    const insertions: { offset: number; paragraphs: string }[] = []
    for (const { index, 1: file = '' } of markdown.matchAll(/kbgit-image:(\d+\.[a-z]+)/g)) {
      const paragraphs = await this.#paragraphsOn(file)
      if (paragraphs !== '') insertions.push({ offset: index, paragraphs })
    }
    // From the end, so that offsets hold and paragraphs on pictures of one block are in order.
    return insertions.reduceRight(
      (text, { offset, paragraphs }) => insertAfterBlock(text, offset, paragraphs),
      markdown,
    )
  }

  async #paragraphsOn(file: string): Promise<string> {
    const sha256 = this.#images.stored.find((image) => image.file === file)?.sha256 ?? ''
    const seen = this.#seen.get(sha256)
    if (seen === undefined || this.#done.has(sha256)) return ''
    this.#done.add(sha256)
    const text = this.#hasText ? escapeText(oneLine(seen.text)) : ''
    const paragraphs = [describedByModel(seen.description), text === '' ? '' : `*Text in the picture:* ${text}`]
    return sanitize(paragraphs.filter((part) => part !== '').join('\n\n'), { hasImage: () => false })
  }
}

/** A paragraph of Markdown; '' for nothing. */
export function describedByModel(description: string): string {
  const line = escapeText(oneLine(description))
  return line === '' ? '' : `*Described by a model:* ${line}`
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

/** Indented like what follows, which may belong to the same item of a list. */
function insertAfterBlock(markdown: string, offset: number, paragraphs: string): string {
  const end = blockEndAt(markdown, offset)
  const rest = markdown.slice(end).replace(/^(?:[ \t]*\n)+/, '')
  const indent = /^[ \t]*/.exec(rest)?.[0] ?? ''
  const indented = paragraphs.replace(/^(?=.)/gm, indent)
  return [markdown.slice(0, end).trimEnd(), indented, ...(rest.trim() === '' ? [] : [rest])].join('\n\n')
}
