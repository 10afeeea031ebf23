// Mail (RFC 5322 with MIME): sender, recipients, subject, the body, and the attachments.
import { readFile } from 'node:fs/promises'
import type { Address, Attachment, Email } from 'postal-mime'
import { DocumentError } from '../../core/errors.ts'
import { htmlToMarkdown } from '../html-markdown.ts'
import { plainOfHtml } from '../html-plain.ts'
import type { Converted, Converter, ConvertTask } from './converter.ts'
import { LineJoiningParser } from './eml-parser.ts'
import { unicodeOf } from './encoding.ts'
import { nameOfType, textPart } from './mail-parts.ts'
import { mailToMarkdown, zonedDate, type Mail } from './mail.ts'
import { storedImage } from './stored-image.ts'
import { textToMarkdown } from './txt.ts'

/** Bytes: all parts of a message are in memory at once. */
const MAIL_BYTES_MAX = 128 * 1024 * 1024
const ADDRESSES_SHOWN = 20
/** Maximum nesting of parts, and of messages. */
const PARTS_DEPTH_MAX = 64
const MAILS_DEPTH_MAX = 8

export const convert: Converter = async (task) => {
  if (task.size > MAIL_BYTES_MAX) {
    throw new DocumentError(
      'tooLarge',
      `${task.label} is too large for a message (${task.size} bytes).`,
      `Messages up to ${MAIL_BYTES_MAX} bytes are accepted; save its attachments and add those.`,
    )
  }
  const email = await parse(asUtf8(await readFile(task.path)))
  if (email.headers.length === 0)
    throw new DocumentError(
      'corrupt',
      `${task.label} is not a message: it has no header.`,
      'Save it from the mail program again.',
    )
  return { ...factsOf(email), ...(await mailToMarkdown(await mailOf(email, task, 0), task)) }
}

/** The bytes of a message that an editor saved as Unicode: with a byte order mark, or as UTF-16. */
function asUtf8(bytes: Buffer): Uint8Array {
  const unicode = unicodeOf(bytes)
  return unicode === undefined ? bytes : Buffer.from(new TextDecoder(unicode).decode(bytes))
}

function parse(bytes: Uint8Array): Promise<Email> {
  return new LineJoiningParser({ maxNestingDepth: PARTS_DEPTH_MAX, forceRfc822Attachments: true }).parse(bytes)
}

function factsOf(mail: Email): Partial<Converted> {
  const from = addresses(mail.from === undefined ? [] : [mail.from])
  const to = addresses(mail.to)
  const author = mail.from?.name || from
  const date = dateOf(mail)
  return {
    ...(mail.subject === undefined ? {} : { title: mail.subject, subject: mail.subject }),
    ...(from === '' ? {} : { from, author }),
    ...(to === '' ? {} : { to }),
    ...(date === '' ? {} : { date }),
  }
}

async function mailOf(email: Email, task: ConvertTask, depth: number): Promise<Mail> {
  const head: [string, string][] = [
    ['From', addresses(email.from === undefined ? [] : [email.from])],
    ['To', addresses(email.to)],
    ['Cc', addresses(email.cc)],
    ['Bcc', addresses(email.bcc)],
    ['Date', dateOf(email)],
  ]
  const attachments: Mail['attachments'] = []
  for (const part of email.attachments) {
    if (part.related === true && part.mimeType.startsWith('image/')) continue
    const bytes = bytesOf(part)
    const name = part.filename ?? nameOfType(part.mimeType)
    const text = textPart(part.mimeType, part.filename ?? undefined, bytes)
    if (text !== undefined) {
      // Invitations are often in a message twice: as one of its forms, and as a file.
      if (!attachments.some((other) => 'markdown' in other && other.markdown === text.markdown)) attachments.push(text)
      continue
    }
    const inner = part.mimeType === 'message/rfc822' && depth < MAILS_DEPTH_MAX ? await parse(bytes) : undefined
    if (inner !== undefined && inner.headers.length > 0)
      attachments.push({ name, mail: await mailOf(inner, task, depth + 1) })
    else attachments.push({ name, bytes: () => bytes })
  }
  return {
    subject: email.subject ?? '',
    head: head.filter(([, value]) => value !== ''),
    ...bodyOf(email, task),
    attachments,
  }
}

/** In the time zone of the sender's clock, as given in the message. */
function dateOf(mail: Email): string {
  const written = mail.headers.find(({ key }) => key === 'date')?.value ?? ''
  return zonedDate(written) ?? mail.date ?? ''
}

function addresses(list: Address[] = []): string {
  const flat = list.flatMap((entry) => (entry.group === undefined ? [entry] : entry.group))
  const shown = flat.slice(0, ADDRESSES_SHOWN).map(mailbox)
  return [...shown, ...(flat.length > ADDRESSES_SHOWN ? [`and ${flat.length - ADDRESSES_SHOWN} more`] : [])].join(', ')
}

/** As in RFC 5322: a name with a comma or another special character is quoted, or it would read as two. */
function mailbox({ name, address = '' }: Omit<Address, 'group'>): string {
  if (name === '' || name === address) return address
  const shown = /[()<>[\]:;@\\,"]/.test(name) ? `"${name.replace(/["\\]/g, '\\$&')}"` : name
  return `${shown} <${address}>`
}

function bodyOf(mail: Email, task: ConvertTask): Pick<Mail, 'body' | 'plain'> {
  const inline = new Map(
    mail.attachments.flatMap((part) =>
      part.contentId === undefined ? [] : [[part.contentId.replace(/^<|>$/g, ''), part] as const],
    ),
  )
  const image = (source: string): string | undefined => {
    const part = /^cid:/i.test(source) ? inline.get(source.slice(4)) : undefined
    return part === undefined ? storedImage(source, task) : task.images.add(bytesOf(part))
  }
  const html = mail.html === undefined ? '' : htmlToMarkdown(mail.html, { image })
  if (html.trim() !== '') return { body: html, plain: plainOfHtml(mail.html ?? '') }
  const text = (mail.text ?? '').replace(/\r\n?/g, '\n')
  return { body: textToMarkdown(text), plain: [{ text }] }
}

function bytesOf({ content }: Attachment): Uint8Array {
  return typeof content === 'string'
    ? Buffer.from(content)
    : new Uint8Array(content instanceof ArrayBuffer ? content : content.slice())
}
