// Where every renderer sees code in a Markdown text. Renderers differ, so this errs on one side only: what just some of
// them take for code is not reported. One pass, linear in the text.

export type Range = { start: number; end: number }

type Line = { start: number; end: number; text: string }
type Fence = { mark: string; prefix: string }

const FENCE = /^((?: {0,3}> ?)*[ \t]*)(?:([-*+]|\d{1,9}[.)])( {1,4}))?(`{3,}(?=[^`\n]*$)|~{3,})/
/** A fence behind more than one list marker: not all renderers see it. */
const FENCE_INSIDE = /^[ \t>]*(?:(?:[-*+:]|\d{1,9}[.)]|\[\^[^\]]*\]:)[ \t]*)+(?:`{3,}(?=[^`\n]*$)|~{3,})/
/** What may hold indented paragraphs: list items, footnotes and definitions. */
const CONTAINER = /^[ \t>]*(?:[-*+:]|\d{1,9}[.)]|\[\^[^\]]*\]:)(?:[ \t]|$)/
const INDENTED = /^(?: {4}| {0,3}\t)/
/** What makes a run of characters an address. */
const ADDRESS = /:\/\/|www\.|@/i
/** Characters without a space that are searched for an address. */
const ADDRESS_CHARACTERS_MAX = 400
/** Marks that some renderers take for the end of a fence and others do not. */
const FENCE_LIKE = /^[\s>]*(`{3,}|~{3,})/

/** Ranges of code, in order: fenced and indented code as whole lines, code spans with their backticks. */
export function codeOf(text: string): Range[] {
  const lines = linesOf(text)
  const ranges: Range[] = []
  let paragraph: Line[] = []
  let inContainer = false
  let blank = true
  // After a fence that renderers may read in two ways, what is inside a fence is unknown.
  let certain = true
  const endParagraph = (): void => {
    if (paragraph.length > 0) spansOf(paragraph, ranges)
    paragraph = []
  }
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]
    if (line === undefined) break
    const fence = fenceAt(line.text, blank, inContainer)
    if (fence !== undefined) {
      endParagraph()
      const end: number | undefined = fence === 'unclear' ? undefined : fenceEnd(lines, index, fence)
      if (end === undefined) certain = false
      else {
        if (certain) ranges.push({ start: line.start, end: lines[end]?.end ?? text.length })
        if (fence !== 'unclear' && fence.prefix === '') inContainer = false
        index = end
        blank = false
        continue
      }
    }
    if (line.text.trim() === '') {
      endParagraph()
      blank = true
      continue
    }
    if (CONTAINER.test(line.text)) inContainer = true
    else if (/^\S/.test(line.text) && (blank || /^#{1,6}[ \t]/.test(line.text))) inContainer = line.text.startsWith('>')
    if (blank && !inContainer && INDENTED.test(line.text)) {
      ranges.push({ start: line.start, end: line.end })
      continue
    }
    paragraph.push(line)
    blank = false
  }
  endParagraph()
  return ranges
}

function linesOf(text: string): Line[] {
  const lines: Line[] = []
  for (let start = 0; start < text.length;) {
    const found = text.indexOf('\n', start)
    const end = found < 0 ? text.length : found + 1
    lines.push({ start, end, text: text.slice(start, found < 0 ? end : found) })
    start = end
  }
  return lines
}

/** The fence that a line opens for every renderer; `unclear` if some see text. */
function fenceAt(line: string, afterBlank: boolean, inContainer: boolean): Fence | 'unclear' | undefined {
  const match = FENCE.exec(line)
  if (match === null) return FENCE_INSIDE.test(line) ? 'unclear' : undefined
  const [, before = '', marker, space = '', mark = ''] = match
  if (before.includes('\t')) return 'unclear'
  const prefix = marker === undefined ? before : before + ' '.repeat(marker.length + space.length)
  const indent = /[^>]*$/.exec(before)?.[0].length ?? 0
  // Indented by four, it is code after a blank line, but may continue a paragraph after any other.
  const inQuote = before.includes('>')
  if (indent > 3 && (inQuote || marker !== undefined || !afterBlank)) return 'unclear'
  return { mark, prefix: inQuote || marker !== undefined || inContainer || indent > 3 ? prefix : '' }
}

/** The line that closes the fence opened at `open`; undefined if renderers may see another end. */
function fenceEnd(lines: Line[], open: number, { mark, prefix }: Fence): number | undefined {
  for (let index = open + 1; index < lines.length; index++) {
    const text = lines[index]?.text ?? ''
    if (!text.startsWith(prefix)) {
      if (prefix.includes('>') || text.trim() !== '') return undefined
      continue
    }
    const like = FENCE_LIKE.exec(text)?.[1] ?? ''
    if (!like.startsWith(mark)) continue
    return /^ {0,3}[`~]+[ \t]*$/.test(text.slice(prefix.length)) && text.trim().endsWith(like) ? index : undefined
  }
  // To the end of the text; in a list or a quote the container may end first.
  return prefix === '' ? lines.length - 1 : undefined
}

