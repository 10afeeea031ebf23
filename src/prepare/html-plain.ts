// The plain text of HTML in source order, for comparison with a conversion. No tree, no marks.
import { INLINE, ROW, SKIPPED, SPACED, VOID } from './html-elements.ts'
import { tokenize } from './html-tokens.ts'

const CODE = new Set(['code', 'kbd', 'samp', 'tt'])

/** The text of each block. Formulas are not words: one can be written in many ways. */
export function plainOfHtml(html: string, where?: string): { text: string; where?: string }[] {
  const parts: { text: string; where?: string }[] = []
  let text = ''
  /** Nesting depth of elements that are not text. */
  const skipped: string[] = []
  /** An item of a row has just ended. */
  let closed = false
  const end = (): void => {
    if (/\S/.test(text)) parts.push(where === undefined ? { text } : { text, where })
    text = ''
  }
  tokenize(html, {
    text: (part) => {
      closed = false
      if (skipped.length === 0) text += part
    },
    open: (name, attributes, empty) => {
      if (VOID.has(name)) {
        if (name === 'br' || name === 'hr') text += ' '
      } else if (skipped.length > 0 || isSkipped(name, attributes)) {
        if (!empty) skipped.push(name)
      } else if (SPACED.has(name) || CODE.has(name) || (closed && ROW.has(name))) text += ' '
      else if (!INLINE.has(name)) end()
    },
    close: (name) => {
      closed = ROW.has(name)
      if (skipped.length > 0) {
        const i = skipped.lastIndexOf(name)
        if (i >= 0) skipped.length = i
      } else if (SPACED.has(name) || CODE.has(name)) text += ' '
      else if (!INLINE.has(name)) end()
    },
  })
  end()
  return parts
}

function isSkipped(name: string, attributes: string): boolean {
  return SKIPPED.has(name) || name === 'math' || name === 'm:math' || /\b(?:katex|MathJax|mwe-math)/.test(attributes)
}
