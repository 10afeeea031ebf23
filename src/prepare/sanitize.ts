// Sanitizes Markdown from outside: anything that a reader would run, load or follow becomes text. Edits by position, so
// that everything else stays byte for byte the same, especially code.
import type { findActive, SanitizeOptions } from './active-content.ts'
import type { Edit } from './edit.ts'
import { addressesIn } from '../core/page/code-lines.ts'
import { guard } from '../core/page/guard.ts'
import { CONCEALING } from '../core/page/visible-text.ts'
import type { Excerpt, excerptOf } from './excerpt.ts'
import { Fences } from './markdown-lines.ts'
import type { isParsable } from './markdown-tree.ts'
import { withoutWikilinks } from './wikilinks.ts'
import { codeBlock } from './convert/markdown.ts'

export type { SanitizeOptions } from './active-content.ts'

/** Characters parsed at once: the parser's time and memory grow faster than its input. */
const SEGMENT_CHARACTERS = 32 * 1024
/**
 * Maximum rounds: an edit can reveal new markup (`<scr<b>ipt>`); if that still happens in the last, the text is shown
 * as code.
 */
const ROUNDS_MAX = 5
/** Number of rechecks after the last pass changed the text. */
const GUARD_ROUNDS_MAX = 4

/**
 * The text without raw HTML, unsafe or unresolvable link targets, external images, wikilinks, and, outside of code,
 * terminal controls, bidirectional overrides and other hiding characters. NUL is dropped everywhere.
 */
export async function sanitize(markdown: string, options: SanitizeOptions): Promise<string> {
  let text = options.wikilinks === true ? withoutWikilinks(markdown, options) : markdown
  for (let round = 0; round < GUARD_ROUNDS_MAX; round++) {
    const rewrite = await rewritten(text, options)
    const guarded = guard(rewrite)
    if (guarded === rewrite) return guarded
    // The edited text may be parsed differently: check it again.
    text = guarded
  }
  return text
}

/** Replaces what the Markdown parser finds active by equivalent Markdown. */
async function rewritten(markdown: string, options: SanitizeOptions): Promise<string> {
  const text = markdown.includes('\0') ? markdown.replaceAll('\0', '') : markdown
  if (!mayBeActive(text, options)) return text
  // Most notes have nothing active, and never load the parser.
  const [{ isParsable }, { excerptOf }, { findActive }] = await Promise.all([
    import('./markdown-tree.ts'),
    import('./excerpt.ts'),
    import('./active-content.ts'),
  ])
  const reader = { isParsable, excerpt: excerptOf, find: findActive }
  if (text.length <= SEGMENT_CHARACTERS) return sanitizeSegment(text, reader, options)
  let result = ''
  for (const segment of segmentsOf(text)) result += closeFence(sanitizeSegment(segment, reader, options), reader)
  return result
}

/** Code left open by a segment would swallow the next one, which was parsed separately. */
function closeFence(segment: string, { isParsable, excerpt }: Reader): string {
  if (!/`{3}|~{3}/.test(segment) || !isParsable(segment)) return segment
  const { text, tree } = excerpt(segment, (block) => segment.endsWith(block))
  const last = tree.children.at(-1)
  if (last?.type !== 'code') return segment
  const lines = text.slice(last.position?.start.offset, last.position?.end.offset).split('\n')
  const fence = /^ {0,3}(`{3,}|~{3,})/.exec(lines[0] ?? '')?.[1]
  const end = lines.length > 1 ? (lines.at(-1)?.trim() ?? '') : ''
  return fence === undefined || (end.startsWith(fence) && end === (fence[0] ?? '').repeat(end.length))
    ? segment
    : `${segment.replace(/\n$/, '')}\n${fence}\n\n`
}

/**
 * Whether anything in the text could be active: a scan that may only err towards yes, and ignores plain code and the
 * document's own pictures.
 */
function mayBeActive(text: string, { hasImage }: SanitizeOptions): boolean {
  if (!isSuspect(text)) return false
  const prose = withoutPlainCode(text)
  return isSuspect(
    prose.replace(OWN_PICTURE, (picture, file?: string) => (file === undefined || hasImage(file) ? '' : picture)),
  )
}

