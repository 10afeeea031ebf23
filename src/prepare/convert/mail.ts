// A message of any format as Markdown: its header, its text, attached messages as sections, and the names of other
// attachments. Those of a known format become documents of their own.
import { Fences } from '../markdown-lines.ts'
import type { Converted, ConvertTask } from './converter.ts'
import { escapeText, heading } from './markdown.ts'
import type { TextPart } from './mail-parts.ts'

export type Mail = {
  subject: string
  /** Header lines by name: `From`, `To`, `Date`, … */
  head: [string, string][]
  /** Markdown. */
  body: string
  plain: NonNullable<Converted['plain']>
  /** Sentences that a reader should know. */
  notes?: string[]
  attachments: Attachment[]
}

export type Attachment = { name: string; mail: Mail } | { name: string; bytes: () => Uint8Array } | TextPart

/** Levels of nested messages to write; deeper ones are only named. */
const DEPTH_MAX = 8

/** The message and everything inside it. */
export async function mailToMarkdown(
  mail: Mail,
  task: ConvertTask,
): Promise<Pick<Converted, 'body' | 'notes' | 'plain'>> {
  const writer = new MailWriter(task)
  const blocks = await writer.blocks(mail, 1)
  return {
    body: { kind: 'flow', markdown: blocks.join('\n\n') },
    notes: writer.notes,
    plain: writer.plain,
  }
}

class MailWriter {
  readonly notes: string[] = []
  readonly plain: { text: string; where?: string }[] = []
  readonly #task: ConvertTask

  constructor(task: ConvertTask) {
    this.#task = task
  }

  async blocks(mail: Mail, level: number): Promise<string[]> {
    this.plain.push(...mail.plain)
    this.notes.push(...(mail.notes ?? []))
    const blocks = [
      heading(level, escapeText(mail.subject)),
      mail.head.map(([name, value]) => `- **${name}:** ${escapeText(value)}`).join('\n'),
      deeper(mail.body.trim(), level),
    ]
    // A list of names is not text: one line says what is attached, so that nothing in it is taken for a topic.
    const names: string[] = []
    const sections: string[] = []
    for (const attachment of mail.attachments) {
      const section = await this.#section(attachment, level + 1)
      sections.push(...(section ?? []))
      // Messages and text have a heading that says what they are.
      if (!('bytes' in attachment) && section !== undefined) continue
      names.push(`\`${oneLine(attachment.name).replaceAll('`', "'")}\`${section === undefined ? ' (not read)' : ''}`)
    }
    if (names.length > 0) blocks.push(`*Attached:* ${names.join(', ')}`)
    return [...blocks, ...sections].filter((block) => block !== '')
  }

  /** Undefined if the attachment cannot be read; empty if it is a document of its own. */
  async #section(attachment: Attachment, level: number): Promise<string[] | undefined> {
    const name = oneLine(attachment.name)
    if ('mail' in attachment) {
      if (level > DEPTH_MAX) {
        this.notes.push(
          `The attached message "${name}" is not included: messages are read up to ${DEPTH_MAX} levels deep.`,
        )
        return undefined
      }
      const { mail } = attachment
      return this.blocks({ ...mail, subject: mail.subject === '' ? name : mail.subject }, level)
    }
    if ('markdown' in attachment) {
      if (attachment.markdown === '') return undefined
      this.plain.push({ text: attachment.plain })
      return [heading(level, escapeText(name)), attachment.markdown]
    }
    const bytes = attachment.bytes()
    const picture = this.#task.images.add(bytes)
    const part = await this.#task.part?.(bytes, attachment.name)
    if (picture !== undefined) return [heading(level, escapeText(name)), `![${escapeText(name)}](${picture})`]
    if (part === undefined) return undefined
    if (part.kind === 'document') return []
    if (part.kind === 'failed') {
      this.notes.push(`The attachment "${name}" is not read: ${part.failure.message}`)
      return undefined
    }
    this.notes.push(...part.notes.map((note) => `${name}: ${note}`))
    return [heading(level, escapeText(name)), deeper(part.markdown, level)].filter((block) => block !== '')
  }
}

/** Headings in the text go below the message's own. */
function deeper(markdown: string, level: number): string {
  const fences = new Fences()
  const more = '#'.repeat(Math.max(0, level - 1))
  if (more === '') return markdown
  return markdown
    .split('\n')
    .map((line) => (fences.feed(line) ? line : line.replace(/^(#{1,6})(?= )/, (marks) => (marks + more).slice(0, 6))))
    .join('\n')
}

/** A date as in mail (RFC 5322, 3.3), in ISO 8601 with its own time zone; undefined if it is not a date. */
export function zonedDate(written: string): string | undefined {
  const utc = Date.parse(written)
  if (Number.isNaN(utc)) return undefined
  const [, sign = '+', hours = '00', minutes = '00'] = /([+-])(\d{2})(\d{2})\b/.exec(written) ?? []
  const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
  const local = new Date(utc + offset * 60_000).toISOString().replace(/\.\d+Z$/, '')
  return offset === 0 ? `${local}Z` : `${local}${sign}${hours}:${minutes}`
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\s]+/gu, ' ').trim()
}
