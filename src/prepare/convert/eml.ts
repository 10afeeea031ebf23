// Mail (RFC 5322 with MIME): who wrote what to whom, the body, and what was attached.
import { readFile } from 'node:fs/promises'
import PostalMime, { type Address, type Attachment, type Email } from 'postal-mime'
import { DocumentError } from '../../core/errors.ts'
import { htmlToMarkdown } from '../html-markdown.ts'
import type { Converted, Converter, ConvertTask } from './converter.ts'
import { storedImage } from './stored-image.ts'
import { escapeText, heading } from './markdown.ts'
import { textToMarkdown } from './txt.ts'

/** Bytes: all parts of a message are held at once. */
const MAIL_BYTES_MAX = 128 * 1024 * 1024
const ADDRESSES_SHOWN = 20

export const convert: Converter = async (task) => {
  if (task.size > MAIL_BYTES_MAX) {
    throw new DocumentError(
      'tooLarge',
      `${task.label} is too large for a message (${task.size} bytes).`,
      `Messages up to ${MAIL_BYTES_MAX} bytes are taken; save its attachments and add those.`,
    )
  }
  const mail = await PostalMime.parse(await readFile(task.path), { maxNestingDepth: 64 })
  if (mail.headers.length === 0)
    throw new DocumentError(
      'corrupt',
      `${task.label} is no message: it has no header.`,
      'Save it from the mail program again.',
    )
  const blocks = [
    heading(1, escapeText(mail.subject ?? '')),
    factList(mail),
    bodyOf(mail, task),
    attachmentList(mail.attachments),
  ]
  return { body: { kind: 'flow', markdown: blocks.filter((block) => block !== '').join('\n\n') }, ...factsOf(mail) }
}

function factsOf(mail: Email): Partial<Converted> {
  const from = addresses(mail.from === undefined ? [] : [mail.from])
  const to = addresses(mail.to)
  const author = mail.from?.name || from
  return {
    ...(mail.subject === undefined ? {} : { title: mail.subject, subject: mail.subject }),
    ...(from === '' ? {} : { from, author }),
    ...(to === '' ? {} : { to }),
    ...(mail.date === undefined ? {} : { date: mail.date }),
  }
}

function factList(mail: Email): string {
  const facts = {
    From: addresses(mail.from === undefined ? [] : [mail.from]),
    To: addresses(mail.to),
    Cc: addresses(mail.cc),
    Date: mail.date ?? '',
  }
  return Object.entries(facts)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `- **${name}:** ${escapeText(value)}`)
    .join('\n')
}

function addresses(list: Address[] = []): string {
  const flat = list.flatMap((entry) => (entry.group === undefined ? [entry] : entry.group))
  const shown = flat.slice(0, ADDRESSES_SHOWN).map(mailbox)
  return [...shown, ...(flat.length > ADDRESSES_SHOWN ? [`and ${flat.length - ADDRESSES_SHOWN} more`] : [])].join(', ')
}

/** As RFC 5322 writes it: a name with a comma or another mark in it stands in quotes, or it would be two. */
function mailbox({ name, address = '' }: Omit<Address, 'group'>): string {
  if (name === '' || name === address) return address
  const shown = /[()<>[\]:;@\\,"]/.test(name) ? `"${name.replace(/["\\]/g, '\\$&')}"` : name
  return `${shown} <${address}>`
}

function bodyOf(mail: Email, task: ConvertTask): string {
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
  return html.trim() === '' ? textToMarkdown((mail.text ?? '').replace(/\r\n?/g, '\n')) : html
}

function bytesOf({ content }: Attachment): Uint8Array {
  return typeof content === 'string'
    ? Buffer.from(content)
    : new Uint8Array(content instanceof ArrayBuffer ? content : content.slice())
}

function attachmentList(attachments: Attachment[]): string {
  const shown = attachments.filter((part) => part.related !== true)
  if (shown.length === 0) return ''
  const items = shown.map(
    (part) =>
      `- ${escapeText(part.filename ?? 'unnamed')} (${escapeText(part.mimeType)}, ${bytesOf(part).length} bytes)`,
  )
  return `${heading(2, 'Attachments')}\n\n${items.join('\n')}`
}
