// The description of a document that is not prose: a table says its columns and rows, a mail its subject and parties.
import type { Format } from '../../core/document/document.ts'
import { oneLine } from '../../core/page/sanitize.ts'
import type { Block, TextPage } from './text-blocks.ts'
import { isGenre } from './title.ts'

const DESCRIPTION_CHARS_MAX = 240
/** Characters of the beginning of a text that has no sentence. */
const BEGINNING_CHARS_MAX = 120
const NAMES_SHOWN_MAX = 4
const TABLES_SHOWN_MAX = 3
const COLUMNS_SHOWN_MAX = 8
const CELL_CHARS_MAX = 40
const PARTY_CHARS_MAX = 60
const PICTURES = new Set<Format>(['png', 'jpg', 'webp', 'tiff'])
const WORKBOOKS: readonly Format[] = ['xlsx', 'xls', 'ods']
const TABULAR = new Set<Format>([...WORKBOOKS, 'csv', 'tsv'])

type Table = { heading: string | undefined; columns: string[]; rows: number }
type Described = {
  title: string
  /** The one that says best what the text is about. */
  sentence: string | undefined
  concepts: string[]
  blocks: Block[]
  format?: Format | undefined
  pages: TextPage[]
} & Letter
type Letter = { from?: string | undefined; to?: string | undefined; subject?: string | undefined }

/**
 * One line about a document: a table's columns, a mail's parties, its most telling sentence, or what else there is.
 */
export function describeDocument(input: Described): string {
  const { sentence, blocks, format, title, pages } = input
  const isTabular = format !== undefined && TABULAR.has(format)
  const areSheets = format !== undefined && WORKBOOKS.includes(format)
  const described =
    (isTabular ? describeTables(pages, areSheets) : undefined) ??
    describeLetter(input) ??
    sentence ??
    describeTables(pages, false) ??
    aboutOf(input.concepts) ??
    (listOfNames(headingsOf(blocks, title)) || beginningOf(blocks, title) || rawBeginningOf(pages))
  return oneLine(described || nothingIn(format), DESCRIPTION_CHARS_MAX)
}

function aboutOf(concepts: string[]): string | undefined {
  return concepts.length === 0 ? undefined : `About ${listOfNames(concepts)}.`
}

/** `a`, `a and b`, `a, b and c`; of many the first. */
function listOfNames(names: string[]): string {
  const shown = names.slice(0, NAMES_SHOWN_MAX)
  return shown.length < 2 ? (shown[0] ?? '') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
}

function headingsOf(blocks: Block[], title: string): string[] {
  const headings = blocks.flatMap(({ kind, text }) => (kind === 'heading' ? [text] : []))
  return [...new Set(headings)].filter((text) => text !== title && !isGenre(text))
}

/** The first words of a text that has no sentence, such as a list. */
function beginningOf(blocks: Block[], title: string): string {
  let beginning = ''
  for (const { kind, text: line } of blocks) {
    const text = line.replace(/^[•·◦▪–-]\s*/, '')
    if (kind === 'heading' || text === title || text === '') continue
    if (beginning !== '' && beginning.length + text.length > BEGINNING_CHARS_MAX) break
    beginning += beginning === '' ? text : `${/\p{L}$/u.test(beginning) ? ',' : ''} ${text}`
  }
  return beginning
}

/** Of a text that is no prose at all, such as a line of values; notes of kbgit's own are quotes. */
function rawBeginningOf(pages: TextPage[]): string {
  const texts = pages.map(({ content }) =>
    content.replace(/^>.*$|!\[[^\]\n]*\]\([^)\n]*\)/gm, '').replace(/[#*_`|\\]/g, ''),
  )
  return oneLine(texts.find((text) => text.trim() !== '') ?? '', BEGINNING_CHARS_MAX)
}

function nothingIn(format: Format | undefined): string {
  return format !== undefined && PICTURES.has(format)
    ? 'A picture in which no text was recognised.'
    : 'A document without text.'
}

/** What the first tables of a text are: their columns and rows. Undefined without a table. */
function describeTables(pages: TextPage[], areSheets: boolean): string | undefined {
  const tables = pages.slice(0, 20).flatMap(({ content }) => tablesOf(content))
  const shown = tables.slice(0, TABLES_SHOWN_MAX).map(({ heading, columns, rows }) => {
    const listed = columns.slice(0, COLUMNS_SHOWN_MAX).join(', ') + (columns.length > COLUMNS_SHOWN_MAX ? ', …' : '')
    const what = heading === undefined ? 'Table' : areSheets ? `Sheet ${heading}` : `Table “${heading}”`
    return `${what} of ${rows} ${rows === 1 ? 'row' : 'rows'}: ${listed}`
  })
  if (shown.length === 0) return undefined
  const more = tables.length - shown.length
  return `${shown.join('; ')}${more === 0 ? '' : `; and ${more} more ${more === 1 ? 'table' : 'tables'}`}`
}

function tablesOf(content: string): Table[] {
  const tables: Table[] = []
  const lines = content.split('\n')
  let heading: string | undefined
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? ''
    const marked = /^#{1,6}\s+(.+?)\s*$/.exec(line)
    if (marked !== null) heading = oneLine(marked[1] ?? '', CELL_CHARS_MAX)
    if (!isRow(line) || !/^\s*\|(?:\s*:?-{2,}:?\s*\|)+\s*$/.test(lines[index + 1] ?? '')) continue
    let columns = filled(line)
    let end = index + 2
    while (isRow(lines[end] ?? '')) end++
    let rows = end - index - 2
    const [caption] = columns
    const below = filled(lines[index + 2] ?? '')
    if (columns.length === 1 && rows > 1 && below.length > 1) {
      // The line above the names of the columns says what the table is.
      heading ??= caption
      columns = below
      rows--
    }
    if (columns.length > 0) tables.push({ heading, columns, rows })
    heading = undefined
    index = end - 1
  }
  return tables
}

function isRow(line: string): boolean {
  return /^\s*\|.*\|\s*$/.test(line)
}

function filled(line: string): string[] {
  return cellsOf(line).filter((cell) => cell !== '')
}

function cellsOf(line: string): string[] {
  return line
    .trim()
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => oneLine(cell.replace(/[*_`]/g, '').replace(/\\(.)/g, '$1').trim(), CELL_CHARS_MAX))
}

/** Undefined for anything but a mail. */
function describeLetter({ format, from, to, subject }: Described): string | undefined {
  if ((format !== 'eml' && format !== 'msg') || from === undefined) return undefined
  const parties = `from ${party(from)}${to === undefined ? '' : ` to ${party(to)}`}`
  return `E-mail ${parties}${subject === undefined || subject === '' ? '' : `: ${subject}`}`
}

function party(addresses: string): string {
  const names = addresses.split(/\s*[,;]\s*/).map((one) =>
    one
      .replace(/\s*<[^>]*>/, '')
      .replaceAll('"', '')
      .trim(),
  )
  const shown = names.filter((name) => name !== '').slice(0, 2)
  return (
    oneLine(shown.join(', ') || addresses, PARTY_CHARS_MAX) + (names.length > 2 ? ` and ${names.length - 2} more` : '')
  )
}
