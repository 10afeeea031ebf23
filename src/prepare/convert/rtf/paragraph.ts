// A paragraph of RTF as a block: heading, list item, quotation, code or text.
import { escapeText, inlineCode, lowered, raised } from '../markdown.ts'
import type { Block } from '../office/blocks.ts'
import { PLAIN, renderRuns, type Run } from '../office/inline-runs.ts'
import { itemOf } from '../office/list-numbering.ts'
import type { RtfLists } from './lists.ts'
import type { ParagraphFormat, RtfRunStyle } from './format.ts'
import type { RtfStyles } from './definitions.ts'

/** `source`: unescaped; `code`: inline code. */
type RtfRun = Run & { source: string; code?: boolean }

/** Text of a size, for documents that mark headings by nothing else. */
export type Headings = {
  /** Marked by style or outline level; `level` 0 is the title. */
  marked: { block: { markdown: string }; level: number; text: string }[]
  /** Paragraphs outside tables, each in one size. */
  sized: { block: { markdown: string }; size: number; text: string }[]
  /** Letters by size, in half points. */
  letters: Map<number, number>
}

export class RtfParagraph {
  #runs: RtfRun[] = []
  #size: number | undefined
  #mixed = false
  /** As printed before a list item, by a program that writes lists for readers that do not number. */
  label: string | undefined

  get isEmpty(): boolean {
    return this.#runs.length === 0 && this.label === undefined
  }

  text(text: string, style: RtfRunStyle): void {
    if (text.trim() !== '') {
      this.#mixed ||= this.#size !== undefined && this.#size !== style.size
      this.#size = style.size
    }
    const { bold, italic, strike, link } = style
    const last = this.#runs.at(-1)
    if (style.code) {
      // Adjacent runs of code become one.
      if (last?.code === true && last.link === link) {
        last.source += text
        last.text = inlineCode(last.source)
      } else this.#runs.push({ bold, italic, strike, link, text: inlineCode(text) || text, source: text, code: true })
      return
    }
    const before = last?.text ?? ''
    const shown = escapeText(text.replace(/\t/g, ' ')).replace(/\S(?:.*\S)?/s, (letters) => {
      if (style.shift === 'super') return raised(letters)
      return style.shift === 'sub' ? lowered(letters, before) : letters
    })
    this.#runs.push({ bold, italic, strike, link, text: shown, source: text })
  }

  /** Markdown inside the paragraph: a note, a picture, a formula. */
  inline(markdown: string): void {
    if (markdown !== '') this.#runs.push({ ...PLAIN, text: markdown, source: '' })
  }

  lineBreak(): void {
    // Several in a row are one in Markdown.
    if (this.#runs.at(-1)?.source !== '\n') this.#runs.push({ ...PLAIN, text: '\\\n', source: '\n' })
  }

  /** The block; the paragraph is empty afterwards. */
  end(
    format: ParagraphFormat,
    { styles, lists, headings }: { styles: RtfStyles; lists: RtfLists; headings: Headings },
  ): Block[] {
    const runs = this.#runs
    const { label } = this
    const size = this.#mixed ? undefined : this.#size
    this.#runs = []
    this.#size = this.label = undefined
    this.#mixed = false
    const role = styles.role('s', format.style)
    const outline = format.outline !== undefined && format.outline < 9 ? format.outline + 1 : undefined
    if (role === 'code') return [{ kind: 'code', text: runs.map(({ source }) => source).join('') }]
    const level = role === 'title' ? 0 : typeof role === 'object' ? role.heading : outline
    if (level !== undefined) {
      const text = `${escapeText(label?.trim() ?? '')} ${renderRuns(runs, true).replace(/\\\n/g, ' ')}`.trim()
      if (text === '') return []
      const block = { kind: 'text' as const, markdown: text }
      headings.marked.push({ block, level, text })
      return [block]
    }
    const numbered = lists.numbered(format, label ?? printedLabel(runs, format))
    const text = renderRuns(runs)
    if (text === '') return []
    if (numbered !== undefined) return [itemOf(numbered.numbering, numbered.level, numbered.list, text)]
    if (role === 'quote') return [{ kind: 'quote', markdown: text }]
    const block = { kind: 'text' as const, markdown: text }
    if (format.table === 0 && size !== undefined) {
      const letters = runs.reduce((sum, { source }) => sum + source.length, 0)
      headings.letters.set(size, (headings.letters.get(size) ?? 0) + letters)
      headings.sized.push({ block, size, text: renderRuns(runs, true) })
    }
    return [block]
  }
}

const LABEL = /^\s*([•·–—-]|\(?(?:\d{1,4}|[a-zA-Z]|[ivxlcIVXLC]{1,7})[.)])\t\s*/

/** pandoc writes lists as paragraphs with a hanging indent that begin with a bullet or number and a tab: takes it away. */
function printedLabel(runs: RtfRun[], { hanging }: ParagraphFormat): string | undefined {
  if (!hanging) return undefined
  const head = runs.slice(0, 3)
  const match = LABEL.exec(head.map(({ source }) => source).join(''))
  if (match === null) return undefined
  let left = match[0].length
  for (const run of head) {
    const cut = Math.min(left, run.source.length)
    left -= cut
    run.source = run.source.slice(cut)
    if (cut > 0) run.text = escapeText(run.source)
  }
  return match[1]
}
