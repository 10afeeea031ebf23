// The Markdown of a base: CommonMark with tables, wikilinks, citations and formulas. HTML in it is text, and links lead to
// the web or into the base, nowhere else.
import markdownIt from 'markdown-it'
import { escapedFormulaAt, formulaAt } from './formula.ts'
import type { Inlines } from './tokens.ts'

/** A quote's source, as the page has it: a document with a page or a heading. */
export type CitedPlace = { document: string; heading?: string | undefined; page?: number | undefined }

const WIKILINK = /!?\[\[([^[\]|#\n]*)(?:#([^[\]|\n]*))?(?:\|([^[\]\n]*))?\]\]/y
/** Stands in for a citation in parentheses, which is found before the text is parsed. */
const CITE = 'cite:'
const FORMULA_BLOCK = /^\$\$\s*$/

export function dialect(): ReturnType<typeof markdownIt> {
  const md = markdownIt({ html: false, linkify: false, breaks: false })
  md.validateLink = (url) => /^(?:https?:|mailto:|#|[^:]*$)/i.test(url)
  md.inline.ruler.before('link', 'wikilink', wikilink)
  md.inline.ruler.before('escape', 'formula', formula)
  md.block.ruler.before('fence', 'formula', formulaBlock, { alt: ['paragraph', 'blockquote', 'list'] })
  return md
}

type Parser = ReturnType<typeof markdownIt>
type InlineRule = Parameters<Parser['inline']['ruler']['push']>[1]
type BlockRule = Parameters<Parser['block']['ruler']['push']>[1]

const wikilink: InlineRule = (state, silent) => {
  WIKILINK.lastIndex = state.pos
  const match = WIKILINK.exec(state.src)
  if (match === null || match.index !== state.pos) return false
  const start = state.pos
  const [whole, target = '', heading, label] = match
  if (target === '' && heading === undefined) return false
  if (!silent) {
    const cited = target.startsWith(CITE)
    const token = state.push(cited ? 'citation' : 'wikilink_open', cited ? '' : 'a', cited ? 0 : 1)
    const shown = label ?? (target === '' ? heading : target.slice(target.lastIndexOf('/') + 1)) ?? ''
    token.meta = { target: target.slice(cited ? CITE.length : 0), heading }
    token.content = shown
    if (!cited) {
      if (label === undefined) state.push('text', '', 0).content = shown
      else inner(state, state.pos + whole.length - 2 - label.length, label.length)
      state.push('wikilink_close', 'a', -1)
    }
  }
  state.pos = start + whole.length
  return true
}

/** Part of the source within a link: it may have marks and escapes, but no brackets, so no link. */
function inner(state: Parameters<InlineRule>[0], start: number, length: number): void {
  const { posMax } = state
  state.pos = start
  state.posMax = start + length
  state.md.inline.tokenize(state)
  state.posMax = posMax
}

const formula: InlineRule = (state, silent) => {
  const escaped = state.src.startsWith('\\$', state.pos) && (state.env as { quotes?: boolean }).quotes === true
  if (state.src[state.pos] !== '$' && !escaped) return false
  const found = (escaped ? escapedFormulaAt : formulaAt)(state.src, state.pos)
  if (found === undefined) return false
  if (!silent) {
    const token = state.push('formula', '', 0)
    token.content = found.tex
    token.block = found.block
  }
  state.pos += found.length
  return true
}

const formulaBlock: BlockRule = (state, startLine, endLine, silent) => {
  const line = (number: number): string =>
    state.src.slice((state.bMarks[number] ?? 0) + (state.tShift[number] ?? 0), state.eMarks[number])
  if (!FORMULA_BLOCK.test(line(startLine))) return false
  let end = startLine + 1
  while (end < endLine && !FORMULA_BLOCK.test(line(end))) end++
  if (end >= endLine) return false
  if (silent) return true
  const token = state.push('formula', '', 0)
  token.content = Array.from({ length: end - startLine - 1 }, (_, index) => line(startLine + 1 + index)).join('\n')
  token.block = true
  token.map = [startLine, end + 1]
  state.line = end + 1
  return true
}

/** Citations in parentheses, written so that the parser finds them: `([[sources/x#H|H]])` and, of `document`, `(page 3)` and `(in “H”)`. */
export function markCitations(markdown: string, document: string | undefined): string {
  const linked = markdown.replace(
    / ?\(\[\[sources\/([^[\]|#\n]+)(#[^[\]|\n]*)?(?:\|([^[\]\n]*))?\]\]\)/g,
    (_, name: string, heading = '', label = '') => `[[${CITE}${name}${heading}|${label}]]`,
  )
  if (document === undefined) return linked
  const headed = linked.replace(
    / \(in “([^”\n[\]|#]+)”\)(?=\s*(?:\n|$))/g,
    (_, heading: string) => `[[${CITE}${document}#${heading}|${heading}]]`,
  )
  return headed.replace(
    / \((pages? (\d+)(?:[–-]\d+)?)\)(?=\s*(?:\n|$))/g,
    (_, label: string, page: string) => `[[${CITE}${document}#p=${page}|${label}]]`,
  )
}

export function citedPlace({ target, heading }: { target: string; heading?: string | undefined }): CitedPlace {
  const document = target.slice(target.lastIndexOf('/') + 1)
  const page = /^p=(\d+)$/.exec(heading ?? '')?.[1]
  if (page !== undefined) return { document, page: Number(page) }
  return heading === undefined || heading === '' ? { document } : { document, heading }
}

export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** The words of inline tokens, without marks. A formula is as documents write it. */
export function wordsOf(children: Inlines): string {
  return children
    .map((token) =>
      token.type === 'softbreak' || token.type === 'hardbreak'
        ? ' '
        : token.type === 'text' || token.type === 'code_inline'
          ? token.content
          : token.type === 'formula'
            ? `$${token.content}$`
            : '',
    )
    .join('')
}