/**
 * Code spans of consecutive lines, if each line pairs its own backticks: then every renderer reads them the same way.
 */
function spansOf(lines: Line[], ranges: Range[]): void {
  const found: Range[] = []
  let table = false
  for (const { start, text } of lines) {
    if (/^[ \t>]*\[[^\]]*\]:/.test(text) || /\$(?=\S)[^$]*`[^$]*\$/.test(text)) return
    table ||= /-/.test(text) && /^[ \t>|:-]+$/.test(text)
    if (!text.includes('`')) continue
    const spans = pairs(text)
    if (spans === undefined) return
    for (const span of spans) found.push({ start: start + span.start, end: start + span.end })
  }
  const first = lines[0]?.start ?? 0
  const whole = table ? lines.map(({ text }) => text).join('\n') : ''
  // A table cell ends at a bar, even in the middle of a code span.
  for (const range of found)
    if (!table || !whole.slice(range.start - first, range.end - first).includes('|')) ranges.push(range)
}

/** Undefined if readers may pair the backticks in another way. */
function pairs(line: string): Range[] | undefined {
  const spans: Range[] = []
  const inAddress = addressesIn(line)
  const runs = [...line.matchAll(/`+/g)]
  // For each length, the positions of its runs from last to first.
  const open = new Map<number, number[]>()
  for (const { 0: run, index } of runs.toReversed()) {
    const places = open.get(run.length)
    if (places === undefined) open.set(run.length, [index])
    else places.push(index)
  }
  let from = 0
  for (const { 0: run, index } of runs) {
    if (index < from) continue
    const places = open.get(run.length) ?? []
    while ((places.at(-1) ?? Infinity) <= index) places.pop()
    const close = places.at(-1)
    if (close === undefined || line[index - 1] === '\\' || inAddress(index)) return undefined
    // One reader takes two or more right before a bracket for text, and the bracket for the end of a link's words.
    if (run.length > 1 && line[index + run.length] === ']') return undefined
    from = close + run.length
    spans.push({ start: index, end: from })
  }
  return spans
}

/** Whether an odd number of backslashes precedes a position. */
export function isEscaped(text: string, index: number): boolean {
  let count = 0
  while (text[index - 1 - count] === '\\') count++
  return count % 2 === 1
}

/**
 * Whether the text before a position, back to the last space, could be an address. Positions that are asked for in order
 * cost no more than reading the text once.
 */
export function addressesIn(text: string): (index: number) => boolean {
  let seen = 0
  let word = 0
  return (index) => {
    const end = Math.max(0, index - ADDRESS_CHARACTERS_MAX)
    if (index < seen || end > seen) seen = word = end
    for (; seen < index; seen++) if (isSpace(text.charCodeAt(seen))) word = seen + 1
    return (word <= end && end > 0) || ADDRESS.test(text.slice(Math.max(word, end), index))
  }
}

function isSpace(code: number): boolean {
  return code <= 0x20 || code === 0xa0 || code === 0x3000 || (code >= 0x2000 && code <= 0x200a)
}
