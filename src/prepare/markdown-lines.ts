// Reads Markdown line by line, in one pass and bounded memory: which lines are fenced code, where blocks end, which
// lines are headings.
import type { Heading } from './tree.ts'

/** Follows fenced code from line to line. */
export class Fences {
  #fence: string | undefined

  /** Whether `line` belongs to fenced code, including its fences. */
  feed(line: string): boolean {
    if (this.#fence === undefined) {
      const mark = /^\s*(?:(?:>|[-*+]|\d{1,9}[.)])\s*)*(`{3,}(?=[^`]*$)|~{3,})/.exec(line)?.[1]
      this.#fence = mark
      return mark !== undefined
    }
    const mark = /^[\s>]*(`{3,}|~{3,})\s*$/.exec(line)?.[1]
    if (mark !== undefined && mark.startsWith(this.#fence)) this.#fence = undefined
    return true
  }

  get open(): string | undefined {
    return this.#fence
  }
}

/** Blocks in order: separated by blank lines outside of fenced code. A heading line begins one. */
export function* blocksOf(markdown: string): Generator<string> {
  const fences = new Fences()
  let block: string[] = []
  for (const line of markdown.split('\n')) {
    const code = fences.feed(line)
    const parts = !code && (line.trim() === '' || isHeading(line))
    if (parts && block.length > 0) {
      yield block.join('\n')
      block = []
    }
    if (code || line.trim() !== '') block.push(line)
  }
  if (block.length > 0) yield block.join('\n')
}

export function isHeading(block: string): boolean {
  return /^ {0,3}#{1,6}(?:[ \t]|$)/.test(block)
}

/** The headings of one page, ATX and setext. */
export function headingsOf(markdown: string, page: number): Heading[] {
  const headings: Heading[] = []
  const fences = new Fences()
  let previous = ''
  let blank = true
  const add = (level: number, text: string, top: boolean): void => {
    const title = plainText(text)
    if (title !== '') headings.push({ title, level, page, top })
  }
  let aloneSoFar = true
  for (const line of markdown.split('\n')) {
    const top = blank
    if (line.trim() !== '') blank = false
    if (fences.feed(line)) {
      previous = ''
      continue
    }
    const atx = /^ {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$/.exec(line)
    if (atx !== null) add(atx[1]?.length ?? 1, atx[2] ?? '', top)
    else if (previous !== '' && /^ {0,3}(?:=+|-+)[ \t]*$/.test(line) && !/^\s*(?:[-*+>|#]|\d+[.)])\s/.test(previous)) {
      add(line.includes('=') ? 1 : 2, previous, aloneSoFar)
    }
    aloneSoFar = top
    previous = atx === null ? line.trim() : ''
  }
  return headings
}

/** The text of inline Markdown: links and images by their displayed text, without marks and escapes. */
export function plainText(inline: string): string {
  if (!/[\\`*_~[&]/.test(inline)) return inline.trim()
  return inline
    .replace(/!?\[((?:[^[\]\\]|\\.)*)\](?:\([^()]*\)|\[[^\]]*\])/g, '$1')
    .replace(/(?<!\\)(\*\*|__|~~|`+)/g, '')
    .replace(/(?<![\\\p{L}\p{N}])[*_](?=\S)|(?<=\S)(?<!\\)[*_](?![\p{L}\p{N}])/gu, '')
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(
      /&(amp|lt|gt|quot|nbsp);/g,
      (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ' })[name] ?? '',
    )
    .trim()
}

/** The end of the block with the character at `offset`: a blank line outside of fenced code, or the end of the text. */
export function blockEndAt(markdown: string, offset: number): number {
  const fences = new Fences()
  let index = 0
  for (const line of markdown.split('\n')) {
    const code = fences.feed(line)
    if (index >= offset && !code && line.trim() === '') return index
    index += line.length + 1
  }
  return markdown.length
}
