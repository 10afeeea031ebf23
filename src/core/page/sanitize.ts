// Text from a document, made safe for a page: no links, no HTML, no structure.

/** Control characters, direction overrides, and invisible characters that could hide text. */
const INVISIBLE = /[\p{Cc}\u00AD\u200B\u200E\u200F\u2028-\u202E\u2060-\u2069\uFEFF\u{E0000}-\u{E007F}]+/gu

/** White space other than single spaces, which are most of it and stay. */
const UNEVEN_SPACE = /\s{2,}|[^\S ]/g

/** Invisible; keeps plug-ins from treating the code after it as their own. */
export const SPAN_GUARD = '\u2060'
/** The beginning of a template mark: a backslash before it would not help. */
const TEMPLATE = '&lt;'
/** A backtick in text that does not begin code. */
const BACKTICK = '&#96;'

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
  if (!/[`\\[\]<*_$~%=#&!>|+-]|\d[.)]/.test(text)) return text
  return text
    .split(/(`[^`\n]+`)/)
    .map((part, at) => (at % 2 === 1 ? guardSpan(part) : escapeInline(part)))
    .join('')
    .replace(/^(?:[-+>]|#+)(?=\s|$)/, '\\$&')
    .replace(/^(\d{1,9})([.)])(?=\s)/, '$1\\$2')
}

/** A code span that no plug-in takes for a query of its own. */
function guardSpan(span: string): string {
  return span.replace(/^`\s*(?=\$=|=[^=>~`])/, `$&${SPAN_GUARD}`)
}

function escapeInline(text: string): string {
  return text
    .replace(/[\\[\]<*$|]/g, '\\$&')
    .replace(/(^|[^\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, (match) => match.replace('_', '\\_'))
    .replace(/~~|%%|==|~{3,}/g, '\\$&')
    .replace(/(^|\s)#(?=[\p{L}\p{N}_/-])/gu, '$1\\#')
    .replace(/&(?=#?\w+;)/g, '\\&')
    .replaceAll('`', BACKTICK)
    .replace(/\\<(?=\\?%)/g, TEMPLATE)
}

/** The reverse of `sanitizeInline`: the plain text that sanitized Markdown displays. */
export function plainInline(markdown: string): string {
  return markdown.replace(
    /\\([!-/:-@[-`{-~])|&#96;|&lt;(?=\\?%)|\u2060(?=\$?=)/g,
    (mark, escaped: string | undefined) => escaped ?? { '&#96;': '`', '&lt;': '<' }[mark] ?? '',
  )
}

/**
 * One line for front matter, where Obsidian would take a value in double brackets for a link, and a reader without front
 * matter sees tags.
 */
export function frontText(text: string, charsMax: number): string {
  return oneLine(text, charsMax)
    .replace(/\[(?=\[)/g, '[ ')
    .replace(/<(?=[a-z/!?%])/gi, '< ')
    .replace(/%(?=>)/g, '% ')
}

/**
 * One line of sanitized Markdown cut to `charsMax`: anything that the cut would leave open (an escape, an entity, a
 * code span) is removed.
 */
export function cutInline(markdown: string, charsMax: number): string {
  const line = oneLine(markdown, charsMax)
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
