// The plain extraction of office files for the coverage check: the text nodes of their parts, found by patterns alone,
// sharing no code with the readers. A part per paragraph.
import type { Archive } from '../archive.ts'
import type { PlainPart } from '../../coverage.ts'
import { decode } from '../../html-tokens.ts'

/**
 * Text, and elements that separate words: tabs, breaks. Equations are separate: only their letters and digits count.
 */
const PIECES = /<((?:\w+:)?)(t|tab|br|cr|ptab|noBreakHyphen|v|fld)(?:\s[^<>]*)?(?:\/>|>(?:([^<]*)<\/\1\2>)?)/g
/** Paragraphs of an Office Open XML part. */
function* paragraphs(xml: string, place: Omit<PlainPart, 'text'>): Generator<PlainPart> {
  for (const paragraph of withoutFallbacks(xml).split(/<\/(?:\w+:)?(?:p|pt)>/)) {
    let text = ''
    for (const [, prefix = '', name, content] of paragraph.matchAll(PIECES)) {
      if (content === undefined) text += ' '
      else if (prefix === 'm:') text += ` ${decode(content).replace(/[^A-Za-z0-9]+/g, ' ')} `
      else if (name === 't' || name === 'v') text += decode(content)
    }
    if (text.trim() !== '') yield { ...place, text }
  }
}

export function* plainWord(archive: Archive, main: string): Generator<PlainPart> {
  const folder = main.slice(0, main.lastIndexOf('/') + 1)
  yield* paragraphs(archive.readText(main) ?? '', {})
  for (const [name, where] of [
    ['footnotes', 'the footnotes'],
    ['endnotes', 'the endnotes'],
    ['comments', 'the comments'],
  ] as const)
    yield* paragraphs(archive.readText(`${folder}${name}.xml`) ?? '', { where })
}

/** A fallback repeats the choice before it in an older form. */
function withoutFallbacks(xml: string): string {
  if (!xml.includes('<mc:Fallback')) return xml
  let kept = ''
  let depth = 0
  let from = 0
  for (const { 0: tag, index } of xml.matchAll(/<\/?mc:Fallback(?:\s[^<>]*)?>/g)) {
    if (tag.endsWith('/>')) continue
    if (depth === 0) kept += xml.slice(from, index)
    depth += tag.startsWith('</') ? -1 : 1
    from = index + tag.length
  }
  return kept + (depth === 0 ? xml.slice(from) : '')
}

/** Of a slide, its notes, charts and diagrams, but not of the parts shared through its layout and master. */
export function* plainSlides(
  archive: Archive,
  slides: { name: string; related: { type: string; target: string }[] }[],
): Generator<PlainPart> {
  for (const [index, { name, related }] of slides.entries()) {
    const has = (type: string): boolean => related.some((each) => each.type === type && archive.has(each.target))
    // What was drawn from a diagram's data repeats it.
    const kinds = ['notesSlide', has('diagramData') ? 'diagramData' : 'diagramDrawing']
    const parts = related.filter(({ type }) => kinds.includes(type)).map(({ target }) => target)
    for (const part of [name, ...parts]) yield* paragraphs(archive.readText(part) ?? '', { page: index + 1 })
  }
}

/**
 * Elements whose text is not part of the document: deleted text, metadata of notes and comments, descriptions of
 * drawings.
 */
const ODF_ASIDE =
  /<(text:tracked-changes|text:note-citation|dc:creator|dc:date|meta:date-string|svg:desc|svg:title|text:index-title-template|office:scripts|office:forms|presentation:footer-decl|presentation:header-decl|presentation:date-time-decl|draw:object)(?=[\s>])[^<>]*(?<!\/)>[^]*?<\/\1>/g

/** Of an OpenDocument text or presentation. Slides are pages. */
export function* plainOdf(archive: Archive): Generator<PlainPart> {
  const content = archive.readText('content.xml') ?? ''
  const body = content.slice(Math.max(0, content.search(/<office:body[\s>]/))).replace(ODF_ASIDE, ' ')
  const slides = body.split(/<draw:page(?=[\s>])/)
  for (const [index, slide] of slides.entries()) {
    for (const paragraph of slide.split(/<\/text:[ph]>/)) {
      const text = decode(
        paragraph
          .replace(/<text:(?:s|tab|line-break)(?=[\s/>])[^<>]*>|<\/table:[^<>]*>|<text:note[^<>]*>/g, ' ')
          .replace(/^[^<>]*>|<[^<>]*>/g, ''),
      )
      if (text.trim() !== '') yield index === 0 ? { text } : { text, page: index }
    }
  }
}

