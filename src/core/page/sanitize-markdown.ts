// Model output made safe for a page: no headings, fences, HTML, images, or unchecked links.
import { wikilink } from './page.ts'
import { guardSpan } from './sanitize.ts'
import { visibleText } from './visible-text.ts'

/**
 * The link target of the existing page with this name, as `linkTarget` returns it; undefined for a page that does not
 * exist.
 */
export type LinkResolver = (name: string) => string | undefined

/** Removing one thing may create another, which the next round removes. */
const ROUNDS_MAX = 10

/** Paragraphs, lists, tables, emphasis and inline code stay. Names in `[[…]]` that `resolve` knows become links. */
export function sanitizeMarkdown(text: string, charactersMax: number, resolve: LinkResolver = () => undefined): string {
  return untilStable(clip(visibleText(text), charactersMax), (before) => sanitizeBlocks(before, resolve))
}

function untilStable(text: string, round: (text: string) => string): string {
  let before = text
  for (let rounds = 0; rounds < ROUNDS_MAX; rounds++) {
    const after = round(before)
    if (after === before) return release(after)
    before = after
  }
  return release(before.replace(/[<>#`~[\]=-]+/g, ' '))
}

function sanitizeBlocks(text: string, resolve: LinkResolver): string {
  const lines = text
    .split('\n')
    .filter(
      (line) =>
        !/^\s*(?:`{3,}|~{3,}|={2,}\s*$|-{2,}\s*$|\[[^\]]*\]:)/.test(line) && !/^\s*([*_])(?:\s*\1){2,}\s*$/.test(line),
    )
    .map((line) => sanitizeSpans(line.replace(/^(\s*(?:(?:>|[-*+])\s+)*)#{1,6}(?:\s+|$)/, '$1'), resolve).trimEnd())
  return lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/^\n+|\s+$/g, '')
}

/** One line of plain words and inline code. */
export function sanitizeLine(text: string, charactersMax: number): string {
  const line = clip(visibleText(text).replace(/\s+/g, ' ').trim(), charactersMax)
  return untilStable(line, (before) =>
    sanitizeSpans(before.replace(/^(?:(?:#{1,6}|>|[-*+])(?: +|$)|`{3,}|~{3,})/, ''), () => undefined).trim(),
  )
}

/**
 * Code is what is between two single backticks on one line: no other reading of the line may find more or less code.
 */
/**
 * One line as a reader sees it, without marks: plain text, for callers that escape what they write. Code keeps its
 * backticks.
 */
export function plainLine(markdown: string, charactersMax: number): string {
  const line = visibleText(markdown)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^(?:#{1,6}|>|[-*+]) +/, '')
  const plain = line
    .split(/(`[^`]*`)/)
    .map((piece, index) => (index % 2 === 1 ? piece : withoutMarks(piece)))
    .join('')
  return clip(plain.replace(/\s+/g, ' ').trim(), charactersMax)
}

function withoutMarks(text: string): string {
  return text
    .replace(/!?\[\[(?:[^[\]|]*\|)?([^[\]]*)\]\]/g, '$1')
    .replace(/!?\[([^[\]]*)\]\([^)]*\)/g, '$1')
    .replace(/(\*{1,3})(?=\S)(.+?)(?<=\S)\1/g, '$2')
    .replace(/(?<![\p{L}\p{N}_])(_{1,2})(?=\S)(.+?)(?<=\S)\1(?![\p{L}\p{N}_])/gu, '$2')
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(/&(lt|gt|amp|quot|nbsp);/g, (_, name: string) => ({ lt: '<', gt: '>', amp: '&', quot: '"' })[name] ?? ' ')
}

function sanitizeSpans(line: string, resolve: LinkResolver): string {
  const ticks = line.replace(/\\+(?=`)|`{2,}/g, '')
  const paired = (ticks.match(/`/g)?.length ?? 0) % 2 === 0 ? ticks : ticks.replace(/`(?=[^`]*$)/, '')
  return paired
    .split(/(`[^`]*`)/)
    .map((piece, index) => (index % 2 === 1 ? guardSpan(piece) : sanitizeProse(piece, resolve)))
    .join('')
}

function sanitizeProse(prose: string, resolve: LinkResolver): string {
  // An escaped sign begins no tag: what follows is text.
  return withoutTags(prose.replace(/(?<!\\)((?:\\\\)*)\\</g, '$1&lt;'))
    .replace(/!?\[\[([^[\]|]*)(?:\|([^[\]]*))?\]\]/g, (_, name: string, shown?: string) => {
      const target = resolve(name.trim())
      return target === undefined ? (shown ?? name).trim() : hold(wikilink(target, (shown ?? name).trim()))
    })
    .replace(/!?\[([^[\]]*)\](?:\([^)]*\)|\[[^\]]*\])/g, '$1')
    .replace(/\[\[|\]\]/g, '')
    .replace(/\](?=[([])/g, '] ')
    .replace(/!+(?=\[)/g, '')
    .replace(/\b(?:javascript|vbscript|data|file):(?=\S)/gi, '')
    .replace(/\b(?:https?|ftp):\/\/[^\s`<>()]+|\bwww\.[^\s`<>()]+/gi, (url) => `\`${url}\``)
    .replace(/\\(?=(?:href|url|includegraphics|html[A-Z]\w*|class|cssId|style|require)\s*\{)/g, '')
    .replace(/\bobsidian:(?=\S)/gi, 'obsidian: ')
    .replace(/<(?=[a-z/!?%])/gi, '&lt;')
}

/** Markdown without the backslashes that break a line. */
export function withoutBreaks(markdown: string): string {
  return markdown.replace(/(?<!\\)\\(?=\n)/g, '')
}

/** Removes tags until there are none: the remains of one can form another. */
export function withoutTags(text: string): string {
  for (let before = text; ;) {
    const after = before.replace(/<\/?[a-z][^<>]*>|<!--[\s\S]*?-->|<[!?][^<>]*>/gi, '')
    if (after === before) return after
    before = after
  }
}

// Checked links are kept out of reach of the rules that remove brackets, between controls that cannot come from a text
// that went through `visibleText`.
const HELD = '\u0001'
const hold = (link: string): string => `${HELD}${link.slice(2, -2)}${HELD}`
const release = (text: string): string =>
  text
    .split(HELD)
    .map((piece, index) => (index % 2 === 1 ? `[[${piece}]]` : piece))
    .join('')

/** At most `max` UTF-16 units, ending at a sentence or a word if one ends in the last third. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text
  const head = text.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, '')
  const sentence = Math.max(head.lastIndexOf('. '), head.lastIndexOf('.\n'), head.lastIndexOf('。'))
  if (sentence > max * 0.66) return head.slice(0, sentence + 1)
  const word = head.lastIndexOf(' ')
  return `${word > max * 0.66 ? head.slice(0, word) : head}…`
}
