// Pages cut into passages: what search ranks and displays.
import { splitCoverageNote } from '../document/coverage-note.ts'
import { splitFrontMatter, type FrontMatter } from '../page/page.ts'
import { withoutBreaks } from '../page/sanitize-markdown.ts'
import { withoutFurniture } from './furniture.ts'

/** Some lines of a page, plain: links are their text. */
export type Passage = {
  /** The heading above them, or ''. */
  heading: string
  /** Physical page from 1. */
  page?: number | undefined
  text: string
  /** Where its links lead, one per line, or ''. Links within the wiki are left out. */
  links: string
}

/** Characters. A passage ends at the first paragraph that fills it; a paragraph is cut only if it is twice as long. */
export const PASSAGE_LENGTH = 700

/** `language`: of the document that the page is about, if it says so. */
export type PageText = { title: string; aliases: string[]; language?: string; passages: Passage[] }

/**
 * Reads a Markdown page. The title is the front matter's, or the first top heading, or ''. `isWiki`: kbgit wrote the page,
 * so what it has for its own use is left out; a summary's document is a name of the page.
 */
export function readMarkdown(text: string, { isWiki = false }: { isWiki?: boolean } = {}): PageText {
  const { front, body: whole } = splitFrontMatter(text)
  const body = isWiki ? withoutFurniture(whole) : splitCoverageNote(whole.trimStart()).rest
  const passages: Passage[] = []
  const cutter = new Cutter(passages)
  const description = front['description']
  if (typeof description === 'string' && !body.includes(description)) cutter.block(description)
  cutter.take(body)
  cutter.block(factsIn(front))
  cutter.end()
  const aliases = [front['aliases'], isWiki ? front['document'] : undefined].flat()
  const { title, language } = front
  return {
    title: typeof title === 'string' ? title : cutter.top,
    aliases: aliases.filter((alias) => typeof alias === 'string'),
    ...(typeof language === 'string' ? { language } : {}),
    passages,
  }
}

/** Tags and properties of a document, as lines of text. */
function factsIn(front: FrontMatter): string {
  const { tags, properties } = front
  const facts = typeof properties === 'object' && properties !== null ? Object.entries(properties) : []
  return [['tags', tags] as const, ...facts]
    .flatMap(([key, value]) => {
      const words = wordsIn(value)
      return words.length === 0 ? [] : [`${key}: ${words.join(', ')}`]
    })
    .join('\n')
}

function wordsIn(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(wordsIn)
  return typeof value === 'string' || typeof value === 'number' ? [String(value)] : []
}

/**
 * Reads page text, `[{"page":1,"content":"…"}]` with one page per line. Works line by line, so that a truncated text
 * still has the pages before the cut; lines that are not a page are skipped.
 */
export function readPages(text: string): PageText {
  const passages: Passage[] = []
  const cutter = new Cutter(passages)
  for (const line of text.split('\n')) {
    for (const { page, content } of pagesIn(line)) {
      cutter.page = page
      cutter.take(splitCoverageNote(content).rest)
    }
  }
  cutter.end()
  return { title: cutter.top, aliases: [], passages }
}

function pagesIn(line: string): { page: number; content: string }[] {
  const json = line
    .trim()
    .replace(/^[[,]\s*/, '')
    .replace(/[\],]+$/, '')
  if (json === '') return []
  try {
    const value = JSON.parse(json.startsWith('{') && json.endsWith('}') ? `[${json}]` : line) as unknown
    if (!Array.isArray(value)) return []
    return value.filter((page) => Number.isSafeInteger(page?.page) && typeof page.content === 'string')
  } catch {
    return []
  }
}

class Cutter {
  /** The first top heading found. */
  top = ''
  readonly #passages: Passage[]
  #heading = ''
  /** The heading is not in a passage yet. */
  #bare = false
  #page: number | undefined
  #blocks: string[] = []
  #links: string[] = []
  #length = 0

  constructor(passages: Passage[]) {
    this.#passages = passages
  }