const OWN_PICTURE =
  /(?<!\\)!\[(?:[^[\]\\\n`<]|\\.)*\]\((?:kbgit-image:(\d+\.[a-z]+)|data:image\/(?:png|jpe?g|gif|webp|bmp|avif);base64,[\w+/=]*)\)/g

function isSuspect(text: string): boolean {
  return MARKUP.test(text) || CONCEALING.test(text) || escapesInAddress(text)
}

/** A backslash that is part of an address in the text (GFM, 6.9) escapes nothing. */
function escapesInAddress(text: string): boolean {
  const inAddress = addressesIn(text)
  for (const { index } of text.matchAll(/\\[<![\]]/g)) if (inAddress(index)) return true
  return false
}

/**
 * A tag, an image, a wikilink, a link or a definition whose target is not a web address; not if it is escaped by a
 * backslash that is not itself escaped.
 */
const MARKUP =
  /(?<!(?<!\\)\\)(?:<[A-Za-z/!?]|!\[|\[\[|\]\((?!https?:\/\/|#|kbgit-link:\d)|\]:[ \t]*(?!https?:\/\/|#)\S|\]:[ \t]*\n)/

/**
 * The text without what is code in any context: fenced at the margin, where no list, quote or paragraph can contain the
 * fence, and between single backticks that pair within their line. If a fence is elsewhere, or a backtick does not
 * pair, everything is kept. HTML that could contain a fence is itself outside of the code, and found.
 */
function withoutPlainCode(text: string): string {
  if (/^[ \t]+(?:`{3}|~{3})|^[ \t]*(?:>|[-*+]|\d{1,9}[.)]).*(?:`{3}|~{3})|\\`/m.test(text)) return text
  let fence: string | undefined
  const kept: string[] = []
  for (const line of text.split('\n')) {
    const mark = /^(`{3,}(?=[^`]*$)|~{3,})/.exec(line)?.[1]
    if (fence !== undefined) {
      if (mark !== undefined && mark.startsWith(fence) && line.trim() === mark) fence = undefined
    } else if (mark !== undefined) {
      fence = mark
      // The text after the mark is displayed, or read by other tools, as the language.
      kept.push(line)
    } else if (!line.includes('`')) kept.push(line)
    else {
      const ticks = line.split('`')
      if (ticks.length % 2 === 0) return text
      const isPlain = ticks.every((part, index) =>
        index % 2 === 1 ? part !== '' && !part.includes('|') : part !== '' || index === 0 || index === ticks.length - 1,
      )
      kept.push(isPlain ? ticks.filter((_, index) => index % 2 === 0).join('``') : line)
    }
  }
  return kept.join('\n')
}

const CONCEALED = new RegExp(CONCEALING.source, 'gu')

type Reader = {
  isParsable: typeof isParsable
  excerpt: typeof excerptOf
  find: typeof findActive
}

function sanitizeSegment(segment: string, reader: Reader, options: SanitizeOptions): string {
  let text = segment
  // Blocks that were parsed and have nothing active.
  const inert = new Set<string>()
  for (let round = 0; round < ROUNDS_MAX; round++) {
    if (!mayBeActive(text, options)) return text
    // The last pass makes it harmless anyway.
    if (!reader.isParsable(text) && round === 0) return text.replace(CONCEALED, '')
    if (!reader.isParsable(text)) break
    const excerpt = reader.excerpt(text, (block) => !inert.has(block) && mayBeActive(block, options))
    const edits = reader.find(text, excerpt, options)
    if (edits.length === 0) return text
    for (const block of untouched(excerpt, edits)) inert.add(block)
    text = apply(text, edits)
  }
  return `${codeBlock(segment)}\n`
}

/** The blocks of an excerpt that no edit touches. */
function untouched({ blocks }: Excerpt, edits: Edit[]): string[] {
  const places = edits.map(({ start }) => start).sort((a, b) => a - b)
  let next = 0
  return blocks
    .filter(({ text, start }) => {
      while ((places[next] ?? Infinity) < start) next++
      return (places[next] ?? Infinity) > start + text.length
    })
    .map(({ text }) => text)
}

function apply(text: string, edits: Edit[]): string {
  let result = ''
  let index = 0
  for (const { start, end, text: replacement } of edits.sort((a, b) => a.start - b.start || a.end - b.end)) {
    // Of two that overlap the outer one, which came first, wins; a further round sees what is left.
    if (start < index) continue
    result += text.slice(index, start) + replacement
    index = end
  }
  return result + text.slice(index)
}

/**
 * Segments that mean the same on their own as in place: each begins, after a blank line, at the margin, where no list,
 * quote or note continues. If none comes for long, a rule creates one.
 */
function* segmentsOf(text: string): Generator<string> {
  const fences = new Fences()
  let start = 0
  let blank = false
  for (let index = 0; index < text.length;) {
    const found = text.indexOf('\n', index)
    const end = found < 0 ? text.length : found + 1
    const line = text.slice(index, end)
    if (index - start >= SEGMENT_CHARACTERS && blank && fences.open === undefined && /^\S/.test(line)) {
      yield text.slice(start, index)
      start = index
    } else if (index - start >= SEGMENT_CHARACTERS * 8) {
      yield `${text.slice(start, index)}\n\n***\n\n`
      start = index
    }
    fences.feed(line.replace(/\n$/, ''))
    blank = line.trim() === ''
    index = end
  }
  if (start < text.length) yield text.slice(start)
}
