// Contents of a WordprocessingML paragraph: styled runs, and the pictures, boxes and charts anchored in it.
import { escapeText, inlineCode, lowered, raised } from '../markdown.ts'
import type { ImageSink } from '../converter.ts'
import type { OfficePackage, Part } from './package.ts'
import { PLAIN, type Run, type RunStyle } from './inline-runs.ts'
import { renderBlocks, textBlock, type Block } from './blocks.ts'
import { bodyBlocks } from './drawing-text.ts'
import { graphicBlocks } from './drawings.ts'
import { latexOf } from './math.ts'
import { altOf, pictureMarkdown } from './picture.ts'
import { symbolOf } from './symbol-fonts.ts'
import { linkOfCode, shownWithoutResult, type Fields } from './word-fields.ts'
import { isOn, type WordStyles } from './word-styles.ts'
import { attr, child, children, chosen, descendant, descendants, elements, textOf, type XmlNode } from './xml-nodes.ts'

/** What a paragraph needs from the reader of its document. */
export type WordContext = {
  readonly pack: OfficePackage
  /** The part that the paragraph is in. */
  readonly part: Part
  readonly images: ImageSink
  readonly styles: WordStyles
  /** Texts omitted on purpose. */
  readonly dropped: string[]
  /** Open field codes, which may extend over several paragraphs. */
  readonly fields: Fields
  /** The reference to a note or comment; '' if none has this id. */
  call: (kind: 'w:footnote' | 'w:endnote' | 'w:comment', id: string | undefined) => string
  /** Markdown blocks of a text box. */
  blocks: (nodes: XmlNode[]) => Block[]
}

/** `source`: the unescaped letters of a run, for code; `code`: for inline code; `isMath`: a displayed equation. */
type WordRun = Run & { source?: string; code?: string; isMath?: boolean }

type Content = {
  runs: WordRun[]
  /** Blocks that follow the paragraph. */
  asides: Block[]
  /** LaTeX of a paragraph that consists only of displayed equations. */
  equations?: string[]
}

export function paragraphContent(paragraph: XmlNode, reader: WordContext, style: string | undefined): Content {
  const inline = new WordInline(reader, style)
  inline.visit(elements(paragraph), PLAIN)
  const { runs, asides, displayed } = inline
  const alone = displayed.length > 0 && runs.every(({ text, isMath }) => isMath === true || text.trim() === '')
  return alone ? { runs, asides, equations: displayed } : { runs, asides }
}

class WordInline {
  readonly runs: WordRun[] = []
  readonly asides: Block[] = []
  readonly displayed: string[] = []
  readonly #reader: WordContext
  readonly #hidden: boolean

  constructor(reader: WordContext, style: string | undefined) {
    this.#reader = reader
    this.#hidden = reader.styles.toggle(style, 'w:vanish')
  }

  visit(nodes: XmlNode[], style: RunStyle): void {
    for (const node of nodes) this.#node(node, style)
  }

  #node(node: XmlNode, style: RunStyle): void {
    switch (node.name) {
      case 'w:r':
        return this.#run(node, style)
      case 'w:hyperlink':
        return this.visit(elements(node), { ...style, link: this.#linkOf(node) ?? style.link })
      case 'w:fldSimple':
        return this.visit(elements(node), { ...style, link: linkOfCode(attr(node, 'w:instr') ?? '') ?? style.link })
      case 'w:sdt':
        return this.visit(elements(child(node, 'w:sdtContent')), style)
      case 'mc:AlternateContent':
        return this.visit(chosen(node), style)
      case 'm:oMath':
        return this.#math([node], false)
      case 'm:oMathPara':
        return this.#math(children(node, 'm:oMath'), true)
      case 'w:del':
      case 'w:moveFrom':
        this.#reader.dropped.push(textOf(node))
        return
      case 'w:ins':
      case 'w:moveTo':
      case 'w:smartTag':
      case 'w:customXml':
      case 'w:dir':
      case 'w:bdo':
        return this.visit(elements(node), style)
    }
  }

  #math(nodes: XmlNode[], isDisplayed: boolean): void {
    for (const latex of nodes.map(latexOf).filter((each) => each !== '')) {
      if (isDisplayed) this.displayed.push(latex)
      this.runs.push({ ...PLAIN, text: `$${latex}$`, source: latex, ...(isDisplayed ? { isMath: true } : {}) })
    }
  }

