// An entry of a feed as a document: the page that it links to, or else what the feed has of it, with a note.
import { createHash } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { urlStem } from '../../core/document/source-path.ts'
import { DocumentError, type Failure } from '../../core/errors.ts'
import type { ScheduledSource } from '../../core/sources-yaml.ts'
import type { PendingEntry } from '../../io/sidecar/visits.ts'
import { extensionOfFetched, fetchUrl } from '../../io/web/fetch-url.ts'
import { fetchedCandidate, type Candidate } from '../ingest/url-candidate.ts'
import type { VisitTools } from './visiting.ts'

/** No document: the base has it, or there is nothing to add. */
export type FetchedEntry = {
  entry: PendingEntry
  document?: Candidate | { kind: 'failed'; origin: string; failure: Failure } | undefined
}

export class EntryFetcher {
  readonly #tools: VisitTools
  readonly #feed: ScheduledSource
  /** Entries whose linked page is not fit to be a document, and why. */
  readonly #unfit = new Set<string>()
  readonly #paths: string[] = []
  #count = 0

  constructor(tools: VisitTools, feed: ScheduledSource) {
    this.#tools = tools
    this.#feed = feed
  }

  /** Whether the entry's own content can be added next, which is then done. */
  mayUseOwn({ id, content }: PendingEntry): boolean {
    if (content === '' || this.#unfit.has(id)) return false
    this.#unfit.add(id)
    return true
  }

  /** Throws the signal's reason. */
  async fetch(entry: PendingEntry, isInBase: (origin: string) => boolean): Promise<FetchedEntry> {
    const own = `${this.#feed.url}#${entry.id}`
    if (isInBase(own)) return { entry }
    const { link } = entry
    if (link === undefined) return { entry, document: await this.#own(entry, own, undefined) }
    if (this.#unfit.has(entry.id)) return { entry, document: await this.#own(entry, own, `${link} could not be read.`) }
    try {
      const { base, allowPrivate, signal } = this.#tools
      const fetched = await fetchUrl(link, this.#path(), { limits: base.config.limits, allowPrivate, signal })
      return {
        entry,
        document: fetchedCandidate(fetched, {
          origin: link,
          stem: urlStem(new URL(link)),
          extension: extensionOfFetched(fetched),
        }),
      }
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error
      if (isInBase(link)) return { entry }
      const { failure } = error
      const document = await this.#own(entry, own, failure.message)
      return { entry, document: document ?? { kind: 'failed', origin: link, failure } }
    }
  }

  /** Removes what was fetched. */
  async discard(): Promise<void> {
    for (const path of this.#paths.splice(0)) await rm(path, { force: true })
  }

  /** The entry's own content; undefined if it has none. `reason`: why it is not the page that it links to. */
  async #own(entry: PendingEntry, origin: string, reason: string | undefined): Promise<Candidate | undefined> {
    const { title, content } = entry
    if (content === '') return undefined
    if (reason !== undefined)
      this.#tools.remark(`${title === '' ? 'An entry' : `"${title}"`} was added from the feed itself: ${reason}`)
    const bytes = Buffer.from(ownPage(entry, this.#feed.url, reason))
    const path = this.#path()
    await writeFile(path, bytes, { flag: 'wx', mode: 0o600 })
    return {
      kind: 'file',
      origin,
      path: Buffer.from(path),
      stem: title === '' ? `entry-${entry.id.slice(0, 8)}` : title.slice(0, 80),
      extension: '.html',
      named: true,
      size: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      encoding: 'utf-8',
    }
  }

  #path(): string {
    const path = join(this.#tools.folder, `entry-${++this.#count}`)
    this.#paths.push(path)
    return path
  }
}

/** A web page of the entry. Its markup can declare nothing about the page as a whole, such as another address. */
function ownPage({ title, link, content }: PendingEntry, feed: string, reason: string | undefined): string {
  const about = reason === undefined ? `From the feed ${feed}.` : `From the feed ${feed}, because ${reason}`
  const body = content.replace(/<(?=\/?(?:html|head|body|title|base|link|meta)\b)/gi, '&lt;')
  return [
    '<!doctype html>',
    '<html><head><meta charset="utf-8">',
    ...(link === undefined ? [] : [`<base href="${escaped(link)}">`]),
    `<title>${escaped(title)}</title></head><body><main>`,
    ...(title === '' ? [] : [`<h1>${escaped(title)}</h1>`]),
    `<p>${escaped(about)}</p>`,
    body,
    '</main></body></html>',
  ].join('\n')
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;')
}
