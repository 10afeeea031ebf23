// A document's text as blocks of running words, each with its heading and page. Code, formulas, tables, references and
// what repeats on every page are left out: nothing is learned from them.
import type { OutlineEntry } from '../../core/document/compiled.ts'
import { isBackMatter } from '../../core/page/back-matter.ts'

export type Block = {
  kind: 'heading' | 'paragraph' | 'item'
  /** For a heading: 1 is the top level. */
  level?: number
  /** One line of plain text; code spans keep their backticks. */
  text: string
  /** The heading above it. */
  heading?: string | undefined
  page?: number | undefined
}

export type TextPage = { page?: number | undefined; content: string }

/** Alone on its line, this is a heading even if no blank line follows. */
const LINE_HEADING =
  /^(?:[\dIVX.]+\s+)?(?:Abstract|ABSTRACT|A BSTRACT|References|R ?EFERENCES|Bibliography|BIBLIOGRAPHY|Literaturverzeichnis|Bibliographie|Referencias|参考文献)$/
const HEADING_CHARS_MAX = 200
const BLOCK_CHARS_MAX = 6_000

/** Blocks of a document in order. `outline` identifies headings if the text does not mark them. */
export function textBlocks(pages: TextPage[], outline: OutlineEntry[]): Block[] {
  const titles = new Set(outline.map((entry) => entry.title.trim().toLowerCase()))
  const repeated = repeatedLines(pages)
  const blocks: Block[] = []
  const state: State = { heading: undefined, skipping: undefined, bibliography: false }
  for (const { page, content } of pages) {
    for (const block of new PageReader(titles, repeated, state).read(content))
      blocks.push(page === undefined ? block : { ...block, page })
  }
  return blocks
}

/** What one page hands on to the next: the heading above the text, and the level of a section that is skipped. */
type State = { heading: string | undefined; skipping: number | undefined; bibliography: boolean }

/** Tables, rules, raw HTML, link definitions, placeholders for pages without text. */
const NO_TEXT =
  /^\s*\|.*\|\s*$|^\s*(?:[-*_]\s*){3,}$|^<[a-zA-Z!/]|^\[[^\]]+\]:\s|^\s*[-+|:=]{5,}\s*$|^\*Page \d+ has no text\.\*$/
const BULLET = /^\s*(?:[-*+•▪◦–]|\(?(?:\d{1,3}|[a-z])[.)])\s+(?:\[[ x]\]\s+)?(.*)$/

/** Reads the blocks of one page, line by line. */
class PageReader {
  readonly #titles: Set<string>
  readonly #repeated: Set<string>
  readonly #state: State
  readonly #blocks: Block[] = []
  #fence: { mark: string; quoted: boolean } | undefined
  #math = false
  /** Lines of the block in progress. */
  #lines: string[] = []
  #item = false
  /** A numbered item may be a heading of a PDF; one with a dash is not. */
  #listed = false
  #afterBlank = true

  constructor(titles: Set<string>, repeated: Set<string>, state: State) {
    this.#titles = titles
    this.#repeated = repeated
    this.#state = state
  }

