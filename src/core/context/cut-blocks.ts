// Pages cut into blocks of whole paragraphs: what a context pack chooses from. A block is a span of the page, word for
// word, so that what is quoted from a pack can be found on the page.
import { splitCoverageNote } from '../document/coverage-note.ts'
import { splitFrontMatter } from '../page/page.ts'

export type Block = {
  /** Titles of the enclosing sections, outermost first. */
  headings: string[]
  /** Physical page of a long document, from 1. */
  pageNumber?: number | undefined
  /** The order of the text: adjacent blocks of a page have adjacent numbers. */
  position: number
  text: string
}

/** Characters. A block ends at the first paragraph that fills it; a longer paragraph is cut at a line or a sentence. */
const BLOCK_LENGTH = 900
const PARAGRAPH_LENGTH_MAX = 1_600
/** Per text; the rest is left to searching further. */
const BLOCKS_MAX = 20_000

/** The blocks of a Markdown page, without its front matter and a note of kbgit's own. */
export function markdownBlocks(text: string): Block[] {
  const cutter = new Cutter()
  cutter.take(splitCoverageNote(splitFrontMatter(text).body.trimStart()).rest)
  return cutter.blocks
}

/** The blocks of a long document, in the order of its pages. */
export function pageBlocks(pages: readonly { page: number; content: string }[]): Block[] {
  const cutter = new Cutter()
  for (const { page, content } of pages) {
    cutter.pageNumber = page
    cutter.take(splitCoverageNote(content).rest)
  }
  return cutter.blocks
}

class Cutter {
  readonly blocks: Block[] = []
  pageNumber: number | undefined
  #headings: { level: number; title: string }[] = []
  #paragraphs: string[] = []
  #length = 0

  /** Whole lines of Markdown. A heading begins a block; fenced code is one paragraph. */
  take(markdown: string): void {
    let lines: string[] = []
    let fence: string | undefined
    const close = (): void => {
      this.#paragraph(lines.join('\n'))
      lines = []
    }
    for (const line of markdown.replace(/\r\n?/g, '\n').split('\n')) {
      const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1]
      if (fence !== undefined) {
        if (mark !== undefined && mark.startsWith(fence) && line.trim() === mark) fence = undefined
      } else if (mark !== undefined) fence = mark
      else if (line.trim() === '') {
        close()
        continue
      } else {
        const heading = /^ {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$/.exec(line.slice(0, 1_000))
        if (heading !== null) {
          close()
          this.#begin(heading[1]?.length ?? 1, heading[2] ?? '')
        }
      }
      lines.push(line)
    }
    close()
    this.#flush()
  }

  /** A heading without text of its own goes with what follows. */
  #begin(level: number, title: string): void {
    if (!this.#paragraphs.every(isHeading)) this.#flush()
    this.#headings = [...this.#headings.filter((heading) => heading.level < level), { level, title }]
  }

  #paragraph(text: string): void {
    if (text.trim() === '') return
    for (const piece of pieces(text)) {
      if (this.#length > 0 && this.#length + piece.length > 1.5 * BLOCK_LENGTH) this.#flush()
      this.#paragraphs.push(piece)
      this.#length += piece.length
      if (this.#length >= BLOCK_LENGTH) this.#flush()
    }
  }

  #flush(): void {
    const text = this.#paragraphs.join('\n\n')
    this.#paragraphs = []
    this.#length = 0
    if (text === '' || this.blocks.length >= BLOCKS_MAX) return
    const { pageNumber } = this
    const headings = this.#headings.map(({ title }) => title)
    this.blocks.push({
      headings,
      ...(pageNumber === undefined ? {} : { pageNumber }),
      position: this.blocks.length,
      text,
    })
  }
}

function isHeading(paragraph: string): boolean {
  return /^ {0,3}#{1,6}[ \t][^\n]*$/.test(paragraph)
}

/** Whether a block has headings alone. */
export function isBare({ text }: Block): boolean {
  return text.split('\n\n').every(isHeading)
}

/** A long paragraph in pieces that end with a line, a sentence or a word. */
function pieces(text: string): string[] {
  const found: string[] = []
  let from = 0
  while (text.length - from > PARAGRAPH_LENGTH_MAX) {
    const window = text.slice(from, from + PARAGRAPH_LENGTH_MAX)
    const end = [/\n/g, /[.!?]\s|[。！？]/g, /\s/g]
      .map((i) => [...window.matchAll(i)].at(-1))
      .find((match) => match !== undefined && match.index > PARAGRAPH_LENGTH_MAX / 3)
    const length = end === undefined ? window.replace(/[\uD800-\uDBFF]$/, '').length : end.index + end[0].length
    found.push(text.slice(from, from + length).trimEnd())
    from += length
  }
  return [...found, text.slice(from)]
}
