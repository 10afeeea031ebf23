// Office equations (OMML, ECMA-376 part 1, 22.1) as LaTeX.
import { cleanLatex } from '../markdown.ts'
import { ACCENTS, DELIMITERS, NARY, signs } from './math-signs.ts'
import { attr, child, children, elements, textOf, type XmlNode } from './xml-nodes.ts'

/** LaTeX of an `m:oMath` or anything inside it. */
export function latexOf(node: XmlNode): string {
  return cleanLatex(inner(node))
}

function inner(node: XmlNode | undefined): string {
  return elements(node)
    .map(one)
    .filter((part) => part !== '')
    .join(' ')
    .replace(/ (?=[_^,;)}\]])/g, '')
}

const group = (node: XmlNode | undefined): string => `{${inner(node)}}`

function one(node: XmlNode): string {
  const e = child(node, 'm:e')
  switch (node.name) {
    case 'm:r':
      return run(node)
    case 'm:f':
      return fraction(node)
    case 'm:sSup':
      return `${base(e)}^${group(child(node, 'm:sup'))}`
    case 'm:sSub':
      return `${base(e)}_${group(child(node, 'm:sub'))}`
    case 'm:sSubSup':
      return `${base(e)}_${group(child(node, 'm:sub'))}^${group(child(node, 'm:sup'))}`
    case 'm:sPre':
      return `{}_${group(child(node, 'm:sub'))}^${group(child(node, 'm:sup'))}${base(e)}`
    case 'm:rad': {
      const degree = inner(child(node, 'm:deg'))
      return `\\sqrt${degree === '' ? '' : `[${degree}]`}${group(e)}`
    }
    case 'm:nary':
      return nary(node)
    case 'm:d':
      return delimited(node)
    case 'm:func':
      return `${functionName(child(node, 'm:fName'))} ${inner(e)}`
    case 'm:limLow':
      return `${limitBase(e)}_${group(child(node, 'm:lim'))}`
    case 'm:limUpp':
      return `${limitBase(e)}^${group(child(node, 'm:lim'))}`
    case 'm:acc':
      return `${ACCENTS.get(property(node, 'm:accPr', 'm:chr') ?? '\u0302') ?? '\\hat'}${group(e)}`
    case 'm:bar':
      return `${property(node, 'm:barPr', 'm:pos') === 'top' ? '\\overline' : '\\underline'}${group(e)}`
    case 'm:groupChr':
      return groupCharacter(node)
    case 'm:m':
      return `\\begin{matrix}${rows(children(node, 'm:mr'))}\\end{matrix}`
    case 'm:eqArr': {
      const lines = children(node, 'm:e').map(inner)
      return lines.length < 2 ? lines.join('') : `\\begin{aligned}${lines.join(' \\\\ ')}\\end{aligned}`
    }
    case 'm:borderBox':
      return `\\boxed${group(e)}`
    case 'm:phant':
      return property(node, 'm:phantPr', 'm:show') === '0' ? `\\phantom${group(e)}` : inner(e)
    case 'm:ctrlPr':
    case 'w:rPr':
    case 'm:oMathParaPr':
    case 'w:del':
    case 'w:moveFrom':
      return ''
    default:
      return node.name.endsWith('Pr') ? '' : inner(node)
  }
}

/** The base of a superscript or subscript; more than one letter is grouped. */
function base(node: XmlNode | undefined): string {
  const text = inner(node)
  return /^(?:[A-Za-z0-9]|\\[A-Za-z]+)?$/.test(text) ? text || '{}' : `{${text}}`
}

function rows(lines: XmlNode[]): string {
  return lines.map((line) => children(line, 'm:e').map(inner).join(' & ')).join(' \\\\ ')
}

function property(node: XmlNode, properties: string, name: string): string | undefined {
  return attr(child(node, properties, name), 'm:val')
}

