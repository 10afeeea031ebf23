// HTML to Markdown without a tree: a stack of open elements, each collecting what it will become.
import { CLOSES, INLINE, isHidden, SKIPPED, VOID } from './html-elements.ts'
import { attributeOf, tokenize } from './html-tokens.ts'
import { replay, type HtmlNode } from './html-tree.ts'
import { codeBlock, escapeProse } from './convert/markdown.ts'
import {
  ANNOTATION,
  block,
  finished,
  formula,
  item,
  languageOf,
  type Kind,
  type Open,
  opened,
  paragraphsOf,
  write,
} from './html-blocks.ts'
import { imageMarkdown, inlineMarkdown, type HtmlOptions } from './html-inline.ts'
import { TableRows } from './html-table.ts'
import { localName, mathElement, mathText } from './mathml.ts'

/** Open elements beyond this are not kept apart: their text goes to the enclosing one. */
const DEPTH_MAX = 200
/** Quotes and lists inside each other, each of which indents every line inside it. */
const INDENTED_MAX = 50
/** Text in a drawing. */
const DRAWN = new Set(['text', 'foreignobject'])
const INDENTS = /^(?:blockquote|dd|li)$/

/** Markdown of a piece of HTML. Linear in the length; scripts, styles and frames are dropped. */
export function htmlToMarkdown(html: string, options: HtmlOptions = {}): string {
  const writer = new MarkdownWriter(options)
  tokenize(html, writer)
  return writer.end()
}

/** Markdown of elements of a tree. */
export function nodesToMarkdown(nodes: HtmlNode[], options: HtmlOptions = {}): string {
  const writer = new MarkdownWriter(options)
  replay(nodes, writer)
  return writer.end()
}

class MarkdownWriter {
  readonly #options: HtmlOptions
  readonly #stack: Open[] = [opened('', 'block', '')]
  /** Elements open beyond the depth limit. */
  #beyond = 0
  /** Elements open that indent what is inside. */
  #indented = 0

  constructor(options: HtmlOptions) {
    this.#options = options
  }

