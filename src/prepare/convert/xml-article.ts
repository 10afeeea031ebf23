// XML with mixed content (DocBook, JATS, TEI, DITA): sentences in reading order, sections as headings.
import { attributeOf } from '../html-tokens.ts'
import { latexOfMathml, lettersOfMathml, mathElement, mathText } from '../mathml.ts'
import { cleanLatex, codeBlock, escapeCell, escapeText, heading, inlineCode, table, target } from './markdown.ts'
import { local, textOf, type XmlElement } from './xml-source.ts'

const BOLD = /^(?:b|bold|strong)$/
const ITALIC = /^(?:i|italic|em|emphasis|emph|foreign|citetitle)$/
const CODE = /^(?:code|literal|command|filename|varname|codeph|tt|monospace|option|function)$/
/** Elements in which line breaks are significant. */
const VERBATIM = /^(?:pre|programlisting|screen|literallayout|codeblock|synopsis|listing|eg|verbatim|preformat)$/
const TITLES = /^(?:title|head|heading|article-title)$/
const PARAGRAPHS = /^(?:p|para|simpara|ab|l|line|abstract|shortdesc|note|quote|blockquote|term|def|dt|dd)$/
const LISTS = /^(?:itemizedlist|orderedlist|list|ul|ol|steps|simplelist|variablelist|dl)$/
const ITEMS = /^(?:listitem|item|li|member|step|varlistentry|list-item|dlentry)$/
const SECTIONS = /^(?:section|sect\d?|sec|div\d?|chapter|part|appendix|topic|book|article|refsect\d)$/
/** Nesting depth to search for text between elements, and to write as blocks. */
const DEPTH_MAX = 200

/** Whether any element contains both text and elements. */
export function isArticle(elements: XmlElement[], depth = 0): boolean {
  return elements.some((element) => isMixed(element) || (depth < DEPTH_MAX && isArticle(element.children, depth + 1)))
}

export function articleBlocks(elements: XmlElement[], level = 1, depth = 0): string[] {
  return elements.flatMap((element) => blocksOf(element, level, depth)).filter((block) => block !== '')
}