  /** From here on text is on this page; what came before ends its passage. */
  set page(page: number) {
    this.#flush()
    this.#page = page
  }

  /** Whole lines of Markdown: fenced code is one block, a heading begins a new passage. */
  take(markdown: string): void {
    let lines: string[] = []
    let fence: string | undefined
    const close = (): void => {
      this.block(lines.join('\n'))
      lines = []
    }
    for (const line of markdown.split('\n')) {
      const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1]
      if (fence !== undefined) {
        if (mark !== undefined && mark.startsWith(fence) && line.trim() === mark) fence = undefined
      } else if (mark !== undefined) fence = mark
      else {
        const heading = /^ {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$/.exec(line.slice(0, 1000))
        if (heading !== null) {
          close()
          this.#begin(plain(heading[2] ?? ''), heading[1] === '#')
          continue
        }
        if (line.trim() === '') {
          close()
          continue
        }
      }
      lines.push(line)
    }
    close()
  }

  block(text: string): void {
    for (const piece of text.length > 2 * PASSAGE_LENGTH ? pieces(text) : [text]) {
      const links: string[] = []
      const clean = plain(piece, links)
      if (clean === '') continue
      if (this.#length > 0 && this.#length + clean.length > 1.5 * PASSAGE_LENGTH) this.#flush()
      this.#blocks.push(clean)
      this.#links.push(...links)
      this.#length += clean.length
      if (this.#length >= PASSAGE_LENGTH) this.#flush()
    }
  }

  end(): void {
    this.#flush()
    if (this.#bare) this.#push('')
  }

  #begin(heading: string, top: boolean): void {
    this.end()
    if (top && this.top === '') this.top = heading
    this.#heading = heading
    this.#bare = heading !== ''
  }

  #flush(): void {
    if (this.#length > 0) this.#push(this.#blocks.join('\n\n'))
    this.#blocks = []
    this.#links = []
    this.#length = 0
  }

  #push(text: string): void {
    const page = this.#page === undefined ? {} : { page: this.#page }
    this.#passages.push({ heading: this.#heading, ...page, text, links: this.#links.join('\n') })
    this.#bare = false
  }
}

/** Cuts at a line end, a sentence's end or a space near the wanted length, else in the middle of a word. */
function* pieces(text: string): Generator<string> {
  let from = 0
  while (text.length - from > 1.5 * PASSAGE_LENGTH) {
    const window = text.slice(from + PASSAGE_LENGTH / 2, from + 1.5 * PASSAGE_LENGTH)
    const length =
      lastAfter(window, /\n/g) ??
      lastAfter(window, /[.!?]\s|[。！？]/g) ??
      lastAfter(window, /\s/g) ??
      wholeCharacters(window)
    const to = from + PASSAGE_LENGTH / 2 + length
    yield text.slice(from, to)
    from = to
  }
  yield text.slice(from)
}

function lastAfter(text: string, i: RegExp): number | undefined {
  let end: number | undefined
  for (const match of text.matchAll(i)) end = match.index + match[0].length
  return end
}

/** The length without half of a surrogate pair at the end. */
function wholeCharacters(text: string): number {
  return /[\uD800-\uDBFF]$/.test(text) ? text.length - 1 : text.length
}

const WITHIN_WIKI = /^(?:\.\.\/)+(?:summaries|sources)\//

/**
 * Without link targets, which go to `links`. Only for short texts: a pattern may look at each character more than once.
 */
function plain(text: string, links: string[] = []): string {
  return (/^ {0,3}(?:```|~~~)/.test(text) ? text : withoutBreaks(text))
    .replace(/!?\[([^\][]*)\]\(([^()\s]*)(?:\s[^()]*)?\)/g, (_, shown: string, target: string) => {
      if (!WITHIN_WIKI.test(target)) links.push(target)
      return shown
    })
    .replace(/\[\[(?:[^\][|]*\|)?([^\][|]*)\]\]/g, (_, shown: string) => shown.slice(shown.lastIndexOf('/') + 1))
    .trim()
}