function fraction(node: XmlNode): string {
  const [top, bottom] = [group(child(node, 'm:num')), group(child(node, 'm:den'))]
  switch (property(node, 'm:fPr', 'm:type')) {
    case 'noBar':
      return `\\genfrac{}{}{0pt}{}${top}${bottom}`
    case 'lin':
    case 'skw':
      return `${top} / ${bottom}`
    default:
      return `\\frac${top}${bottom}`
  }
}

function nary(node: XmlNode): string {
  const sign = property(node, 'm:naryPr', 'm:chr') ?? '∫'
  const [low, high] = [inner(child(node, 'm:sub')), inner(child(node, 'm:sup'))]
  const limits = `${low === '' ? '' : `_{${low}}`}${high === '' ? '' : `^{${high}}`}`
  return `${NARY.get(sign) ?? signs(sign)}${limits} ${inner(child(node, 'm:e'))}`
}

function delimited(node: XmlNode): string {
  const [open, close] = [property(node, 'm:dPr', 'm:begChr') ?? '(', property(node, 'm:dPr', 'm:endChr') ?? ')']
  const separator = property(node, 'm:dPr', 'm:sepChr') ?? '|'
  const content = children(node, 'm:e')
    .map(inner)
    .join(` ${signs(separator)} `)
  const [left, right] = [open, close].map((sign) => DELIMITERS.get(sign) ?? sign)
  const tall = /\\(?:frac|sum|int|prod|begin|genfrac|sqrt|binom)/.test(content)
  const matrix = /^\\begin\{matrix\}((?:(?!\\begin)[^])*)\\end\{matrix\}$/.exec(content)?.[1]
  const named =
    open === '(' && close === ')'
      ? 'pmatrix'
      : open === '[' && close === ']'
        ? 'bmatrix'
        : open === '|'
          ? 'vmatrix'
          : undefined
  if (matrix !== undefined && named !== undefined) return `\\begin{${named}}${matrix}\\end{${named}}`
  if (!tall && open !== '' && close !== '') return `${left}${content}${right}`
  return `\\left${left} ${content} \\right${right}`
}

const FUNCTIONS =
  /^(?:sin|cos|tan|cot|sec|csc|log|ln|lg|exp|lim|max|min|sup|inf|det|arcsin|arccos|arctan|sinh|cosh|tanh|gcd|deg|dim|ker|arg|Pr)$/

function functionName(node: XmlNode | undefined): string {
  const name = textOf(node).trim()
  if (FUNCTIONS.test(name)) return `\\${name}`
  const parts = inner(node)
  return /^[A-Za-z]{2,}$/.test(name) ? `\\operatorname{${name}}` : parts
}

function limitBase(node: XmlNode | undefined): string {
  const name = textOf(node).trim()
  return FUNCTIONS.test(name) ? `\\${name}` : base(node)
}

function groupCharacter(node: XmlNode): string {
  const sign = property(node, 'm:groupChrPr', 'm:chr') ?? '⏟'
  const top = property(node, 'm:groupChrPr', 'm:pos') === 'top'
  const content = group(child(node, 'm:e'))
  if (sign === '⏟' || sign === '⏞') return `${sign === '⏞' || top ? '\\overbrace' : '\\underbrace'}${content}`
  return `${top ? '\\overset' : '\\underset'}{${signs(sign)}}${content}`
}

function run(node: XmlNode): string {
  const text = elements(node)
    .filter(({ name }) => name === 'm:t' || name === 'w:t')
    .map(textOf)
    .join('')
  const style = child(node, 'm:rPr')
  if (child(style, 'm:nor') !== undefined && /\s|[A-Za-z]{2,}/.test(text))
    return `\\text{${text.replace(/[{}\\$#%&_^~]/g, '')}}`
  const latex = signs(text)
  const script = attr(child(style, 'm:scr'), 'm:val') ?? ''
  if (script === 'double-struck') return `\\mathbb{${latex}}`
  if (script === 'script') return `\\mathcal{${latex}}`
  if (script === 'fraktur') return `\\mathfrak{${latex}}`
  return attr(child(style, 'm:sty'), 'm:val') === 'b' ? `\\mathbf{${latex}}` : latex
}
