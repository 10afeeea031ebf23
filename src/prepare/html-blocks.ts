// What a closed HTML element becomes in Markdown.
import { escapeText, heading } from './convert/markdown.ts'
import type { TableRows } from './html-table.ts'
import { attributeOf } from './html-tokens.ts'
import { latexOfMathml, lettersOfMathml } from './mathml.ts'

/** Encloses LaTeX that a formula carries; it is a noncharacter, so no text contains it. */
export const ANNOTATION = '\uffff'

export type Kind = 'block' | 'inline' | 'list' | 'item' | 'pre' | 'cell' | 'table' | 'math' | 'skip'
export type Open = {
  name: string
  kind: Kind
  attributes: string
  /** Finished blocks, and the paragraph in progress. */
  blocks: string[]
  inline: string
  /** Its last character: looking at the end of a growing string costs its whole length each time. */
  last: string
  /** For a formula: the elements inside, as XML. */
  mathml: string
  /** For a list: the next number, or undefined for bullets. */
  number?: number
  table?: TableRows
  /** Whether it is inside so many quotes and lists that its own lines get no mark and no indentation. */
  flat?: true
}

const HEADINGS = /^h[1-6]$/
/** Several line breaks in a row, as old pages and mails have them between paragraphs. */
export const EMPTY_LINES = /\\\n\s*(?:\\\n\s*)+/g

/** An element that was just opened. */
export function opened(name: string, kind: Kind, attributes: string): Open {
  return { name, kind, attributes, blocks: [], inline: '', last: '', mathml: '' }
}

export function write(open: Open, text: string): void {
  if (text === '') return
  open.inline += text
  open.last = text.slice(-1)
}

/** Without surrounding white space and line breaks. Linear, unlike a regular expression on long runs. */
export function trimParagraph(text: string): string {
  let start = 0
  let end = text.length
  for (let step = 1; step > 0 && start < end; start += step)
    step = text.startsWith('\\\n', start) ? 2 : isSpace(text[start]) ? 1 : 0
  for (let step = 1; step > 0 && end > start; end -= step)
    step = text.startsWith('\\\n', end - 2) && end - 2 >= start ? 2 : isSpace(text[end - 1]) ? 1 : 0
  return text.slice(start, end)
}

function isSpace(character: string | undefined): boolean {
  return character !== undefined && /\s/.test(character)
}

/** The paragraphs of a run of text: several line breaks in a row end one. */
export function paragraphsOf(text: string): string[] {
  return text
    .split(EMPTY_LINES)
    .map(trimParagraph)
    .filter((paragraph) => paragraph !== '')
}

/** The blocks inside, including the last paragraphs. */
export function finished(open: Open): string[] {
  return [...open.blocks, ...paragraphsOf(open.inline)]
}

/** A heading, a quote, a definition, or just the content. */
export function block(open: Open): string[] {
  const blocks = finished(open)
  if (HEADINGS.test(open.name)) {
    const title = heading(Number(open.name[1]), blocks.join(' ').replace(/\\\n/g, ' '))
    return title === '' ? [] : [title]
  }
  switch (open.flat === true ? '' : open.name) {
    case 'blockquote':
      return blocks.length === 0 ? [] : [blocks.join('\n\n').replace(/^/gm, '> ').replace(/^> $/gm, '>')]
    case 'dt':
      return blocks.map((each) => `**${each.replace(/^\*+|\*+$/g, '')}**`)
    case 'dd':
      return blocks.length === 0 ? [] : [indent(blocks.join('\n\n'), '- ')]
    case 'caption':
    case 'figcaption':
    default:
      return blocks
  }
}

/** An item with its marker. */
export function item(open: Open, list: Open): string {
  const blocks = finished(open)
  if (open.flat === true) return blocks.join('\n\n')
  const marker = list.number === undefined ? '- ' : `${list.number++}. `
  // A list right below its item's line stays tight.
  const text = blocks.reduce(
    (all, each, index) => (index === 0 ? each : `${all}${/^(?:- |\d+\. )/.test(each) ? '\n' : '\n\n'}${each}`),
    '',
  )
  return indent(text, marker)
}

function indent(text: string, marker: string): string {
  const hang = ' '.repeat(marker.length)
  return marker + text.replace(/\n(?!\n|$)/g, `\n${hang}`)
}

/** LaTeX if the page has it, else converted from the elements. */
export function formula(open: Open): string {
  const annotation = open.inline.split(ANNOTATION)[1]
  const own = open.name === 'script' ? open.inline : undefined
  const source =
    attributeOf(open.attributes, 'data-latex') ?? attributeOf(open.attributes, 'alttext') ?? annotation ?? own
  const latex = source === undefined || source.trim() === '' ? latexOfMathml(open.mathml) : source
  const display = /\bdisplay\s*=\s*["']?block|mode=display/i.test(open.attributes)
  const text = (latex ?? escapeText(lettersOfMathml(open.mathml))).trim()
  if (text === '') return ''
  if (latex === undefined) return text
  return display ? `\n$$\n${text}\n$$\n` : `$${text.replace(/\s*\n\s*/g, ' ')}$`
}

function classesOf(attributes: string): string[] {
  return [...attributes.matchAll(/\bclass\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/gi)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? '',
  )
}

/** The language of code, from the class names that highlighters put on the element, inside it or around it. */
export function languageOf(open: Open, around: Open[]): string {
  const candidates = [open, ...around.slice(-2).reverse()]
    .flatMap(({ attributes }) => [
      attributeOf(attributes, 'data-lang'),
      attributeOf(attributes, 'data-language'),
      ...classesOf(attributes),
    ])
    .filter((value) => value !== undefined)
  for (const value of candidates) {
    const match =
      /(?:^|\s)(?:language-|lang-|highlight-source-|sourceCode )([\w+#.-]+)/.exec(value) ??
      /^([a-z][\w+#-]{0,20})$/.exec(value)
    if (match?.[1] !== undefined && !/^(?:code|highlight|notranslate|pre|hljs|prettyprint)$/.test(match[1]))
      return match[1]
  }
  return ''
}