  read(content: string): Block[] {
    for (const raw of content.split('\n')) {
      const line = raw.replace(/^\s*(?:>\s?)+/, '')
      const quoted = line !== raw
      const trimmed = line.trim()
      if (this.#isCode(line, trimmed, quoted) || this.#isFormula(trimmed)) continue
      if (trimmed === '' || trimmed === '\f') {
        this.#flush()
        this.#afterBlank = true
      } else if (!this.#isHeading(line, quoted)) this.#text(line, trimmed)
    }
    this.#flush()
    return this.#blocks
  }

  #isCode(line: string, trimmed: string, quoted: boolean): boolean {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1]
    // The end of a quotation ends the code in it.
    if (this.#fence?.quoted === true && !quoted) this.#fence = undefined
    if (this.#fence !== undefined) {
      if (mark !== undefined && mark.startsWith(this.#fence.mark) && trimmed === mark) this.#fence = undefined
      return true
    }
    if (mark === undefined) return false
    this.#flush()
    this.#fence = { mark, quoted }
    return true
  }

  #isFormula(trimmed: string): boolean {
    // TeX allows no blank line in a formula: an unclosed one ends there.
    if (this.#math) {
      this.#math = trimmed !== '' && !trimmed.endsWith('$$')
      return true
    }
    if (trimmed !== '$$' && !/^\$\$[^$]+\$\$$/.test(trimmed)) return false
    this.#flush()
    this.#math = trimmed === '$$'
    return true
  }

  #isHeading(line: string, quoted: boolean): boolean {
    const marked = /^ {0,3}(#{1,6})\s+(.+?)(?:\s+#+)?\s*$/.exec(line)
    if (marked !== null) {
      this.#flush()
      // Links cannot lead to a heading within a quotation.
      if (!quoted) this.#heading(plainText(marked[2] ?? ''), marked[1]?.length ?? 1)
      return true
    }
    const underline = /^ {0,3}(=+|-{2,})\s*$/.exec(line)
    if (underline === null) return false
    const text = joinLines(this.#lines)
    if (this.#lines.length === 1 && text !== '') {
      this.#lines = []
      this.#heading(text, underline[1]?.startsWith('=') === true ? 1 : 2)
    } else this.#flush()
    return true
  }

  #text(line: string, trimmed: string): void {
    if (NO_TEXT.test(trimmed)) return this.#flush()
    const isAlone = this.#afterBlank && !this.#item && this.#lines.length === 0
    const isIndentedCode = isAlone && /^(?: {4}|\t)/.test(line) && !/^\s*(?:[-*+•]|\d+[.)])\s/.test(line)
    if (isIndentedCode || this.#repeated.has(furniture(trimmed))) return
    this.#afterBlank = false
    if (LINE_HEADING.test(trimmed) && !this.#titles.has(this.#lines.join(' ').toLowerCase())) {
      this.#flush()
      this.#heading(trimmed, 1)
      return
    }
    const bullet = BULLET.exec(line)
    if (bullet !== null) {
      this.#flush()
      this.#item = true
      this.#listed = /^\s*[-*+•▪◦–]/.test(line)
    }
    // A backslash at the end is a line break.
    this.#lines.push((bullet === null ? trimmed : (bullet[1] ?? '')).replace(/(?<!\\)\\$/, ''))
  }

  /** Ends the block in progress. */
  #flush(): void {
    const text = joinLines(this.#lines)
    const kind = this.#item ? 'item' : 'paragraph'
    const level = this.#listed ? undefined : unmarkedHeading(text, this.#titles)
    this.#lines = []
    this.#item = false
    this.#listed = false
    if (text === '') return
    const { bibliography, skipping, heading } = this.#state
    // In a bibliography of plain text only an appendix, or a title listed in the outline, counts as a heading.
    const within = bibliography && !this.#titles.has(text.toLowerCase()) && !/^(?:appendix|annex|anhang)\b/i.test(text)
    if (level !== undefined && !within) this.#heading(text.replace(/:$/, ''), level)
    else if (skipping === undefined && !isCitation(text) && !(heading === undefined && isField(text)))
      this.#blocks.push({ kind, text, heading })
  }

  #heading(text: string, level: number): void {
    const state = this.#state
    const clean = text.slice(0, HEADING_CHARS_MAX)
    if (state.skipping !== undefined && level > state.skipping) return
    state.skipping = isBackMatter(clean) ? level : undefined
    state.bibliography = state.skipping !== undefined && !/content|index|inhalt|mati|índice|目/i.test(clean)
    state.heading = clean
    if (state.skipping === undefined && clean !== '')
      this.#blocks.push({ kind: 'heading', level, text: clean, heading: clean })
  }
}

/** The level of a line that is a heading without being marked as one, as in plain text and pages of PDF. */
function unmarkedHeading(text: string, titles: Set<string>): number | undefined {
  if (text.length > 120) return undefined
  const bare = text.toLowerCase()
  if (titles.has(bare)) return 2
  if (isBackMatter(text)) return 1
  if (
    /^(?:abstract|summary|introduction|conclusions?|discussion|results|methods|background|related work|zusammenfassung|résumé|resumen)$/.test(
      bare,
    )
  )
    return 1
  const numbered = /^(\d{1,2}(?:\.\d{1,2}){0,3})\.?\s+(?=\p{Lu})[^.!?]{3,80}$/u.exec(text)
  return numbered === null || /[,;:]$/.test(text) ? undefined : (numbered[1]?.split('.').length ?? 1)
}

/** An entry of a bibliography, or a line of a table of contents. */
function isCitation(text: string): boolean {
  return (
    /^\[\d{1,3}\]\s/.test(text) ||
    // What kbgit itself wrote above a text that lacks words of its original.
    /^Note: [\d.]+% of the words of the original were kept\b/.test(text) ||
    /(?:\.\s?){6,}\d*\s*$/.test(text) ||
    (/\bet al\b/.test(text) && /\b(?:pp\.|vol\.|In Proceedings|arXiv preprint)/.test(text))
  )
}

/** A field in a document's header: "Start Date: 2014-09-23". */
function isField(text: string): boolean {
  return /^[\p{Lu}][\p{L} #/_-]{1,30}:(?:\s+\S.{0,120})?$/u.test(text) && !/[.!?]$/.test(text)
}

/** Lines at the start or end of many pages: running titles, page numbers, notices. */
function repeatedLines(pages: TextPage[]): Set<string> {
  if (pages.length < 4) return new Set()
  const counts = new Map<string, number>()
  for (const { content } of pages) {
    const lines = content
      .split('\n', 400)
      .map((line) => line.trim())
      .filter((line) => line !== '')
    for (const key of new Set([...lines.slice(0, 2), ...lines.slice(-2)].map(furniture)))
      counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return new Set(
    [...counts].filter(([key, count]) => key !== '' && count >= 3 && count >= pages.length * 0.25).map(([key]) => key),
  )
}

function furniture(line: string): string {
  return line.length > 90 ? '' : line.toLowerCase().replace(/\d+/g, '0')
}

/** Joins the lines of one paragraph; a word hyphenated at a line end is made whole. */
function joinLines(lines: string[]): string {
  let text = ''
  for (const line of lines) {
    if (text === '') text = line
    else if (/\p{Ll}[-‐\u00AD]$/u.test(text) && /^\p{Ll}/u.test(line)) text = text.replace(/[-‐\u00AD]$/, '') + line
    else text += ` ${line}`
    if (text.length > BLOCK_CHARS_MAX) break
  }
  return plainText(text.slice(0, BLOCK_CHARS_MAX))
}

/** An escaped backtick that does not begin code. Unescaped, it could pair with another one next to it. */
const TICK = '\u2035'

/** A code span, or a link whose text may contain code spans. */
const LINK = /(`[^`]+`)|(?<!!)\[((?:`[^`]*`|[^[\]`])*)\](?:\([^()\s]*(?:\([^()]*\)[^()]*)*(?:\s"[^"]*")?\)|\[[^\]]*\])/g

/**
 * Markdown as plain text on one line; code spans stay, links become their text, citation marks and images are removed.
 */
function plainText(markdown: string): string {
  if (!/[*_[\]<>\\&$~^∗†‡§¶\u2060]|\s\s|\n/.test(markdown)) return markdown.trim()
  return markdown
    .replace(/(?<=(?<!\\)(?:\\\\)*)\\`|&#96;/g, TICK)
    .replace(/\u2060(?=\$?=)/g, '')
    .replace(LINK, (whole, code: string | undefined, text: string | undefined) =>
      code === undefined ? (text ?? '') : whole,
    )
    .split(/(`[^`]+`)/)
    .map((part, index) => (index % 2 === 1 ? part : plainPart(part)))
    .join('')
    .replace(/\s+/g, ' ')
    .trim()
}

function plainPart(part: string): string {
  return part
    .replace(/(?<!\\)!\[[^\]]{0,500}\](?:\([^()]*\)|\[[^[\]]*\])?/g, ' ')
    .replace(/(?<!\\)(?:\[\[[^[\]|]*\|([^[\]]*)\]\]|\[\[([^[\]]*)\]\])/g, '$1$2')
    .replace(/\[\^?\d{1,3}(?:\s?[,–-]\s?\d{1,3})*\]/g, '')
    .replace(/(?<![\p{L}\p{N}&])\[(\p{L}[\p{L}\p{N} '’-]{3,60})\](?![\p{L}\p{N}(:])/gu, '$1')
    .replace(/(?<!\\)(?:<\/?[a-zA-Z][^<>]*>|<!--.*?-->)/g, ' ')
    .replace(/<(https?:[^<>\s]+)>/g, '$1')
    .replace(/(\*\*|__|~~)(?=\S)(.*?\S)\1/g, '$2')
    .replace(/(^|[^\p{L}\p{N}*])\*(?=\S)([^*]*?\S)\*(?![\p{L}\p{N}*])/gu, '$1$2')
    .replace(/(^|[^\p{L}\p{N}_])_(?=\S)([^_]*?\S)_(?![\p{L}\p{N}_])/gu, '$1$2')
    .replace(/\s?[∗†‡§¶]+(?=[\s,;]|$)/g, ';')
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(/[ \t]+(?=[,.;:)](?:\s|$))/g, '')
    .replace(/&(amp|lt|gt|quot|nbsp|#39);/g, (_, name: string) => ENTITIES[name] ?? ' ')
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ', '#39': "'" }
