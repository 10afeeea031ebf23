// What a model has opened for an answer: only that may be cited.
import type { QuerySources } from './query-sources.ts'

/** Where a citation is looked up. */
export type CitedSources = Pick<QuerySources, 'page' | 'pageText'>
type Span = { from: number; to: number }

export class OpenedPages implements CitedSources {
  /** By path: the text, and what was shown of it, in UTF-16 units. */
  readonly #pages = new Map<string, { text: string; spans: Span[] }>()
  /** By document and page number. */
  readonly #numbered = new Map<string, Map<number, { page: string; text: string }>>()

  showPage(path: string, text: string, { from, to }: Span): void {
    const opened = this.#pages.get(path) ?? { text, spans: [] }
    opened.spans.push({ from, to })
    this.#pages.set(path, opened)
  }

  /** `text`: what was shown of the page. */
  showNumbered(document: string, pageNumber: number, shown: { page: string; text: string }): void {
    const pages = this.#numbered.get(document) ?? new Map<number, typeof shown>()
    pages.set(pageNumber, shown)
    this.#numbered.set(document, pages)
  }

  /** What was shown of the file, with gaps between; the pages of a long document in the form of its file. */
  async page(path: string): Promise<string | undefined> {
    const opened = this.#pages.get(path)
    const lines = [...this.#numbered.values()].flatMap((pages) =>
      [...pages].flatMap(([page, shown]) =>
        shown.page === path ? [JSON.stringify({ page, content: shown.text })] : [],
      ),
    )
    if (opened === undefined) return lines.length === 0 ? undefined : lines.join('\n')
    return [...joined(opened.spans).map(({ from, to }) => opened.text.slice(from, to)), ...lines].join('\n\f\n')
  }

  async pageText(document: string, pageNumber: number): Promise<{ page: string; text: string } | undefined> {
    return this.#numbered.get(document)?.get(pageNumber)
  }
}

/** Spans that meet are one: a quote may go over where a page was cut. */
function joined(spans: readonly Span[]): Span[] {
  const found: Span[] = []
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = found.at(-1)
    if (last !== undefined && span.from <= last.to) last.to = Math.max(last.to, span.to)
    else found.push({ ...span })
  }
  return found
}
