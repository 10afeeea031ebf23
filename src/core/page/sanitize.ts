// Text from a document, made safe for a page: no links, no HTML, no structure.
import { addressesIn, type Range } from './code-lines.ts'

/** Control characters, direction overrides, and invisible characters that could hide text. */
const INVISIBLE = /[\p{Cc}\u00AD\u200B\u200E\u200F\u2028-\u202E\u2060-\u2069\uFEFF\u{E0000}-\u{E007F}]+/gu

/** White space other than single spaces, which are most of it and stay. */
const UNEVEN_SPACE = /\s{2,}|[^\S ]/g

/** Invisible; keeps plug-ins from treating the code after it as their own. */
export const SPAN_GUARD = '\u2060'
const HELD_GUARD = '\uFFFE'
/** The beginning of a template mark: a backslash before it would not help. */
const TEMPLATE = '&lt;'
/** A backtick in text that does not begin code. */
const BACKTICK = '&#96;'
const IN_ADDRESS: Record<string, string> = { '<': '&lt;', '[': '&#91;', ']': '&#93;' }
/** The beginning of an address that is a command to an editor, which would follow it in plain text too. */
const COMMAND = /\b(obsidian):(?=\S)/gi

/** One line of plain text of at most `charsMax` UTF-16 units; truncated text ends in `…`, at a word if possible. */
export function oneLine(text: string, charsMax: number): string {
  // Look at no more than could be kept: the text may be as long as the document.
  const line = text
    .slice(0, charsMax * 4 + 64)
    .replace(INVISIBLE, ' ')
    .replace(UNEVEN_SPACE, ' ')
    .trim()
  if (line.length <= charsMax) return line
  const cut = line.slice(0, charsMax - 1)
  const space = cut.lastIndexOf(' ')
  const kept = space > charsMax * 0.6 ? cut.slice(0, space) : cut.replace(/[\uD800-\uDBFF]$/, '')
  return `${kept.replace(/[\s,;:.–—-]+$/, '')}…`
}

/**
 * Plain text as inline Markdown that renders the same: anything that would make links, HTML, emphasis, tags,
 * mathematics or comments is escaped. Balanced code spans are kept; any other backtick is written as an entity, so that
 * every tool that looks for code finds the same spans, by pairs of backticks alone.
 */
