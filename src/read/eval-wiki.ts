// What can be counted on the pages of a base without a judge: quotes that hold, links that lead somewhere, topics that are
// one, and how much of the documents was kept.
import { entryAt } from '../core/document/base-entry.ts'
import type { DocumentRecord } from '../core/document/document.ts'
import { parsePages } from '../core/document/stored-text.ts'
import { DOCUMENTS, SOURCES } from '../core/layout.ts'
import { hasWords, quotedWords } from '../core/page/quoted-words.ts'
import { headingTarget, parsePage, type Page } from '../core/page/page.ts'
import { topicKey } from '../core/page/topic.ts'
import { isBroken, linksOf, pageStems } from '../core/page/wiki-links.ts'
import type { EvalFault, Metric } from '../core/results.ts'
import type { BaseReader } from './base-reader.ts'
import { isRegistryFile, recordsIn } from './records.ts'

const PAGE_BYTES_MAX = 16 * 1024 ** 2
const TEXT_BYTES_MAX = 64 * 1024 ** 2
/** Kept share of a document's words from which it counts as whole. */
const WHOLE = 0.97

export type WikiMeasures = { records: DocumentRecord[]; metrics: Metric[]; faults: EvalFault[] }

type Quote = { page: string; words: string }

export async function measureWiki({ history }: BaseReader, commit: string): Promise<WikiMeasures> {
  const files = new Map<string, string>()
  for await (const { path, oid } of history.list(commit, [DOCUMENTS, 'raw', 'wiki'])) files.set(path, oid)
  const count = new WikiCount(files)
  const pages = [...files].filter(([path]) => path.endsWith('.md') && !path.startsWith(`${SOURCES}/`))
  const options = { bytesMax: PAGE_BYTES_MAX, skipLarger: true }
  for await (const { item, body } of history.contents(pages, ([, oid]) => oid, options))
    if (item[0].startsWith('wiki/')) count.page(item[0], body.toString())
  const records: DocumentRecord[] = []
  const registry = [...files].map(([path, oid]) => ({ path, oid })).filter(isRegistryFile)
  for await (const { record } of recordsIn(history, commit, registry)) records.push(record)
  const bySummary = new Map(records.map((record) => [record.summary, record]))
  for (const [summary, quotes] of count.quotes) {
    const record = bySummary.get(`wiki/${summary}.md`)
    const body = record && (await history.page(commit, record.source, { bytesMax: TEXT_BYTES_MAX }))
    count.quoted(quotes, record === undefined || body === undefined ? '' : textOf(record, body.toString()))
  }
  return { records, metrics: [...count.metrics(), ...coverage(records)], faults: count.faults }
}

/** The text of a document as it is stored; pages of a long one after each other. */
export function textOf({ kind }: Pick<DocumentRecord, 'kind'>, stored: string): string {
  if (kind !== 'long') return stored
  return (parsePages(stored) ?? []).map(({ content }) => content).join('\n\n')
}

class WikiCount {
  /** By the target of the document's summary. */
  readonly quotes = new Map<string, Quote[]>()
  readonly faults: EvalFault[] = []
  readonly #files: ReadonlyMap<string, string>
  readonly #stems: ReadonlySet<string>
  readonly #keys = new Map<string, string>()
  #links = { all: 0, broken: 0 }
  #quotes = { all: 0, lost: 0 }
  #topics = { all: 0, twins: 0, single: 0, undescribed: 0 }

  constructor(files: ReadonlyMap<string, string>) {
    this.#files = files
    this.#stems = pageStems(files.keys())
  }

