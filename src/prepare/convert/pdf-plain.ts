// A PDF without its layout, for machines where the native engine does not load; and what both ways share.
import { DocumentError } from '../../core/errors.ts'
import type { ConvertTask, Converted, ConvertedPage } from './converter.ts'
import type { PdfFacts } from './pdf-facts.ts'
import { rangeSections } from './pdf-sections.ts'
import { listPages, reflow } from './pdf-text.ts'

/** UTF-16 units of text over all pages. */
const TEXT_LENGTH_MAX = 64 * 1024 * 1024

/** Text by pages and the outline's sections. Reads while it is read, and closes `facts` at the end. */
export function convertPlain(task: Pick<ConvertTask, 'label'>, facts: PdfFacts): Converted {
  const notes = ['The PDF engine does not run on this machine: tables, columns and images were not read.']
  const marks = facts.outline.map(({ title, level, page }) => ({ title, level, page, opensPage: false }))
  async function* pages(): AsyncGenerator<ConvertedPage> {
    const without: number[] = []
    let n = 0
    let length = 0
    try {
      for await (const raw of facts.text(facts.pages)) {
        n++
        length += raw.length
        boundText(length, task.label)
        if (raw.trim() === '') without.push(n)
        yield { content: reflow(raw) }
      }
    } finally {
      await facts.close()
    }
    if (without.length > 0) notes.push(withoutText(without))
  }
  return {
    ...metadata(facts),
    ...(facts.title === undefined ? {} : { title: facts.title }),
    ...(marks.length === 0 ? {} : { outline: rangeSections(marks, facts.pages) }),
    body: { kind: 'pages', physical: true, pages: pages() },
    notes,
  }
}

export function metadata({ author, date, language }: PdfFacts): Pick<Converted, 'author' | 'date' | 'language'> {
  return {
    ...(author === undefined ? {} : { author }),
    ...(date === undefined ? {} : { date }),
    ...(language === undefined ? {} : { language }),
  }
}

/** Throws `DocumentError` (`bomb`) where a document's text has no end. */
export function boundText(length: number, label: string): void {
  if (length > TEXT_LENGTH_MAX)
    throw new DocumentError(
      'bomb',
      `${label} holds more than ${TEXT_LENGTH_MAX} letters of text.`,
      'Split it and add the parts.',
    )
}

export function pagesWord(pages: number[]): string {
  return pages.length === 1 ? `Page ${pages[0]}` : `Pages ${listPages(pages)}`
}

export function withoutText(pages: number[]): string {
  return `${pagesWord(pages)} ${pages.length === 1 ? 'has' : 'have'} no text.`
}
