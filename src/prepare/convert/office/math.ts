// Office equations (OMML, ECMA-376 part 1, 22.1) as LaTeX.
import { cleanLatex } from '../markdown.ts'
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

const NARY = new Map(
  Object.entries({
    '∑': '\\sum',
    '∏': '\\prod',
    '∐': '\\coprod',
    '∫': '\\int',
    '∬': '\\iint',
    '∭': '\\iiint',
    '∮': '\\oint',
    '⋃': '\\bigcup',
    '⋂': '\\bigcap',
    '⋁': '\\bigvee',
    '⋀': '\\bigwedge',
    '⨁': '\\bigoplus',
    '⨂': '\\bigotimes',
  }),
)

function nary(node: XmlNode): string {
  const sign = property(node, 'm:naryPr', 'm:chr') ?? '∫'
  const [low, high] = [inner(child(node, 'm:sub')), inner(child(node, 'm:sup'))]
  const limits = `${low === '' ? '' : `_{${low}}`}${high === '' ? '' : `^{${high}}`}`
  return `${NARY.get(sign) ?? symbols(sign)}${limits} ${inner(child(node, 'm:e'))}`
}

const DELIMITERS = new Map(
  Object.entries({
    '{': '\\{',
    '}': '\\}',
    '⟨': '\\langle',
    '⟩': '\\rangle',
    '〈': '\\langle',
    '〉': '\\rangle',
    '⌈': '\\lceil',
    '⌉': '\\rceil',
    '⌊': '\\lfloor',
    '⌋': '\\rfloor',
    '‖': '\\|',
    '': '.',
  }),
)

function delimited(node: XmlNode): string {
  const [open, close] = [property(node, 'm:dPr', 'm:begChr') ?? '(', property(node, 'm:dPr', 'm:endChr') ?? ')']
  const separator = property(node, 'm:dPr', 'm:sepChr') ?? '|'
  const content = children(node, 'm:e')
    .map(inner)
    .join(` ${symbols(separator)} `)
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
  return `${top ? '\\overset' : '\\underset'}{${symbols(sign)}}${content}`
}

const ACCENTS = new Map(
  Object.entries({
    '\u0302': '\\hat',
    '^': '\\hat',
    '\u0303': '\\tilde',
    '~': '\\tilde',
    '\u0304': '\\bar',
    '\u0305': '\\bar',
    '\u00af': '\\bar',
    '\u203e': '\\bar',
    '\u0307': '\\dot',
    '\u0308': '\\ddot',
    '\u20db': '\\dddot',
    '\u20d7': '\\vec',
    '\u2192': '\\vec',
    '\u0300': '\\grave',
    '\u0301': '\\acute',
    '\u030c': '\\check',
    '\u0306': '\\breve',
    '\u20d6': '\\overleftarrow',
    '\u20e1': '\\overleftrightarrow',
  }),
)

function run(node: XmlNode): string {
  const text = elements(node)
    .filter(({ name }) => name === 'm:t' || name === 'w:t')
    .map(textOf)
    .join('')
  const style = child(node, 'm:rPr')
  if (child(style, 'm:nor') !== undefined && /\s|[A-Za-z]{2,}/.test(text))
    return `\\text{${text.replace(/[{}\\$#%&_^~]/g, '')}}`
  const latex = symbols(text)
  const script = attr(child(style, 'm:scr'), 'm:val') ?? ''
  if (script === 'double-struck') return `\\mathbb{${latex}}`
  if (script === 'script') return `\\mathcal{${latex}}`
  if (script === 'fraktur') return `\\mathfrak{${latex}}`
  return attr(child(style, 'm:sty'), 'm:val') === 'b' ? `\\mathbf{${latex}}` : latex
}

const SYMBOLS = new Map(
  Object.entries({
    α: 'alpha',
    β: 'beta',
    γ: 'gamma',
    δ: 'delta',
    ε: 'varepsilon',
    ϵ: 'epsilon',
    ζ: 'zeta',
    η: 'eta',
    θ: 'theta',
    ϑ: 'vartheta',
    ι: 'iota',
    κ: 'kappa',
    λ: 'lambda',
    μ: 'mu',
    ν: 'nu',
    ξ: 'xi',
    π: 'pi',
    ρ: 'rho',
    σ: 'sigma',
    ς: 'varsigma',
    τ: 'tau',
    υ: 'upsilon',
    φ: 'varphi',
    ϕ: 'phi',
    χ: 'chi',
    ψ: 'psi',
    ω: 'omega',
    Γ: 'Gamma',
    Δ: 'Delta',
    Θ: 'Theta',
    Λ: 'Lambda',
    Ξ: 'Xi',
    Π: 'Pi',
    Σ: 'Sigma',
    Υ: 'Upsilon',
    Φ: 'Phi',
    Ψ: 'Psi',
    Ω: 'Omega',
    '∞': 'infty',
    '±': 'pm',
    '∓': 'mp',
    '×': 'times',
    '÷': 'div',
    '⋅': 'cdot',
    '·': 'cdot',
    '∗': 'ast',
    '∘': 'circ',
    '≤': 'leq',
    '≥': 'geq',
    '≠': 'neq',
    '≈': 'approx',
    '≡': 'equiv',
    '∼': 'sim',
    '≅': 'cong',
    '∝': 'propto',
    '≪': 'll',
    '≫': 'gg',
    '∈': 'in',
    '∉': 'notin',
    '∋': 'ni',
    '⊂': 'subset',
    '⊃': 'supset',
    '⊆': 'subseteq',
    '⊇': 'supseteq',
    '∪': 'cup',
    '∩': 'cap',
    '∅': 'emptyset',
    '∀': 'forall',
    '∃': 'exists',
    '¬': 'neg',
    '∧': 'wedge',
    '∨': 'vee',
    '→': 'to',
    '←': 'leftarrow',
    '↔': 'leftrightarrow',
    '⇒': 'Rightarrow',
    '⇐': 'Leftarrow',
    '⇔': 'Leftrightarrow',
    '↦': 'mapsto',
    '∂': 'partial',
    '∇': 'nabla',
    '√': 'surd',
    '∑': 'sum',
    '∏': 'prod',
    '∫': 'int',
    '⋯': 'cdots',
    '…': 'ldots',
    '⋮': 'vdots',
    '⋱': 'ddots',
    ℏ: 'hbar',
    ℓ: 'ell',
    '⊕': 'oplus',
    '⊗': 'otimes',
    '⊥': 'perp',
    '∥': 'parallel',
    '∠': 'angle',
    '′': 'prime',
    '°': '^{\\circ}',
    ℝ: 'mathbb{R}',
    ℕ: 'mathbb{N}',
    ℤ: 'mathbb{Z}',
    ℚ: 'mathbb{Q}',
    ℂ: 'mathbb{C}',
  }),
)

/** Letters of mathematical alphabets as plain letters, signs as commands. */
function symbols(text: string): string {
  let latex = ''
  for (const sign of text) {
    const plain = /[\u{1d400}-\u{1d7ff}]/u.test(sign) ? sign.normalize('NFKC') : sign
    const command = SYMBOLS.get(plain)
    if (command !== undefined) latex += `${command.startsWith('^') ? '' : '\\'}${command} `
    else if (plain === '−' || plain === '‐') latex += '-'
    else if (/[{}#%&_^]/.test(plain)) latex += `\\${plain}`
    else if (plain === '\\') latex += '\\backslash '
    else latex += plain
  }
  return latex.trim()
}
