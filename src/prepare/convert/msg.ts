// Outlook messages: headers to metadata, the body, the names of what is attached.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { default as MsgReaderModule, FieldsData } from '@kenjiuno/msgreader'
import { DocumentError, messageOf } from '../../core/errors.ts'
import { htmlToMarkdown } from '../html-markdown.ts'
import type { ConvertTask, Converted } from './converter.ts'
import { escapeText } from './markdown.ts'

// CommonJS with a default of its own, which loaders unwrap in different ways.
const { default: MsgReader } = createRequire(import.meta.url)('@kenjiuno/msgreader') as typeof MsgReaderModule

/** Read as a whole. */
const MSG_BYTES_MAX = 256 * 1024 * 1024

export async function convert(task: ConvertTask): Promise<Converted> {
  if (task.size > MSG_BYTES_MAX)
    throw new DocumentError(
      'tooLarge',
      `${task.label} is larger than ${MSG_BYTES_MAX} bytes, the most of a message.`,
      'Add its attachments one by one.',
    )
  const bytes = await readFile(task.path)
  const { reader, fields } = open(task, bytes)
  const from = address(fields.senderName, fields.senderSmtpAddress ?? fields.senderEmail)
  const to = (fields.recipients ?? [])
    .filter((recipient) => (recipient.recipType ?? 'to') === 'to')
    .map((recipient) => address(recipient.name, recipient.smtpAddress ?? recipient.email))
    .filter((recipient) => recipient !== undefined)
    .join(', ')
  const date = [fields.clientSubmitTime, fields.messageDeliveryTime, fields.creationTime].find(
    (time) => time !== undefined && !Number.isNaN(Date.parse(time)),
  )
  const attached = [...attachments(reader, fields, task)]
  const list = attached.length === 0 ? [] : ['**Attachments**', attached.join('\n')]
  return {
    ...(fields.subject === undefined || fields.subject === ''
      ? {}
      : { title: fields.subject, subject: fields.subject }),
    ...(from === undefined ? {} : { from, author: fields.senderName ?? from }),
    ...(to === '' ? {} : { to }),
    ...(date === undefined ? {} : { date: new Date(date).toISOString() }),
    body: { kind: 'flow', markdown: [body(fields), ...list].filter((part) => part !== '').join('\n\n') },
  }
}

function open(task: ConvertTask, bytes: Buffer): { reader: InstanceType<typeof MsgReader>; fields: FieldsData } {
  let said: unknown
  try {
    const reader = new MsgReader(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer)
    const fields = reader.getFileData()
    if (fields.error === undefined && fields.dataType === 'msg') return { reader, fields }
    said = fields.error
  } catch (error) {
    said = messageOf(error)
  }
  throw new DocumentError(
    'corrupt',
    `${task.label} is damaged: ${typeof said === 'string' ? said : 'it is no message'}.`,
    'Save it again from the mail program.',
  )
}

/** `Name <a@b>`. Exchange's internal addresses say nothing to people. */
function address(name: string | undefined, email: string | undefined): string | undefined {
  const mail = email !== undefined && /^[^\s/]+@[^\s/]+$/.test(email) ? email : undefined
  const person = name === undefined || name === '' || name === mail ? undefined : name
  if (person === undefined) return mail
  return mail === undefined ? person : `${person} <${mail}>`
}

function body(fields: FieldsData): string {
  const html =
    fields.bodyHtml ?? (fields.html === undefined ? undefined : decodeHtml(fields.html, fields.internetCodepage))
  if (html !== undefined && html.trim() !== '')
    return htmlToMarkdown(html, { image: (source) => (/^https?:/i.test(source) ? source : undefined) })
  return (fields.body ?? '')
    .replace(/\r\n?/g, '\n')
    .split(/\n\s*\n/)
    .map((paragraph) => escapeText(paragraph.trim()).replace(/[ \t]*\n/g, '\\\n'))
    .filter((paragraph) => paragraph !== '')
    .join('\n\n')
}

/** `codepage` is Windows' number of an encoding, 65001 for UTF-8. */
function decodeHtml(bytes: Uint8Array, codepage: number | undefined): string {
  const label =
    codepage === undefined || codepage === 65001
      ? 'utf-8'
      : codepage === 932
        ? 'shift_jis'
        : codepage === 28591
          ? 'iso-8859-1'
          : `windows-${codepage}`
  try {
    return new TextDecoder(label).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** One line an attachment; pictures are shown. */
function* attachments(
  reader: InstanceType<typeof MsgReader>,
  fields: FieldsData,
  task: ConvertTask,
): Generator<string> {
  for (const attachment of fields.attachments ?? []) {
    const name = attachment.fileName ?? attachment.fileNameShort ?? attachment.name ?? 'unnamed'
    const shown = escapeText(name.replace(/[\p{Cc}\s]+/gu, ' ').trim())
    const picture = /\.(?:png|jpe?g|gif|webp|bmp)$/i.test(name) && attachment.innerMsgContent !== true
    const stored = picture ? task.images.add(reader.getAttachment(attachment).content) : undefined
    yield stored === undefined ? `- ${shown}` : `- ${shown}: ![${shown}](${stored})`
  }
}
