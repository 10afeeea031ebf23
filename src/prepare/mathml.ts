// MathML as LaTeX, for formulas without LaTeX of their own.
import { createRequire } from 'node:module'
import type { MathMLToLaTeX } from 'mathml-to-latex'
import { attributeOf, decode } from './html-tokens.ts'
import { cleanLatex } from './convert/markdown.ts'

/** Maximum characters of MathML: one page of formulas. Anything longer is written as its letters. */
const FORMULA_CHARACTERS_MAX = 32_768
/** Maximum characters of one number, name or text in a formula; the library is quadratic in it. */
const LETTERS_MAX = 500
/** Attributes that change an element's meaning. */
const MEANINGFUL = ['mathvariant', 'linethickness', 'open', 'close', 'separators', 'notation']
const TAG = /<[^>]*>/g

/** The name without its XML prefix. */
export function localName(name: string): string {
  return name.replace(/^(?:m|mml|math):/, '')
}

/** Text escaped for XML. Invisible operators may have names that only MathML defines. */
export function mathText(text: string): string {
  return text
    .replace(/&(?:ApplyFunction|InvisibleTimes|InvisibleComma|af|it|ic);/g, ' ')
    .replace(/[\p{Cc}\ufffe\uffff]+/gu, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
}

/** An element and its content; elements of other vocabularies are reduced to their content, annotations to nothing. */
export function mathElement(name: string, attributes: string, inner: string): string {
  if (name.startsWith('annotation')) return ''
  if (!/^(?:m[a-z]+|none|semantics)$/.test(name)) return inner
  const kept = MEANINGFUL.map((key) => [key, attributeOf(attributes, key)] as const)
    .filter(([, value]) => value !== undefined)
    .map(([key, value = '']) => ` ${key}="${mathText(value).replace(/"/g, '&quot;')}"`)
  return `<${name}${kept.join('')}>${inner}</${name}>`
}

/** LaTeX for the content of `math`; undefined if it is too long or malformed. */
export function latexOfMathml(inner: string): string | undefined {
  if (inner.length > FORMULA_CHARACTERS_MAX || inner.split(TAG).some((letters) => letters.length > LETTERS_MAX))
    return undefined
  try {
    return cleanLatex(loadConverter().convert(`<math>${inner}</math>`))
  } catch {
    // An element with too few parts.
    return undefined
  }
}

/** The letters alone, separated: `10 3`, because joined they would be another number. */
export function lettersOfMathml(inner: string): string {
  return decode(inner.replace(TAG, ' ')).replace(/\s+/g, ' ').trim()
}

/** Loaded with the first formula: few pages have one, and all would wait for it. */
function loadConverter(): typeof MathMLToLaTeX {
  return (createRequire(import.meta.url)('mathml-to-latex') as { MathMLToLaTeX: typeof MathMLToLaTeX }).MathMLToLaTeX
}
