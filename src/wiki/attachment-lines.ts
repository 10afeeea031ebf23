// The lines of a summary page that link a message with the documents attached to it, in both directions.
import type { DocumentRecord } from '../core/document/document.ts'
import { linkTarget } from '../core/layout.ts'
import { cutPage, joinPage } from '../core/page/page-text.ts'
import { wikilink } from '../core/page/page.ts'
import { shownText } from '../core/page/sanitize.ts'

export type Linked = Pick<DocumentRecord, 'summary' | 'title'>
type Links = Pick<DocumentRecord, 'attachments' | 'attachedTo'>

const LABELS = { attachments: 'Attachments', attachedTo: 'Attached to' } as const
/** Links per line. */
const LINKS_MAX = 50
const OWN_LINE = /^- (?:Attachments|Attached to): .*\n?/gm

/** `find` returns a document by its name; documents that are gone are omitted. */
export function attachmentLines(record: Links, find: (name: string) => Linked | undefined): string[] {
  return (['attachments', 'attachedTo'] as const).flatMap((kind) => {
    const linked = (record[kind] ?? []).flatMap((name) => find(name) ?? [])
    if (linked.length === 0) return []
    const links = linked
      .slice(0, LINKS_MAX)
      .map(({ summary, title }) => wikilink(linkTarget(summary), shownText(title)))
    const more = linked.length > LINKS_MAX ? `, and ${linked.length - LINKS_MAX} more` : ''
    return [`- ${LABELS[kind]}: ${links.join(', ')}${more}`]
  })
}

/** Puts these lines into the page's source section, replacing the existing ones. */
export function withAttachmentLines(page: string, lines: string[]): string {
  const cut = cutPage(page)
  const sections = cut.sections.map((section) => {
    if (section.heading !== 'Source') return section
    const bare = section.text.replace(OWN_LINE, '')
    const original = /^- Original: .*$/m.exec(bare)
    const place = original === null ? bare.trimEnd().length : original.index + original[0].length
    return { ...section, text: [bare.slice(0, place), ...lines.map((line) => `\n${line}`), bare.slice(place)].join('') }
  })
  return joinPage({ ...cut, sections })
}