export function sanitizeInline(text: string): string {
  if (!/[`\\[\]<*_$~%=#&!>|+-]|\d[.)]|obsidian:/i.test(text)) return text
  const inAddress = addressesIn(text)
  let line = ''
  let from = 0
  for (const { start, end } of codeSpans(text)) {
    line += escapeInline(text, from, start, inAddress) + guardSpan(text.slice(start, end))
    from = end
  }
  line += escapeInline(text, from, text.length, inAddress)
  return line.replace(/^(?:[-+>]|#+)(?=\s|$)/, '\\$&').replace(/^(\d{1,9})([.)])(?=\s)/, '$1\\$2')
}

/** Between two single backticks. One that is part of an address (GFM, 6.9) does not begin code for every reader. */
function* codeSpans(text: string): Generator<Range> {
  const inAddress = addressesIn(text)
  const spans = /`[^`\n]+`/g
  for (let match = spans.exec(text); match !== null; match = spans.exec(text)) {
    if (inAddress(match.index)) spans.lastIndex = match.index + 1
    else yield { start: match.index, end: spans.lastIndex }
  }
}

/** A code span that no plug-in takes for a query or a template of its own. */
export function guardSpan(span: string): string {
  return span.replace(/^`\s*(?=\$=|=[^=>~`])|<(?=%)/g, `$&${SPAN_GUARD}`)
}

function escapeInline(text: string, start: number, end: number, inAddress: (index: number) => boolean): string {
  return text
    .slice(start, end)
    .replace(/[\\[\]<*$|]|&(?=#?\w+;)/g, (mark, index: number) => {
      // A backslash that is part of an address escapes nothing.
      const entity = IN_ADDRESS[mark]
      return entity !== undefined && inAddress(start + index) ? entity : `\\${mark}`
    })
    .replace(/(^|[^\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, (match) => match.replace('_', '\\_'))
    .replace(/~~|%%|==|~{3,}/g, '\\$&')
    .replace(/(^|\s)#(?=[\p{L}\p{N}_/-])/gu, '$1\\#')
    .replaceAll('`', BACKTICK)
    .replace(/\\<(?=\\?%)/g, TEMPLATE)
    .replace(COMMAND, '$1&#58;')
}

/** The reverse of `sanitizeInline`: the plain text that sanitized Markdown displays. */
export function plainInline(markdown: string): string {
  return markdown.replace(
    /\\([!-/:-@[-`{-~])|&#9[136];|(?<=\bobsidian)&#58;|&lt;|\u2060(?=\$?=)|(?<=<)\u2060(?=%)/gi,
    (mark, escaped: string | undefined) =>
      escaped ?? { '&#96;': '`', '&#91;': '[', '&#93;': ']', '&#58;': ':', '&lt;': '<' }[mark] ?? '',
  )
}

/**
 * One line for front matter, where Obsidian would take a value in double brackets for a link, and a reader without front
 * matter sees tags, links and code. Nothing can be escaped there: spaces keep marks apart, and code that a plug-in would
 * run becomes a quotation.
 */
export function frontText(text: string, charsMax: number): string {
  return oneLine(text, charsMax)
    .replace(/\[(?=\[)/g, '[ ')
    .replace(/\](?=\()/g, '] ')
    .replace(/<(?=[a-z/!?%])/gi, '< ')
    .replace(/%(?=>)/g, '% ')
    .replace(/`(?=\s*(?:\$=|=[^=>~`]))([^`]*)(`?)/g, (_, code: string, end: string) => `'${code}${end && "'"}`)
    .replace(COMMAND, '$1: ')
}

/**
 * One line of sanitized Markdown cut to `charsMax`: anything that the cut would leave open (an escape, an entity, a
 * code span) is removed.
 */
export function cutInline(markdown: string, charsMax: number): string {
  // What guards a code span is invisible, and would go with all that is.
  const line = oneLine(markdown.replace(/\u2060(?=[$=%])/g, HELD_GUARD), charsMax).replaceAll(HELD_GUARD, SPAN_GUARD)
  if (!line.endsWith('…')) return line
  const whole = line.replace(/(?:\\|&#9?6?)…$/, '…')
  if ((whole.replace(/\\`/g, '').match(/`/g)?.length ?? 0) % 2 === 0) return whole
  return `${whole.slice(0, whole.lastIndexOf('`')).trimEnd()}…`
}

/** Plain text for the displayed text of a wikilink, where escapes do not work. */
export function shownText(text: string, charsMax = 120): string {
  return oneLine(text, charsMax)
    .replace(/[[\]|`\\]+/g, ' ')
    .replaceAll('<', '‹')
    .replaceAll('>', '›')
    .replace(COMMAND, '$1: ')
    .replace(/\s+/g, ' ')
    .trim()
}

/**
 * A compiler's Markdown made safe for the body of a section: headings become bold lines, so that none ends the section,
 * and an open code fence is closed.
 */
export function sanitizeBody(markdown: string): string {
  if (!/^ {0,3}(?:#|```|~~~|=+\s*$|-+\s*$|---)/m.test(markdown)) return markdown.trim()
  const lines: string[] = []
  let fence: string | undefined
  for (const line of markdown.split('\n')) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1]
    if (fence === undefined) {
      if (mark !== undefined) fence = mark
      const heading = /^ {0,3}#{1,6}\s+(.*?)(?:\s+#+)?\s*$/.exec(line)
      if (/^ {0,3}(?:=+|-+)\s*$/.test(line)) continue
      lines.push(heading === null ? line : `**${heading[1]}**`)
    } else {
      if (mark !== undefined && mark.startsWith(fence) && line.trim() === mark) fence = undefined
      lines.push(line)
    }
  }
  if (fence !== undefined) lines.push(fence)
  return lines.join('\n').trim()
}
