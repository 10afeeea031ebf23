// The texts of documents as pieces that the site's search finds: pages of long ones, sections of short ones.
import { splitCoverageNote } from '../../core/document/coverage-note.ts'
import { parsePages } from '../../core/document/stored-text.ts'
import type { ListedDocument } from '../../core/results.ts'
import { plain } from '../load/passage.ts'
import { headingId, type Place } from '../places.ts'
import type { ViewSource } from '../source.ts'

/** Characters of all texts in the index, which a reader downloads. Of a larger base, each document has its share. */
const TEXTS_CHARS_MAX = 4_000_000
/** Characters of one piece: a longer section is several. */
const PIECE_CHARS_MAX = 2_000

/** `where`: the page or the heading. `text`: plain, on one line. */
export type TextPiece = { place: Place; where: string; text: string }

/** @param documents in the base */
export function shareOf(documents: number): number {
  return Math.floor(TEXTS_CHARS_MAX / Math.max(1, documents))
}

/** The beginning of the text, up to `chars`; empty if it cannot be read. */
export async function piecesOf(
  source: ViewSource,
  commit: string,
  { name, source: path }: ListedDocument,
  chars: number,
): Promise<TextPiece[]> {
  const stored = (await source.text(commit, path).catch(() => undefined)) ?? ''
  const pages = path.endsWith('.json') ? parsePages(stored) : undefined
  const at = (anchor: string): Place => ({ kind: 'document', name, tab: 'text', anchor })
  const sections =
    pages === undefined
      ? sectionsOf(splitCoverageNote(stored).rest).map(([heading, text]) => ({
          place: at(heading === '' ? '' : headingId(heading)),
          where: plain(heading),
          text,
        }))
      : pages.map(({ page, content }) => ({
          place: { kind: 'document', name, tab: 'text', page } as const,
          where: `p. ${page}`,
          text: content,
        }))
  const pieces: TextPiece[] = []
  let left = chars
  for (const { place, where, text } of sections) {
    for (const part of cut(plain(text).trim())) {
      if (left <= 0) return pieces
      pieces.push({ place, where, text: part.slice(0, left) })
      left -= part.length
    }
  }
  return pieces
}

/** Headings with what follows them; '' before the first one. Lines of code are no headings. */
export function sectionsOf(markdown: string): [heading: string, text: string][] {
  const sections: [heading: string, lines: string[]][] = [['', []]]
  let fence = ''
  for (const line of markdown.split('\n')) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1] ?? ''
    if (mark !== '' && (fence === '' || mark.startsWith(fence))) fence = fence === '' ? mark : ''
    const heading = fence === '' ? /^#{1,6} +(.+?)(?: +#+)?\s*$/.exec(line)?.[1] : undefined
    if (heading === undefined) sections.at(-1)?.[1].push(line)
    else sections.push([heading, []])
  }
  return sections.map(([heading, lines]) => [heading, lines.join('\n')])
}

/** At spaces. */
function cut(text: string): string[] {
  const parts: string[] = []
  let from = 0
  while (from < text.length) {
    const end = from + PIECE_CHARS_MAX
    const space = end >= text.length ? text.length : text.lastIndexOf(' ', end)
    const to = space > from ? space : end
    parts.push(text.slice(from, to))
    from = text[to] === ' ' ? to + 1 : to
  }
  return parts
}
