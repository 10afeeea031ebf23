// Outlook messages, contacts and appointments: header, text, attachments.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { default as MsgReaderModule, FieldsData } from '@kenjiuno/msgreader'
import { damageOf, DocumentError } from '../../core/errors.ts'
import { htmlToMarkdown } from '../html-markdown.ts'
import type { ConvertTask, Converted } from './converter.ts'
import { plainOfHtml } from '../html-plain.ts'
import { labelOfCodepage } from './codepages.ts'
import { mailToMarkdown, zonedDate, type Mail } from './mail.ts'
import { textOfCompressedRtf } from './msg-rtf.ts'
import { storedImage } from './stored-image.ts'
import { textToMarkdown } from './txt.ts'

// A CommonJS default export, which loaders unwrap in different ways.
const { default: MsgReader } = createRequire(import.meta.url)('@kenjiuno/msgreader') as typeof MsgReaderModule

/** Read into memory as a whole. */
const MSG_BYTES_MAX = 256 * 1024 * 1024

export async function convert(task: ConvertTask): Promise<Converted> {
  if (task.size > MSG_BYTES_MAX)
    throw new DocumentError(
      'tooLarge',
      `${task.label} is larger than ${MSG_BYTES_MAX} bytes, the maximum for a message.`,
      'Add its attachments one by one.',
    )
  const { reader, fields } = open(task, await readFile(task.path))
  const from = senderOf(fields)
  const to = recipients(fields, 'to')
  const date = dateOf(fields)
  return {
    ...(fields.subject === undefined || fields.subject === ''
      ? {}
      : { title: fields.subject, subject: fields.subject }),
    ...(from === '' ? {} : { from, author: fields.senderName ?? from }),
    ...(to === '' ? {} : { to }),
    ...(date === '' ? {} : { date }),
    ...(await mailToMarkdown(await mailOf(fields, reader, task), task)),
  }
}

async function mailOf(fields: FieldsData, reader: Reader, task: ConvertTask): Promise<Mail> {
  const head: [string, string][] = [
    ['From', senderOf(fields)],
    ['To', recipients(fields, 'to')],
    ['Cc', recipients(fields, 'cc')],
    ['Date', dateOf(fields)],
    ...itemFacts(fields),
  ]
  const attachments: Mail['attachments'] = []
  const inline = new Map<string, FieldsData>()
  for (const each of fields.attachments ?? []) {
    const name = each.fileName ?? each.fileNameShort ?? each.name ?? 'unnamed'
    if (each.pidContentId !== undefined && each.pidContentId !== '') inline.set(each.pidContentId, each)
    if (each.innerMsgContentFields !== undefined)
      attachments.push({ name, mail: await mailOf(each.innerMsgContentFields, reader, task) })
    else attachments.push({ name, bytes: () => reader.getAttachment(each).content })
  }
  return {
    subject: fields.subject ?? fields.name ?? '',
    head: head.filter(([, value]) => value !== ''),
    ...(await bodyOf(fields, task, (id) => {
      const part = inline.get(id)
      return part === undefined ? undefined : task.images.add(reader.getAttachment(part).content)
    })),
    attachments,
  }
}

function senderOf(fields: FieldsData): string {
  return address(fields.senderName, fields.senderSmtpAddress ?? fields.senderEmail) ?? ''
}

function recipients(fields: FieldsData, type: 'to' | 'cc'): string {
  const listed = (fields.recipients ?? [])
    .filter((recipient) => (recipient.recipType ?? 'to') === type)
    .map((recipient) => address(recipient.name, recipient.smtpAddress ?? recipient.email))
    .filter((recipient) => recipient !== undefined)
  if (listed.length > 0) return listed.join(', ')
  // Drafts and some exports have only the names that the program displays.
  const shown = fields.rawProps?.find(({ propertyTag }) => propertyTag?.startsWith(DISPLAYED[type]))?.value
  return typeof shown === 'string'
    ? shown
        .split(/\s*;\s*/)
        .filter((name) => name !== '')
        .join(', ')
    : ''
}

/** Tags of PidTagDisplayTo and PidTagDisplayCc (MS-OXPROPS). */
const DISPLAYED = { to: '0e04', cc: '0e03' }

/** In the sender's time zone if the header that came with the message has it; else in UTC. */
function dateOf(fields: FieldsData): string {
  const written = /^Date:\s*(.*)$/im.exec(fields.headers ?? '')?.[1]
  const time = [fields.clientSubmitTime, fields.messageDeliveryTime, fields.creationTime].find(
    (each) => each !== undefined && !Number.isNaN(Date.parse(each)),
  )
  return zonedDate(written ?? '') ?? (time === undefined ? '' : new Date(time).toISOString().replace(/\.\d+Z$/, 'Z'))
}

