// The title of a document: its own, unless it is one that any document may have.
import { oneLine } from '../../core/page/sanitize.ts'
import type { Block } from './text-blocks.ts'
import type { Topic } from './topic.ts'

const TITLE_CHARS_MAX = 200

type Titles = { title?: string | undefined; fallbackTitle: string }

/** What a part of any document may be called. */
export function isGenre(title: string): boolean {
  return /^(?:abstract|(?:executive )?summary|introduction|(?:table of )?contents|overview|motivations?|background|preface|foreword|drawbacks?|alternatives?|rationale(?: and alternatives)?|(?:detailed )?design|(?:guide|reference)-level explanation|prior art|(?:unresolved|open) questions?|future (?:work|possibilities)|appendix(?: \w)?|notes?|readme|index|chapter \d+|part \d+|sheet ?\d*|\d+|name|synopsis|end|title slide|(?:slide|page) \d+)$/i.test(
    title.trim(),
  )
}

/** A title that any document may have, with what this one is about. */
export function tellingTitle(title: string, topics: Topic[]): string {
  const names = topics.filter(({ type }) => type !== 'person').map(({ name }) => name)
  if (!isGenre(title) || names.length === 0) return title
  return oneLine(
    `${title.charAt(0).toUpperCase()}${title.slice(1)}: ${names.slice(0, 2).join(' and ')}`,
    TITLE_CHARS_MAX,
  )
}

export function titleOf({ title, fallbackTitle }: Titles, blocks: Block[]): string {
  const stated = oneLine(title ?? '', TITLE_CHARS_MAX)
  if (
    (stated.length > 1 || /\p{L}/u.test(stated)) &&
    !isGenre(stated) &&
    !/^(?:untitled|microsoft word|microsoft powerpoint|document\s?\d*|sheet\s?\d*|slide \d+|presentation\s?\d*|title|(?:.*\.(?:docx?|pptx?|pdf|tex|dvi|indd|xlsx?)))\b/i.test(
      stated,
    )
  )
    return stated
  // A notice may precede the title; a lower heading further down is a section's.
  const first = blocks.slice(0, 4).find(({ kind, level }, index) => kind === 'heading' && (index === 0 || level === 1))
  if (first !== undefined && !isGenre(first.text)) {
    const heading = oneLine(first.text.replaceAll('`', ''), TITLE_CHARS_MAX)
    if (/\p{L}{2}/u.test(heading)) return heading
  }
  return oneLine(fallbackTitle.replace(/[-_]+/g, ' '), TITLE_CHARS_MAX) || 'Untitled'
}
