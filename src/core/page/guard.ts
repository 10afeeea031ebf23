// The last pass over Markdown from outside: anything that could begin a tag, a comment, a declaration, a picture or a
// link that runs something is rewritten so that it does not, for any renderer. No parser is involved: every such place
// outside of what all renderers take for code (`codeOf`) counts. Linear in the text, and without effect on harmless
// text.
import { SPAN_GUARD } from './sanitize.ts'
import { addressesIn, codeOf, isEscaped, type Range } from './code-lines.ts'
import { bracketBreak, follow, formulasOf } from './formulas.ts'

export type GuardOptions = {
  /** Links in double brackets are kbgit's own. */
  wikilinks?: boolean
}

/** An address in angle brackets, which is never read as a tag. */
const ADDRESS = /<(?:https?:\/\/|mailto:|kbgit-image:\d)[^\s<>"'`\\]+>/y
const MARKS =
  /<(?=[A-Za-z/!?%])|!(?=\[)|\[(?=\[)|\](?=\(|:)|\\(?:href|url|includegraphics|html[A-Z]\w*|class|cssId|style|require)\s*(?=\{)|\b(?:obsidian|javascript|vbscript):/g
/** Pictures that were stored with the document or are embedded in the text itself. */
const PICTURE =
  /!\[(?:[^[\]\\\n]|\\.)*\](?:\((?:kbgit-image:\d+\.[a-z]+|(?:\.\.\/)*(?:v\d+\/)?images\/[^()\s<>"']*|data:image\/(?:png|jpe?g|gif|webp|bmp|avif);base64,[\w+/=]*)(?: "(?:[^"\\\n]|\\.)*")?\))/y
const PICTURE_REFERENCE = /!\[((?:[^[\]\\\n]|\\.)*)\](?:\[((?:[^[\]\\\n]|\\.)*)\])?/y
const DATA_ADDRESS = /<data:image\/(?:png|jpe?g|gif|webp|bmp|avif);base64,[\w+/=]*>/iy
const SCHEMES = /^(?:https?|mailto|tel|ftps?|news|doi|urn|kbgit-image|kbgit-link):/i
const PICTURE_DATA = /^data:image\/(?:png|jpe?g|gif|webp|bmp|avif);base64,[\w+/=]*$/i
/** A character of a target as it is written: a number of a character, an escape, or itself. */
const WRITTEN = /&#x([0-9a-f]{1,6});?|&#(\d{1,7});?|\\(?=[!-/:-@[-`{-~])|[^]/giu
/** Characters of a link's target that are searched for its scheme. */
const TARGET_CHARACTERS_MAX = 400

/** Code in these languages is run by some viewer or plug-in; the value replaces the language. */
const RUN: [pattern: RegExp, language: string][] = [
  [/^(?:dataviewjs|js-engine\S*|js-view|datacorejs|meta-bind-js\S*|templater\S*|dataview|quickadd)$/i, 'js'],
  [/^datacore(?=[jt]sx?$)/i, ''],
  [/^(?:run|execute|exec)[-:_](?=\w)/i, ''],
  [
    /^(?:button\S*|meta-bind\S*|datacore\S*|dataview\S*|iframe|custom-frames?|widget|html-?run|shell-?command\S*|plantuml\S*|kroki\S*|react|jsx:\S*|tsx:\S*|vue|svelte)$/i,
    'text',
  ],
]

export function guard(text: string, options: GuardOptions = {}): string {
  if (!mayNeedGuard(text)) return text
  const code = codeOf(text)
  const edits = [...proseEdits(text, code, options), ...codeEdits(text, code)]
  return edits.length === 0 ? text : applied(text, edits)
}

/** A quick check of the whole text: most have nothing of the kind. */
function mayNeedGuard(text: string): boolean {
  return /`\{=|[<!\\][A-Za-z/!?%[]|\[\[|\][(:]|(?:`{3}|~{3})[ \t]*[\w{]|`\s*\$?=|\b(?:obsidian|javascript|vbscript):/.test(
    text,
  )
}

type Edit = Range & { text: string }

function applied(text: string, edits: Edit[]): string {
  let result = ''
  let from = 0
  for (const edit of edits.sort((a, b) => a.start - b.start)) {
    if (edit.start < from) continue
    result += text.slice(from, edit.start) + edit.text
    from = edit.end
  }
  return result + text.slice(from)
}

function proseEdits(text: string, code: Range[], { wikilinks = false }: GuardOptions): Edit[] {
  const edits: Edit[] = []
  const inCode = follow(code)
  const pictures = new PictureReferences(text)
  const inFormula = follow(formulasOf(text))
  const closes = closedOnLine(text)
  const inAddress = addressesIn(text)
  // A backslash that is part of an address in the text (GFM, 6.9) escapes nothing.
  const isSafelyEscaped = (index: number): boolean => isEscaped(text, index) && !inAddress(index)
  for (const { 0: mark, index } of text.matchAll(MARKS)) {
    if (inCode(index)) continue
    const put = (index: number, replacement: string, length = 0): void =>
      void edits.push({ start: index, end: index + length, text: replacement })
    switch (mark[0]) {
      case '<':
        if (isAddress(text, index) || (text[index + 1] !== '%' && isSafelyEscaped(index))) break
        if (isEscaped(text, index)) put(index - 1, '&lt;', 2)
        else if (text[index + 1] === '%' || inAddress(index)) put(index, '&lt;', 1)
        else if (inFormula(index)) put(index, '< ', 1)
        else put(index, '\\')
        break
      case '!':
        if (isSafelyEscaped(index) || isOwnPicture(text, index, pictures) || (wikilinks && text[index + 2] === '['))
          break
        if (isEscaped(text, index)) put(index - 1, '&#33;', 2)
        else if (inAddress(index)) put(index, '&#33;', 1)
        else put(index, '\\')
        break
      case '[':
        if (!wikilinks && !isEscaped(text, index) && closes(index))
          put(index + 1, inFormula(index) ? bracketBreak(text, index) : '\\')
        break
      case ']':
        if (!isSafelyEscaped(index) && leadsAstray(text, index + 2))
          put(index + 1, text[index + 1] === '(' ? '&#40;' : '&#58;', 1)
        break
      case '\\':
        if (
          !isEscaped(text, index) &&
          !/^\s*\{\s*(?:https?:|mailto:|#)/.test(text.slice(index + mark.length, index + mark.length + 20))
        )
          put(index, `\\text{${mark.slice(1).trim()}}`, mark.length)
        break
      default:
        // Renders the same, but hides the scheme from tools that search the text itself.
        if (/^obsidian/i.test(mark) && /\S/.test(text[index + mark.length] ?? ''))
          put(index + mark.length - 1, '&#58;', 1)
    }
  }
  return edits
}

function codeEdits(text: string, code: Range[]): Edit[] {
  const edits: Edit[] = []
  // A plug-in runs any code that begins like this, anywhere in the page.
  const spans = new Map(code.map(({ start, end }) => [start, end]))
  const within = follow(code)
  for (const { 0: ticks, index } of text.matchAll(/`+(?=\s*(?:\$=|=[^=>~`]))/g)) {
    // In a span that everyone sees it is the beginning; elsewhere it may be one.
    if (text[index - 1] === '`' || isEscaped(text, index) || (within(index) && !spans.has(index))) continue
    edits.push({ start: index + ticks.length, end: index + ticks.length, text: SPAN_GUARD })
  }
  // pandoc would output this unchanged.
  const inSpan = follow(code)
  for (const { index } of text.matchAll(/`(?=\{=)/g))
    if (!inSpan(index + 1)) edits.push({ start: index + 1, end: index + 2, text: '&#123;' })
  const inside = follow(code)
  for (const match of text.matchAll(
    /^([ \t>]*(?:(?:[-*+:]|\d{1,9}[.)]|\[\^[^\]\n]*\]:)[ \t]+)*(?:`{3,}|~{3,})[ \t]*)([^\s`~][^\n`]*)$/gm,
  )) {
    const [, before = '', info = ''] = match
    const plain = plainLanguage(info)
    // The first line of a fence is the fence's own; a fence inside it is code in a text about fences.
    if (plain === info || (inside(match.index) && !spans.has(match.index))) continue
    const start = match.index + before.length
    edits.push({ start, end: start + info.length, text: plain })
  }
  return edits
}

/** A fence's info string, without what would make it run. */
function plainLanguage(info: string): string {
  const [first = '', ...rest] = info.trim().split(/\s+/)
  // `{python}` and `{.r .run}` are run by text notebooks.
  const braced = /^\{\s*([\w+#-]*)/.exec(info.trim())
  if (braced !== null && !/^\{\s*[.#](?!run\b|exec)/.test(info.trim()))
    return braced[1] === '' || braced[1] === undefined ? 'text' : braced[1]
  for (const [pattern, language] of RUN) {
    if (pattern.test(first)) return language === '' ? first.replace(pattern, '') : language
  }
  const kept = rest.filter((word) => !/^\{.*\b(?:run|exec)/i.test(word))
  return kept.length === rest.length ? info : [first, ...kept].join(' ')
}

/** Whether double brackets close on their line; positions must be queried in order. */
function closedOnLine(text: string): (at: number) => boolean {
  let close = -1
  let lineEnd = -1
  return (index) => {
    if (close < index) close = indexOrEnd(text, ']]', index)
    if (lineEnd < index) lineEnd = indexOrEnd(text, '\n', index)
    return close < lineEnd
  }
}

function indexOrEnd(text: string, what: string, from: number): number {
  const found = text.indexOf(what, from)
  return found < 0 ? text.length : found
}

function isAddress(text: string, index: number): boolean {
  ADDRESS.lastIndex = index
  if (ADDRESS.test(text)) return true
  // As a definition's target, if it is a picture embedded in the text.
  if (/\]:[ \t]{0,4}$/.test(text.slice(Math.max(0, index - 6), index))) {
    DATA_ADDRESS.lastIndex = index
    return DATA_ADDRESS.test(text)
  }
  // A target in angle brackets, with spaces: if it is not a target, it is still not a tag.
  return (
    text[index - 1] === '(' && text[index - 2] === ']' && /^<https?:\/\/|^<mailto:/i.test(text.slice(index, index + 9))
  )
}

function isOwnPicture(text: string, index: number, references: PictureReferences): boolean {
  PICTURE.lastIndex = index
  if (PICTURE.test(text)) return true
  PICTURE_REFERENCE.lastIndex = index
  const match = PICTURE_REFERENCE.exec(text)
  if (match === null || text[PICTURE_REFERENCE.lastIndex] === '(') return false
  return references.has(match[2] === undefined || match[2] === '' ? (match[1] ?? '') : match[2])
}

/** Labels whose definitions all lead to a picture of the document's own. */
class PictureReferences {
  readonly #text: string
  #own: Map<string, boolean> | undefined

  constructor(text: string) {
    this.#text = text
  }

  has(label: string): boolean {
    return this.#definitions().get(labelKey(label)) === true
  }

  #definitions(): Map<string, boolean> {
    if (this.#own !== undefined) return this.#own
    this.#own = new Map()
    for (const { 1: label = '', 2: target = '' } of this.#text.matchAll(
      /\[((?:[^[\]\\\n]|\\.)*)\]:[ \t]*\n?[ \t]*<?([^\s<>]*)/g,
    )) {
      const own = /^kbgit-image:\d+\.[a-z]+$/.test(target) || PICTURE_DATA.test(target)
      this.#own.set(labelKey(label), own && this.#own.get(labelKey(label)) !== false)
    }
    return this.#own
  }
}

function labelKey(label: string): string {
  return label.trim().replace(/\s+/g, ' ').toLowerCase()
}

/** Whether the target at a position, of a link or a definition, is one that a click should not follow. */
function leadsAstray(text: string, index: number): boolean {
  const near = text.slice(index, index + TARGET_CHARACTERS_MAX)
  const raw = /^\s*<?([^\s<>)]*)/.exec(near)?.[1] ?? ''
  if (!mayHaveScheme(raw) || SCHEMES.test(raw) || !/[:&]/.test(raw)) return false
  const target = decoded(raw)
  if (
    PICTURE_DATA.test(raw) ||
    (raw.length > TARGET_CHARACTERS_MAX / 2 && /^data:image\/(?:png|jpe?g|gif|webp|bmp|avif);base64,/i.test(raw))
  )
    return false
  const scheme = /^[a-z][a-z0-9+.-]*(?=:)/i.exec(target)?.[0]
  if (scheme !== undefined) return !SCHEMES.test(target)
  // What is left of an entity could be the colon.
  return /^[^/?#:]*&\w+;/.test(target)
}

/**
 * Whether a scheme is possible: false from the first character that none contains. Decoding all of each target would not
 * be linear, because the targets of a text of nothing but marks overlap.
 */
function mayHaveScheme(raw: string): boolean {
  for (const { 0: written, 1: hex, 2: decimal } of raw.matchAll(WRITTEN)) {
    const code = hex === undefined ? decimal : Number.parseInt(hex, 16)
    const read = code === undefined ? written : character(Number(code))
    // What is left of an entity, or comes of one, needs a closer look.
    if (/[:&]/.test(read)) return true
    if (!/^[\\a-z0-9+.\p{Cc}\p{Cf}\s-]*$/iu.test(read)) return false
  }
  return true
}

/** As browsers read it: entities and escapes resolved, spaces and controls removed. */
function decoded(target: string): string {
  return target
    .replace(/&#x([0-9a-f]{1,6});?/gi, (_, digits: string) => character(Number.parseInt(digits, 16)))
    .replace(/&#(\d{1,7});?/g, (_, digits: string) => character(Number(digits)))
    .replace(/&colon;/gi, ':')
    .replace(/&(?:tab|newline|nbsp|shy|zwj|zwnj);/gi, '')
    .replace(/&amp;/gi, '&')
    .replace(/\\(?=[!-/:-@[-`{-~])/g, '')
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, '')
}

function character(code: number): string {
  return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : ''
}