  page(path: string, text: string): void {
    for (const link of linksOf(text)) {
      this.#links.all++
      if (!isBroken(path, link, this.#files, this.#stems)) continue
      this.#links.broken++
      this.#fault('links.resolve', path, `line ${link.line}: ${link.target}`)
    }
    const entry = entryAt(path)
    if (entry?.kind !== 'topic') return
    const page = parsePage(text)
    this.#collect(path, page)
    if (entry.part === 1) this.#topic(path, page.front)
  }

  /** The block quotes in sections of documents. */
  #collect(path: string, { sections }: Page): void {
    for (const { heading, body } of sections) {
      const target = headingTarget(heading)
      if (target?.startsWith('summaries/') !== true) continue
      const quotes = this.quotes.get(target) ?? []
      this.quotes.set(target, quotes)
      for (const [, line = ''] of body.matchAll(/^> (.+)$/gm)) {
        const words = line.replace(/\s*\((?:pages? [\d–-]+|\[\[.*\]\]|in “.*”)\)\s*$/, '')
        if (/[\p{L}\p{N}]/u.test(words)) quotes.push({ page: path, words })
      }
    }
  }

  #topic(path: string, front: Page['front']): void {
    const { title, sources, description, described_by: describer } = front
    this.#topics.all++
    if (Array.isArray(sources) && sources.length === 1) this.#topics.single++
    if ([description, describer].every((one) => typeof one !== 'string' || one.trim() === ''))
      this.#topics.undescribed++
    const key = topicKey(typeof title === 'string' ? title : path).replaceAll(' ', '')
    const other = this.#keys.get(key)
    if (other === undefined) this.#keys.set(key, path)
    else {
      this.#topics.twins++
      this.#fault('topics.twins', path, `the same topic as ${other}`)
    }
  }

  /** Quotes of one document, and its text. */
  quoted(quotes: readonly Quote[], text: string): void {
    const words = quotes.length === 0 ? '' : quotedWords(withoutReferences(text))
    for (const quote of quotes) {
      this.#quotes.all++
      if (hasWords(words, withoutReferences(quote.words))) continue
      this.#quotes.lost++
      this.#fault('citations.hold', quote.page, quote.words)
    }
  }

  #fault(metric: string, page: string, detail: string): void {
    this.faults.push({ metric, page, detail: detail.slice(0, 200) })
  }

  metrics(): Metric[] {
    const { all, twins, single, undescribed } = this.#topics
    return [
      share(
        'citations.hold',
        this.#quotes.all - this.#quotes.lost,
        this.#quotes.all,
        'quotes that are in the document, word for word',
      ),
      share('links.resolve', this.#links.all - this.#links.broken, this.#links.all, 'links that lead somewhere'),
      {
        name: 'topics',
        value: all,
        unit: 'number',
        better: 'none',
        of: all,
        about: 'concepts and entities with a page',
      },
      {
        name: 'topics.twins',
        value: twins,
        unit: 'number',
        better: 'less',
        of: all,
        about: 'pages of a topic that has another page',
      },
      share('topics.joining', all - single, all, 'topics that several documents write about'),
      share('topics.described', all - undescribed, all, 'topics with a line that says what they are'),
    ]
  }
}

/** Pages quote without numbers of references and footnotes, and without the names of links. */
function withoutReferences(text: string): string {
  return text
    .replace(/\[\^[^\]\n]*\]|\[\d+(?:[,–-] ?\d+)*\](?!\()/g, '')
    .replace(/\]\((?:[^()\n]|\([^()\n]*\))*\)/g, ']')
    .replace(/\[([^[\]]+)\]\[[^\]\n]*\]/g, '$1')
}

function coverage(records: readonly DocumentRecord[]): Metric[] {
  // A document whose words were all kept has no figure.
  const kept = records.map((record) => record.coverage ?? 1)
  const mean = kept.reduce((sum, one) => sum + one, 0)
  return [
    share('coverage.kept', mean, kept.length, 'of the words of a document, those that its text has; mean'),
    share(
      'coverage.whole',
      kept.filter((one) => one >= WHOLE).length,
      kept.length,
      `documents of which ${WHOLE * 100} % were kept`,
    ),
  ]
}

export function share(name: string, part: number, of: number, about: string): Metric {
  return { name, value: of === 0 ? null : part / of, unit: 'share', better: 'more', of, about }
}