  #run(node: XmlNode, outer: RunStyle): void {
    const properties = child(node, 'w:rPr')
    const { styles, fields } = this.#reader
    const named = attr(child(properties, 'w:rStyle'), 'w:val')
    const has = (name: string): boolean => {
      const own = child(properties, name)
      return own === undefined ? styles.toggle(named, name) : isOn(own)
    }
    const hidden = child(properties, 'w:vanish')
    if (hidden === undefined ? this.#hidden || styles.toggle(named, 'w:vanish') : isOn(hidden)) {
      this.#reader.dropped.push(textOf(node))
      this.#fieldMarks(node)
      return
    }
    const field = fields.findLast(({ link }) => link !== undefined)
    const style: RunStyle = {
      bold: has('w:b'),
      italic: has('w:i'),
      strike: has('w:strike') || has('w:dstrike'),
      link: field?.link ?? outer.link,
    }
    const isCode = styles.role(named) === 'code'
    const shift = attr(child(properties, 'w:vertAlign'), 'w:val')
    const font = attr(child(properties, 'w:rFonts'), 'w:ascii') ?? ''
    for (const each of elements(node)) this.#piece(each, style, { isCode, shift, font })
  }

  /** A hidden run may begin or end a field. */
  #fieldMarks(node: XmlNode): void {
    for (const each of elements(node))
      if (each.name === 'w:fldChar' || each.name === 'w:instrText')
        this.#piece(each, PLAIN, { isCode: false, shift: undefined, font: '' })
  }

  #piece(node: XmlNode, style: RunStyle, look: { isCode: boolean; shift: string | undefined; font: string }): void {
    switch (node.name) {
      case 'w:t':
        return this.#text(fromSymbolFont(textOf(node), look.font), style, look)
      case 'w:tab':
      case 'w:ptab':
        return this.#push({ ...style, text: ' ', source: '\t' })
      case 'w:br':
      case 'w:cr':
        return this.#push({ ...PLAIN, text: '\\\n', source: '\n' })
      case 'w:noBreakHyphen':
        return this.#text('\u2011', style, look)
      case 'w:sym':
        return this.#text(symbolOf(attr(node, 'w:font') ?? '', attr(node, 'w:char') ?? ''), style, look)
      case 'w:fldChar':
        return this.#fieldMark(node)
      case 'w:instrText': {
        const field = this.#reader.fields.at(-1)
        if (field?.inResult === false) field.code += textOf(node)
        return
      }
      case 'w:footnoteReference':
        return this.#push({ ...PLAIN, text: this.#reader.call('w:footnote', attr(node, 'w:id')) })
      case 'w:endnoteReference':
        return this.#push({ ...PLAIN, text: this.#reader.call('w:endnote', attr(node, 'w:id')) })
      case 'w:commentReference':
        return this.#push({ ...PLAIN, text: this.#reader.call('w:comment', attr(node, 'w:id')) })
      case 'w:ruby':
        return this.#ruby(node, style)
      case 'mc:AlternateContent':
        for (const each of chosen(node)) this.#piece(each, style, look)
        return
      case 'w:drawing':
      case 'w:pict':
      case 'w:object':
        return this.#drawing(node)
      case 'm:oMath':
        return this.#math([node], false)
    }
  }

  #push(run: WordRun): void {
    if (this.#reader.fields.every(({ inResult }) => inResult)) this.runs.push(run)
    else if (run.source !== undefined) this.#reader.dropped.push(run.source)
  }

  #text(text: string, style: RunStyle, { isCode, shift }: { isCode: boolean; shift: string | undefined }): void {
    if (text === '') return
    const line = text.replace(/(?<!\s)\s*\n\s*/g, ' ')
    if (isCode) {
      // Adjacent runs of code become one.
      const last = this.runs.at(-1)
      if (last?.code === undefined || last.link !== style.link)
        return this.#push({ ...style, text: inlineCode(line) || line, source: line, code: line })
      last.code += line
      last.source = last.code
      last.text = inlineCode(last.code)
      return
    }
    const before = this.runs.at(-1)?.text ?? ''
    const shown = escapeText(line).replace(/\S(?:[\s\S]*\S)?/, (letters) => {
      if (shift === 'superscript') return raised(letters)
      return shift === 'subscript' ? lowered(letters, before) : letters
    })
    this.#push({ ...style, text: shown, source: line })
  }

  #fieldMark(node: XmlNode): void {
    const { fields } = this.#reader
    const field = fields.at(-1)
    switch (attr(node, 'w:fldCharType')) {
      case 'begin':
        fields.push({ code: '', inResult: false, form: child(node, 'w:ffData') })
        break
      case 'separate':
        if (field === undefined) break
        field.inResult = true
        Object.assign(field, linkOfCode(field.code) === undefined ? {} : { link: linkOfCode(field.code) })
        break
      case 'end': {
        fields.pop()
        const shown = field === undefined || field.inResult ? '' : shownWithoutResult(field)
        if (shown !== '') this.#push({ ...PLAIN, text: escapeText(shown), source: shown })
      }
    }
  }

  /** `base(reading)` */
  #ruby(node: XmlNode, style: RunStyle): void {
    const lettersOf = (name: string): string => [...descendants(child(node, name), 'w:t')].map(textOf).join('')
    const reading = lettersOf('w:rt')
    const text = `${lettersOf('w:rubyBase')}${reading === '' ? '' : `(${reading})`}`
    this.#push({ ...style, text: escapeText(text), source: text })
  }

  #drawing(node: XmlNode): void {
    const { pack, part, images } = this.#reader
    const frame = descendant(node, 'wp:docPr')
    let shown = 0
    for (const picture of descendants(node, 'pic:pic', 'v:imagedata')) {
      const isOld = picture.name === 'v:imagedata'
      const id = isOld ? attr(picture, 'r:id') : attr(descendant(picture, 'a:blip'), 'r:embed')
      const own = descendant(picture, 'pic:cNvPr')
      const alt = isOld ? (attr(picture, 'o:title') ?? '') : (altOf(frame) ?? altOf(own) ?? '')
      const bytes = pack.bytes(part, id)
      const text = pictureMarkdown(bytes === undefined ? undefined : images.add(bytes), alt)
      if (text !== '') shown++
      this.#push({ ...PLAIN, text })
    }
    const boxes = [...descendants(node, 'w:txbxContent')].flatMap((box) => this.#reader.blocks(elements(box)))
    for (const body of descendants(node, 'a:txBody')) boxes.push(...bodyBlocks(body, part, () => undefined, 'box'))
    const graphics = graphicBlocks(node, { pack, part })
    for (const art of descendants(node, 'v:textpath')) boxes.push(...textBlock(escapeText(attr(art, 'string') ?? '')))
    if (shown + boxes.length + graphics.length === 0 && altOf(frame) !== undefined)
      this.#push({ ...PLAIN, text: pictureMarkdown(undefined, altOf(frame) ?? '') })
    this.asides.push(...renderBlocks([...boxes, ...graphics]).flatMap(textBlock))
  }

  #linkOf(node: XmlNode): string | undefined {
    const relationship = this.#reader.part.relationships.get(attr(node, 'r:id') ?? '')
    if (relationship?.external !== true) return undefined
    const anchor = attr(node, 'w:anchor')
    return anchor === undefined || relationship.target.includes('#')
      ? relationship.target
      : `${relationship.target}#${anchor}`
  }
}

/** Letters in the private use area are signs of a symbol font. */
function fromSymbolFont(text: string, font: string): string {
  return text.replace(/[\uf020-\uf0ff]/g, (sign) =>
    symbolOf(font === '' ? 'Symbol' : font, sign.charCodeAt(0).toString(16)),
  )
}
