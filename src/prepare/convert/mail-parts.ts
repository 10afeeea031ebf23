// Parts of a message that are text, but neither its body nor files: calendar entries (RFC 5545), reports on delivery
// (RFC 3464), on reading (RFC 8098) and on abuse (RFC 5965), and the header of a returned message (RFC 6522).
import { escapeText } from './markdown.ts'

/** A part as Markdown. `plain` is its text for the coverage check. */
export type TextPart = { name: string; markdown: string; plain: string }

const REPORTS = new Map([
  ['message/delivery-status', 'Delivery report'],
  ['message/global-delivery-status', 'Delivery report'],
  ['message/disposition-notification', 'Receipt'],
  ['message/global-disposition-notification', 'Receipt'],
  ['message/feedback-report', 'Feedback report'],
  ['text/rfc822-headers', 'Header of the returned message'],
  ['message/global-headers', 'Header of the returned message'],
])
/** Extensions of files that were attached without a name. */
const EXTENSIONS = new Map([
  ['application/pdf', '.pdf'],
  ['application/rtf', '.rtf'],
  ['application/json', '.json'],
  ['application/xml', '.xml'],
  ['application/epub+zip', '.epub'],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', '.docx'],
  ['application/vnd.openxmlformats-officedocument.presentationml.presentation', '.pptx'],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', '.xlsx'],
  ['application/vnd.oasis.opendocument.text', '.odt'],
  ['application/vnd.oasis.opendocument.presentation', '.odp'],
  ['application/vnd.oasis.opendocument.spreadsheet', '.ods'],
  ['application/vnd.ms-excel', '.xls'],
  ['text/csv', '.csv'],
  ['text/tab-separated-values', '.tsv'],
  ['text/html', '.html'],
  ['text/markdown', '.md'],
  ['text/plain', '.txt'],
  ['text/rtf', '.rtf'],
  ['text/xml', '.xml'],
])
/** Properties of a calendar entry that are shown, in this order. */
const SHOWN = new Map([
  ['DTSTART', 'Start'],
  ['DTEND', 'End'],
  ['DUE', 'Due'],
  ['LOCATION', 'Location'],
  ['ORGANIZER', 'Organizer'],
  ['ATTENDEE', 'Attendee'],
  ['CONTACT', 'Contact'],
  ['STATUS', 'Status'],
  ['CATEGORIES', 'Categories'],
  ['URL', 'Address'],
  ['COMMENT', 'Comment'],
])
const ATTENDEES_MAX = 50

/** Undefined for a part of another type. */
export function textPart(mimeType: string, name: string | undefined, bytes: Uint8Array): TextPart | undefined {
  const report = REPORTS.get(mimeType)
  if (report !== undefined) return fieldsPart(name ?? report, decode(bytes))
  const isCalendar = mimeType === 'text/calendar' || mimeType === 'application/ics' || /\.ics$/i.test(name ?? '')
  return isCalendar ? calendarPart(name ?? 'Calendar', decode(bytes)) : undefined
}

/** A name for a part that has none: its extension says how to read it. */
export function nameOfType(mimeType: string): string {
  if (mimeType === 'message/rfc822') return 'message'
  const extension = EXTENSIONS.get(mimeType)
  return extension === undefined ? `unnamed (${mimeType})` : `unnamed${extension}`
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).replace(/\r\n?/g, '\n')
}

/** Groups of header fields, separated by blank lines. */
function fieldsPart(name: string, text: string): TextPart {
  const groups = text
    .replace(/\n[ \t]+/g, ' ')
    .split(/\n\s*\n/)
    .map((group) =>
      group
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map(fieldLine)
        .join('\n'),
    )
  return { name, markdown: groups.filter((group) => group !== '').join('\n\n'), plain: text }
}

function fieldLine(line: string): string {
  const [, key, value = ''] = /^([!-9;-~]+):\s*(.*)$/.exec(line) ?? []
  return key === undefined ? `- ${escapeText(line.trim())}` : `- **${escapeText(key)}:** ${escapeText(value.trim())}`
}

type Property = { name: string; parameters: Map<string, string>; value: string }