  get #top(): Open {
    return this.#stack.at(-1) ?? opened('', 'block', '')
  }

  text(text: string): void {
    const top = this.#top
    if (top.kind === 'skip') return
    if (top.kind === 'math') {
      write(top, text)
      top.mathml += mathText(text)
    } else if (top.kind === 'pre') write(top, text)
    else if (top.name === 'code' || top.name === 'tt' || top.name === 'samp' || top.name === 'kbd')
      write(top, text.replace(/\s+/g, ' '))
    else {
      const line = text.replace(/[ \t\r\n\f]+/g, ' ').replace(/[\u200b\ufeff\u00ad]/g, '')
      write(
        top,
        escapeProse(
          top.last === '' || top.last === ' ' || top.last === '\n' ? line.replace(/^ /, this.#leadingSpace()) : line,
        ),
      )
    }
  }

  open(tag: string, attributes: string, empty: boolean): void {
    const top = this.#top
    const name = localName(tag)
    if (DRAWN.has(name) && this.#drawing() !== undefined) return this.#push(name, 'block', attributes)
    if (top.kind === 'skip' || top.kind === 'math') {
      if (!empty && !VOID.has(name)) this.#push(name, top.kind, attributes)
      else top.mathml += mathElement(name, attributes, '')
      return
    }
    if (VOID.has(name)) return this.#void(name, attributes)
    if (top.kind === 'pre') {
      // The element inside states the language.
      if (name === 'code') top.attributes += ` ${attributes}`
      return
    }
    this.#closeImplied(name)
    const kind = this.#kindOf(name, attributes)
    if (empty && kind !== 'inline' && kind !== 'block') return
    if (kind !== 'inline' && kind !== 'skip' && kind !== 'math') this.#endParagraph()
    this.#push(name, kind, attributes)
  }

  close(tag: string): void {
    const name = localName(tag)
    if (this.#beyond > 0) {
      this.#beyond--
      return
    }
    let index = this.#stack.length - 1
    // A close tag closes the element that it names, not anything beyond the nearest cell or list.
    for (; index > 0 && this.#stack[index]?.name !== name; index--) {
      const kind = this.#stack[index]?.kind
      if ((kind === 'cell' || kind === 'table') && name !== 'table' && name !== 'tr') return
    }
    if (index <= 0) {
      if (name === 'p') this.#endParagraph()
      return
    }
    while (this.#stack.length > index) this.#pop()
  }

  end(): string {
    while (this.#stack.length > 1) this.#pop()
    this.#endParagraph()
    return this.#top.blocks.join('\n\n')
  }

  /** The visible drawing around this place, if nothing around that is left out. */
  #drawing(): Open | undefined {
    if (this.#top.kind !== 'skip') return undefined
    const outer = this.#stack.find((open) => open.kind === 'skip')
    return outer?.name === 'svg' && !isHidden('svg', outer.attributes) ? outer : undefined
  }

  #kindOf(name: string, attributes: string): Kind {
    if (SKIPPED.has(name) && !(name === 'script' && /math\/tex/i.test(attributes))) return 'skip'
    if (isHidden(name, attributes)) return 'skip'
    // What formula renderers display in addition to the formula itself.
    if (/\bclass\s*=\s*["']?[^"'>]*\b(?:katex-html|MJX_Assistive_MathML|MathJax_Preview)\b/.test(attributes))
      return 'skip'
    if (name === 'math' || name === 'script') return 'math'
    if (name === 'pre' || name === 'listing' || name === 'plaintext') return 'pre'
    if (name === 'ul' || name === 'ol' || name === 'menu' || name === 'dir') return 'list'
    if (name === 'li') return 'item'
    if (name === 'table') return 'table'
    if (name === 'td' || name === 'th') return 'cell'
    return INLINE.has(name) ? 'inline' : 'block'
  }

  #push(name: string, kind: Kind, attributes: string): void {
    if (this.#stack.length >= DEPTH_MAX) {
      this.#beyond++
      return
    }
    const entry = opened(name, kind, attributes)
    if (name === 'ol')
      entry.number = Math.min(999_999, Math.max(0, Number.parseInt(attributeOf(attributes, 'start') ?? '1', 10) || 0))
    if (INDENTS.test(name) && ++this.#indented > INDENTED_MAX) entry.flat = true
    if (kind === 'table') entry.table = new TableRows()
    if (name === 'tr') this.#stack.findLast((open) => open.kind === 'table')?.table?.row()
    this.#stack.push(entry)
  }

  #closeImplied(name: string): void {
    const rule = CLOSES[name]
    if (rule !== undefined) {
      const [ends, within] = rule
      const bound = this.#stack.findLastIndex((open) => within.includes(open.name))
      const i = this.#stack.findIndex((open, index) => index > bound && ends.includes(open.name))
      if (i > 0) while (this.#stack.length > i) this.#pop()
    }
    if (!INLINE.has(name) && !VOID.has(name) && !SKIPPED.has(name) && name !== 'math') {
      // A block ends the paragraph and the inline marks inside it.
      while (this.#top.kind === 'inline' || this.#top.name === 'p') this.#pop()
    }
  }

  #void(name: string, attributes: string): void {
    const top = this.#top
    if (name === 'br') write(top, top.kind === 'pre' ? '\n' : '\\\n')
    else if (top.kind === 'pre') return
    else if (name === 'hr') {
      this.#closeImplied(name)
      this.#endParagraph()
      this.#top.blocks.push('---')
    } else if (name === 'img') write(top, imageMarkdown(attributes, this.#options))
    else if (name === 'input' && /checkbox/i.test(attributeOf(attributes, 'type') ?? '')) {
      write(top, attributeOf(attributes, 'checked') === undefined ? '[ ] ' : '[x] ')
    }
  }

  #leadingSpace(): string {
    // A space counts inside a mark if its paragraph began outside of it.
    return this.#top.kind === 'inline' && this.#top.inline === '' ? ' ' : ''
  }

  #endParagraph(): void {
    const top = this.#top
    top.blocks.push(...paragraphsOf(top.inline))
    top.inline = ''
    top.last = ''
  }

  #pop(): void {
    const open = this.#stack.pop()
    if (open === undefined) return
    if (INDENTS.test(open.name)) this.#indented--
    const around = this.#top
    switch (open.kind) {
      case 'skip':
        this.#closeDrawing(open)
        return
      case 'math':
        if (around.kind === 'math') {
          write(around, open.name === 'annotation' ? ANNOTATION + open.inline + ANNOTATION : open.inline)
          around.mathml += mathElement(open.name, open.attributes, open.mathml)
        } else write(around, formula(open))
        return
      case 'inline':
        write(around, inlineMarkdown(open, around.last, this.#options))
        return
      case 'pre':
        if (open.inline.trim() !== '')
          around.blocks.push(codeBlock(open.inline.replace(/^\n/, ''), languageOf(open, this.#stack)))
        return
      case 'table':
        // Content of a table outside of its cells, such as its caption, goes before it.
        around.blocks.push(...finished(open), ...(open.table?.end() ?? []))
        return
      case 'cell': {
        const table = this.#stack.findLast((each) => each.kind === 'table')?.table
        if (table === undefined) around.blocks.push(...finished(open))
        else table.cell(finished(open), open.name === 'th', open.attributes)
        return
      }
      case 'list':
        if (open.blocks.length + open.inline.trim().length > 0) around.blocks.push(finished(open).join('\n'))
        return
      case 'item':
        around.blocks.push(item(open, around))
        return
      case 'block':
        if (DRAWN.has(open.name)) this.#drawing()?.blocks.push(finished(open).join(' '))
        else around.blocks.push(...block(open))
    }
  }

  /** The texts of a drawing are one paragraph: most are labels of a figure. */
  #closeDrawing({ name, blocks }: Open): void {
    const texts = blocks.filter((text) => text !== '').join(' · ')
    if (name === 'svg' && texts !== '') this.#stack.findLast(({ kind }) => kind !== 'inline')?.blocks.push(texts)
  }
}
