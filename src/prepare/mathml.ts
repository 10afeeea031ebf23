// MathML as LaTeX, for formulas that carry none of their own.
import { createRequire } from 'node:module'
import type { MathMLToLaTeX } from 'mathml-to-latex'
import { attributeOf, decode } from './html-tokens.ts'
import { cleanLatex } from './convert/markdown.ts'

/** Characters of MathML: a page of formulas in one. What is longer is written as its letters. */
const FORMULA_CHARACTERS_MAX = 32_768
/** Characters of one number, name or text inside a formula; the library takes the square of it. */
const LETTERS_MAX = 500
/** What of an element changes its meaning. */
const MEANINGFUL = ['mathvariant', 'linethickness', 'open', 'close', 'separators', 'notation']
const TAG = /<[^>]*>/g

/** The name without the prefix that XML gives it. */
export function localName(name: string): string {
  return name.replace(/^(?:m|mml|math):/, '')
}

/** Letters as XML takes them. Operators that are not seen may stand under the names that only MathML has. */
export function mathText(text: string): string {
  return text
    .replace(/&(?:ApplyFunction|InvisibleTimes|InvisibleComma|af|it|ic);/g, ' ')
    .replace(/[\p{Cc}\ufffe\uffff]+/gu, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
}

/** An element around what it holds; elements of other vocabularies are what they hold, annotations nothing. */
export function mathElement(name: string, attributes: string, inner: string): string {
  if (name.startsWith('annotation')) return ''
  if (!/^(?:m[a-z]+|none|semantics)$/.test(name)) return inner
  const kept = MEANINGFUL.map((key) => [key, attributeOf(attributes, key)] as const)
    .filter(([, value]) => value !== undefined)
    .map(([key, value = '']) => ` ${key}="${mathText(value).replace(/"/g, '&quot;')}"`)
  return `<${name}${kept.join('')}>${inner}</${name}>`
}

/** LaTeX of what stands inside `math`; undefined where it is too long or contradicts itself. */
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

/** The letters alone, apart: `10 3`, for joined they would be another number. */
export function lettersOfMathml(inner: string): string {
  return decode(inner.replace(TAG, ' ')).replace(/\s+/g, ' ').trim()
}

/** Loaded with the first formula: few pages have one, and all would wait for it. */
function loadConverter(): typeof MathMLToLaTeX {
  return (createRequire(import.meta.url)('mathml-to-latex') as { MathMLToLaTeX: typeof MathMLToLaTeX }).MathMLToLaTeX
}