/** Maximum characters of markup: beyond it, the plain extraction would cost as much memory as the workbook itself. */
const MARKUP_CHARACTERS_MAX = 32 * 1024 ** 2

/** Strings in the cells of an Excel workbook, and whole numbers without a format. */
export function* plainWorkbook(archive: Archive): Generator<PlainPart> {
  const folder = 'xl/'
  const shared = (archive.readText(`${folder}sharedStrings.xml`) ?? '').split(/<\/(?:\w+:)?si>/).map(stringOf)
  let read = 0
  for (const name of archive.names.filter((each) => /^xl\/worksheets\/[^/]+\.xml$/i.test(each))) {
    const xml = archive.readText(name) ?? ''
    read += xml.length
    if (read > MARKUP_CHARACTERS_MAX) return
    for (const [, attributes = '', inner = ''] of xml.matchAll(
      /<(?:\w+:)?c(?=\s)([^<>]*)(?<!\/)>([^]*?)<\/(?:\w+:)?c>/g,
    )) {
      const type = /\st="(\w+)"/.exec(attributes)?.[1] ?? 'n'
      const value = /<(?:\w+:)?v(?:\s[^<>]*)?>([^<]*)</.exec(inner)?.[1] ?? ''
      const isPlain = !/\ss="[1-9]/.test(attributes) && /^-?\d{1,15}$/.test(value)
      const text =
        type === 's'
          ? (shared[Number(value)] ?? '')
          : type === 'inlineStr'
            ? stringOf(inner)
            : type === 'str' || (type === 'n' && isPlain)
              ? decode(value)
              : ''
      if (text.trim() !== '') yield { text, where: name.replace(/^.*\//, '') }
    }
  }
  for (const name of archive.names.filter((each) => /^xl\/comments\d*\.xml$/i.test(each)))
    for (const comment of (archive.readText(name) ?? '').split(/<\/(?:\w+:)?comment>/)) {
      const text = stringOf(comment)
      // Threads are repeated in the older form, after a sentence that Excel adds.
      if (text.trim() !== '' && !text.startsWith('[Threaded comment]')) yield { text, where: 'the comments' }
    }
}

/** Of a formatted string; phonetic readings are omitted. */
function stringOf(xml: string): string {
  const base = xml.replace(/<(?:\w+:)?rPh(?:\s[^<>]*)?>[^]*?<\/(?:\w+:)?rPh>/g, '')
  return [...base.matchAll(/<(?:\w+:)?t(?:\s[^<>]*)?>([^<]*)<\/(?:\w+:)?t>/g)]
    .map((match) => decode(match[1] ?? ''))
    .join('')
    .replace(/_x000D_/g, ' ')
}

/** Strings of an OpenDocument spreadsheet; values are displayed in other forms. */
export function* plainOds(archive: Archive): Generator<PlainPart> {
  const content = archive.readText('content.xml') ?? ''
  if (content.length > MARKUP_CHARACTERS_MAX) return
  for (const table of content.split(/<table:table(?=\s)/).slice(1)) {
    const where = `the sheet "${decode(/\stable:name="([^"]*)"/.exec(table)?.[1] ?? '')}"`
    for (const [, attributes = '', inner = ''] of table.matchAll(
      /<table:table-cell(?=\s)([^<>]*)(?<!\/)>([^]*?)<\/table:table-cell>/g,
    )) {
      if (!/value-type="string"/.test(attributes)) continue
      const text = decode(
        inner
          .replace(ODF_ASIDE, ' ')
          .replace(/<\/?text:(?:p|s|tab|line-break)(?=[\s/>])[^<>]*>/g, ' ')
          .replace(/<[^<>]*>/g, ''),
      )
      if (text.trim() !== '') yield { text, where }
    }
  }
}