function blocksOf(element: XmlElement, level: number, depth: number): string[] {
  const name = local(element)
  if (depth > DEPTH_MAX) return [escapeText(textOf(element))]
  if (VERBATIM.test(name) || /xml:space\s*=\s*["']preserve/.test(element.attributes)) {
    const lines = rawText(element).replace(/^\n|\s+$/g, '')
    return [lines.includes('\n') || VERBATIM.test(name) ? codeBlock(lines) : escapeText(lines)]
  }
  if (TITLES.test(name) && !element.children.some(isBlock)) return [heading(level, inlineOf(element))]
  if (name === 'math' || name === 'tex-math' || name === 'alternatives') return [inlineOf(element)]
  if (LISTS.test(name)) return [listOf(element, level, depth)]
  const rows = rowsOf(element)
  if (rows.length > 0) {
    const around = element.children.filter((each) => TITLES.test(local(each)) || local(each) === 'caption')
    return [...around.map((each) => `**${inlineOf(each)}**`), table(rows)]
  }
  if (element.children.length === 0 || isMixed(element)) return mixedBlocks(element, level, depth)
  // Parts of one fact: a name, a date, an address.
  const parts = element.children
  if (
    parts.every((each) => !isBlock(each) && each.children.length === 0) &&
    !parts.some((each) => TITLES.test(local(each)))
  )
    return [
      parts
        .map(inlineOf)
        .filter((part) => part !== '')
        .join(', '),
    ]
  return articleBlocks(parts, SECTIONS.test(name) && depth > 0 ? level + 1 : level, depth + 1)
}

/** Sentences, and the blocks between them. */
function mixedBlocks(element: XmlElement, level: number, depth: number): string[] {
  const blocks: string[] = []
  let line = ''
  const flush = (): void => {
    const text = line.replace(/\s+/g, ' ').trim()
    if (text !== '') blocks.push(text)
    line = ''
  }
  for (const [i, part] of element.content.entries()) {
    if (typeof part === 'string') line += escapeText(part.replace(/\s+/g, ' '))
    else if (isBlock(part)) {
      flush()
      blocks.push(...blocksOf(part, level + 1, depth + 1))
    } else line += (typeof element.content[i - 1] === 'object' ? ' ' : '') + inlineOf(part)
  }
  flush()
  return blocks
}

function inlineOf(element: XmlElement): string {
  const name = local(element)
  if (name === 'break' || name === 'lb') return ' '
  if (name === 'tex-math') return `$${texOf(rawText(element))}$`
  if (name === 'math') return mathOf(element)
  const tex = name === 'alternatives' ? element.children.find((each) => local(each) === 'tex-math') : undefined
  if (tex !== undefined) return inlineOf(tex)
  const text = element.content
    .map((part, i) => {
      if (typeof part === 'string') return escapeText(part.replace(/\s+/g, ' '))
      const apart = typeof element.content[i - 1] === 'object' && !MARK.test(local(part)) ? ' ' : ''
      return apart + inlineOf(part)
    })
    .join('')
  if (text.trim() === '') return text
  const [, before = '', inner = '', after = ''] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text) ?? []
  if (CODE.test(name)) return `${before}${inlineCode(rawText(element).trim())}${after}`
  if (BOLD.test(name) && !inner.includes('**')) return `${before}**${inner}**${after}`
  if (ITALIC.test(name) && !inner.includes('*')) return `${before}*${inner}*${after}`
  const address = ['href', 'xlink:href', 'url', 'target'].map((key) => attributeOf(element.attributes, key) ?? '')
  const link = address.find((each) => /^https?:\/\//.test(each))
  return link === undefined ? text : `${before}[${inner}](${target(link)})${after}`
}

/** LaTeX without the document commands and dollar signs around it. */
function texOf(text: string): string {
  const body = /\\begin\{document\}([\s\S]*?)\\end\{document\}/.exec(text)?.[1] ?? text
  return cleanLatex(body.trim().replace(/^\$+|\$+$/g, ''))
}

function mathOf(element: XmlElement): string {
  const inner = mathChildren(element)
  const latex = latexOfMathml(inner)
  return latex === undefined ? escapeText(lettersOfMathml(inner)) : `$${latex}$`
}

function mathChildren(element: XmlElement): string {
  return element.content
    .map((part) =>
      typeof part === 'string' ? mathText(part) : mathElement(local(part), part.attributes, mathChildren(part)),
    )
    .join('')
}

const MARK = /^(?:b|bold|strong|i|italic|em|emphasis|sup|sub|superscript|subscript|hi|u|sc)$/

function listOf(element: XmlElement, level: number, depth: number): string {
  const ordered = /^(?:orderedlist|ol|steps)$/.test(local(element)) || /type\s*=\s*["']?order/i.test(element.attributes)
  let number = 0
  const lines = element.children.map((each) => {
    const blocks = ITEMS.test(local(each)) ? itemBlocks(each, level, depth) : blocksOf(each, level + 1, depth + 1)
    if (!ITEMS.test(local(each))) return blocks.join('\n\n')
    const marker = ordered ? `${++number}. ` : '- '
    return marker + blocks.join('\n\n').replace(/\n(?!\n|$)/g, `\n${' '.repeat(marker.length)}`)
  })
  const own = element.text.replace(/\s+/g, ' ').trim()
  return [...(own === '' ? [] : [escapeText(own)]), lines.filter((line) => line !== '').join('\n')].join('\n\n')
}

function itemBlocks(item: XmlElement, level: number, depth: number): string[] {
  if (item.children.length === 0 || isMixed(item)) return mixedBlocks(item, level + 1, depth + 1)
  return articleBlocks(item.children, level + 1, depth + 1)
}

/** Rows of a table in HTML or CALS form; none for other elements. */
function rowsOf(element: XmlElement): string[][] {
  if (!/^(?:table|informaltable|table-wrap|tgroup|simpletable)$/.test(local(element))) return []
  const rows: XmlElement[] = []
  const gather = (from: XmlElement): void => {
    for (const each of from.children) {
      if (/^(?:tr|row|strow|sthead)$/.test(local(each))) rows.push(each)
      else if (!TITLES.test(local(each)) && local(each) !== 'caption') gather(each)
    }
  }
  gather(element)
  return rows.map((row) => row.children.map((cell) => escapeCell(textOf(cell))))
}

function isMixed(element: XmlElement): boolean {
  return element.children.length > 0 && element.text.trim() !== ''
}

function isBlock(element: XmlElement): boolean {
  const name = local(element)
  if (VERBATIM.test(name) || LISTS.test(name) || PARAGRAPHS.test(name) || SECTIONS.test(name) || TITLES.test(name))
    return true
  return (
    /^(?:body|text)$|table/.test(name) ||
    element.children.some((each) => PARAGRAPHS.test(local(each)) || LISTS.test(local(each)))
  )
}

function rawText(element: XmlElement): string {
  return element.content.map((part) => (typeof part === 'string' ? part : rawText(part))).join('')
}