/** The properties of a contact or an appointment, under the names that people know. */
const ITEM_FACTS: [string, keyof FieldsData][] = [
  ['Start', 'apptStartWhole'],
  ['End', 'apptEndWhole'],
  ['Location', 'apptLocation'],
  ['Place', 'location'],
  ['Given name', 'givenName'],
  ['Middle name', 'middleName'],
  ['Surname', 'surname'],
  ['Title', 'title'],
  ['Company', 'companyName'],
  ['Department', 'departmentName'],
  ['E-mail', 'email1EmailAddress'],
  ['Business telephone', 'businessTelephoneNumber'],
  ['Home telephone', 'homeTelephoneNumber'],
  ['Mobile telephone', 'mobileTelephoneNumber'],
  ['Fax', 'businessFaxNumber'],
  ['Business address', 'workAddress'],
  ['Postal address', 'postalAddress'],
  ['Street', 'streetAddress'],
  ['City', 'addressCity'],
  ['Postal code', 'postalCode'],
  ['Country', 'country'],
  ['Web page', 'businessHomePage'],
  ['Instant messages', 'instMsg'],
]

function itemFacts(fields: FieldsData): [string, string][] {
  if (!/^IPM\.(?:Contact|Appointment|Schedule|Task|Activity|StickyNote)/i.test(fields.messageClass ?? '')) return []
  return ITEM_FACTS.map(([name, key]): [string, string] => {
    const value = fields[key]
    return [name, typeof value === 'string' ? value.replace(/\s+/g, ' ').trim() : '']
  })
}

type Reader = InstanceType<typeof MsgReader>

function open(task: ConvertTask, bytes: Buffer): { reader: Reader; fields: FieldsData } {
  let problem: unknown
  try {
    const source = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer
    let reader = new MsgReader(source)
    let fields = reader.getFileData()
    // Strings that are not Unicode are in the code page that the message names.
    const label = labelOfCodepage(fields.messageCodepage ?? fields.internetCodepage)
    const isUsual = label === 'windows-1252' || label === 'utf-8'
    const lacksRecipients = (fields.recipients ?? []).length === 0
    if (!isUsual || lacksRecipients) {
      reader = new MsgReader(source)
      reader.parserConfig = { includeRawProps: lacksRecipients, ...(isUsual ? {} : { ansiEncoding: label }) }
      fields = reader.getFileData()
    }
    if (fields.error === undefined && fields.dataType === 'msg') return { reader, fields }
    problem = fields.error
  } catch (error) {
    problem = damageOf(error)
  }
  throw new DocumentError(
    'corrupt',
    `${task.label} is damaged: ${typeof problem === 'string' ? problem : 'it is not a message'}.`,
    'Save it again from the mail program.',
  )
}

/** `Name <a@b>`. Exchange's internal addresses mean nothing to people. */
function address(name: string | undefined, email: string | undefined): string | undefined {
  const mail = email !== undefined && /^[^\s/]+@[^\s/]+$/.test(email) ? email : undefined
  const person = name === undefined || name === '' || name === mail ? undefined : name
  if (person === undefined) return mail
  return mail === undefined ? person : `${person} <${mail}>`
}

async function bodyOf(
  fields: FieldsData,
  task: ConvertTask,
  inline: (id: string) => string | undefined,
): Promise<Pick<Mail, 'body' | 'plain' | 'notes'>> {
  const html =
    fields.bodyHtml ?? (fields.html === undefined ? undefined : decodeHtml(fields.html, fields.internetCodepage))
  if (html !== undefined && html.trim() !== '') {
    const image = (source: string): string | undefined =>
      /^cid:/i.test(source) ? inline(source.slice(4)) : storedImage(source, task)
    const markdown = htmlToMarkdown(html, { image })
    if (markdown !== '') return { body: markdown, plain: plainOfHtml(html) }
  }
  const text = (fields.body ?? '').replace(/\r\n?/g, '\n')
  if (text.trim() !== '' || fields.compressedRtf === undefined)
    return { body: textToMarkdown(text), plain: [{ text }], notes: [] }
  const rtf = textOfCompressedRtf(fields.compressedRtf)
  return {
    body: textToMarkdown(rtf ?? ''),
    plain: [{ text: rtf ?? '' }],
    notes: rtf === undefined ? ['The text of the message, which is compressed RTF, is damaged.'] : [],
  }
}

function decodeHtml(bytes: Uint8Array, codepage: number | undefined): string {
  return new TextDecoder(labelOfCodepage(codepage ?? 65_001)).decode(bytes)
}