function calendarPart(name: string, text: string): TextPart {
  const blocks: string[] = []
  const plain: string[] = []
  let entry: Property[] | undefined
  for (const line of text.replace(/\n[ \t]/g, '').split('\n')) {
    const property = propertyOf(line)
    if (property === undefined) continue
    const { value } = property
    if (property.name === 'BEGIN' && /^V(?:EVENT|TODO|JOURNAL)$/i.test(value)) entry = []
    else if (property.name === 'END' && /^V(?:EVENT|TODO|JOURNAL)$/i.test(value)) {
      blocks.push(...entryBlocks(entry ?? []))
      entry = undefined
    } else {
      entry?.push(property)
      if (entry !== undefined && /^(?:SUMMARY|DESCRIPTION|LOCATION|COMMENT|CONTACT)$/.test(property.name))
        plain.push(unescaped(value))
    }
  }
  return { name, markdown: blocks.join('\n\n'), plain: plain.join('\n') }
}

function propertyOf(line: string): Property | undefined {
  const [, name, written = '', value = ''] = /^([\w-]+)((?:;[^:;"]*(?:"[^"]*"[^:;"]*)*)*):(.*)$/.exec(line) ?? []
  if (name === undefined) return undefined
  const parameters = new Map<string, string>()
  for (const [, key = '', quoted, bare = ''] of written.matchAll(/;([\w-]+)=(?:"([^"]*)"|([^;"]*))/g))
    parameters.set(key.toUpperCase(), quoted ?? bare)
  return { name: name.toUpperCase(), parameters, value: value.trim() }
}

/** `\n`, `\,`, `\;` and `\\` (RFC 5545, 3.3.11). */
function unescaped(value: string): string {
  return value.replace(/\\(.)/g, (_, sign: string) => (/n/i.test(sign) ? '\n' : sign))
}

function entryBlocks(entry: Property[]): string[] {
  const all = (name: string): Property[] => entry.filter((property) => property.name === name)
  const title = all('SUMMARY').map(({ value }) => `**${escapeText(oneLine(unescaped(value)))}**`)
  const rows = [...SHOWN].flatMap(([name, label]) => {
    const found = all(name)
    const more = found.length > ATTENDEES_MAX ? [`- **${label}:** and ${found.length - ATTENDEES_MAX} more`] : []
    return [...found.slice(0, ATTENDEES_MAX).map((each) => `- **${label}:** ${escapeText(shown(each))}`), ...more]
  })
  const text = all('DESCRIPTION').map(({ value }) =>
    unescaped(value)
      .split(/\n\s*\n/)
      .map((paragraph) => escapeText(oneLine(paragraph)))
      .join('\n\n'),
  )
  return [...title, rows.join('\n'), ...text].filter((block) => block !== '')
}

function shown({ name, parameters, value }: Property): string {
  if (/^(?:DTSTART|DTEND|DUE)$/.test(name)) return dateOf(value, parameters.get('TZID'))
  if (name !== 'ORGANIZER' && name !== 'ATTENDEE') return oneLine(unescaped(value))
  const address = value.replace(/^mailto:/i, '')
  const person = parameters.get('CN') ?? ''
  return person === '' || person === address ? address : `${person} <${address}>`
}

/** `20250107T090000` as `2025-01-07 09:00`, with its time zone. */
function dateOf(value: string, zone: string | undefined): string {
  const [, year, month, day, hours, minutes, utc] =
    /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d{0,2}(Z)?)?$/.exec(value) ?? []
  if (year === undefined) return value
  const time = hours === undefined ? '' : ` ${hours}:${minutes}`
  return `${year}-${month}-${day}${time}${utc === undefined ? '' : ' UTC'}${zone === undefined ? '' : ` (${zone})`}`
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

/**
 * Text with `format=flowed` (RFC 3676) as paragraphs: lines that end in a space go on, each within its depth of quotation.
 * `deletesSpace`: that space is not part of the text (`DelSp=yes`).
 */
export function joinFlowed(text: string, deletesSpace: boolean): string {
  const joined: string[] = []
  let [depth, continues] = [0, false]
  for (const line of text.split(/\r?\n/)) {
    const marks = /^>*/.exec(line)?.[0].length ?? 0
    // A space in front protects what would otherwise be a mark.
    const content = line.slice(marks).replace(/^ /, '')
    const goesOn = content.endsWith(' ') && content !== '-- '
    const piece = goesOn && deletesSpace ? content.slice(0, -1) : content
    if (continues && marks === depth && content !== '-- ') joined[joined.length - 1] += piece
    else joined.push(marks === 0 ? piece : `${'>'.repeat(marks)} ${piece}`)
    ;[depth, continues] = [marks, goesOn]
  }
  return joined.join('\n')
}
