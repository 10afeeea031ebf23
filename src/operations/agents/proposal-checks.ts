// What has to hold of a proposed page: it is inert, its front matter is what kbgit reads, its links lead somewhere, and its
// quotes are in the documents that they are ascribed to.
import type { Snapshot } from '../../commit/work.ts'
import type { DocumentRecord } from '../../core/document/document.ts'
import { parsePages } from '../../core/document/stored-text.ts'
import { EXPLORATIONS, linkTarget } from '../../core/layout.ts'
import type { Proposal } from '../../core/options.ts'
import { frontMisfit } from '../../core/page/front-shape.ts'
import { guard } from '../../core/page/guard.ts'
import { cutPage } from '../../core/page/page-text.ts'
import { headingTarget, splitFrontMatter, type FrontMatter } from '../../core/page/page.ts'
import { frontText } from '../../core/page/sanitize.ts'
import { topicKey } from '../../core/page/topic.ts'
import { linksOf, resolveLink, type PageLink } from '../../core/page/wiki-links.ts'
import type { Problem } from '../../core/results.ts'
import { claimsIn, ELLIPSIS, type Claim } from '../../core/search/cited-quotes.ts'
import { QuoteFinder } from '../../core/search/quote-finder.ts'
import { misfitText } from '../../core/shape.ts'
import { commentsIn, hasInvisible, hiddenIn } from './hidden-text.ts'
import type { ProposedPage } from './proposal-pages.ts'

/** What follows from the registry and from other pages: nobody writes it by hand. */
const KEPT_KEYS = ['type', 'document', 'sha256', 'format', 'pages', 'sources', 'part', 'overview', 'described_by']
/** What pages show of their front matter, and search finds. */
const OWN_KEYS = 'title description aliases tags entity_type language author date url question'.split(' ')
const VALUE_CHARACTERS_MAX = 4_000
const SHOWN_CHARACTERS_MAX = 120
/** Of a quote that is looked for letter by letter. */
const LETTERS_MIN = 8

export class ProposalCheck {
  readonly #snapshot: Snapshot
  /** Whether a file of the base exists, or will. */
  readonly #exists: (path: string) => Promise<boolean>
  readonly #texts = new Map<string, Promise<{ finder: QuoteFinder; pages: Map<number, QuoteFinder> }>>()
  readonly problems: Problem[] = []

  constructor(snapshot: Snapshot, exists: (path: string) => Promise<boolean>) {
    this.#snapshot = snapshot
    this.#exists = exists
  }

  async page(page: ProposedPage): Promise<void> {
    this.#inert(page)
    this.#front(page)
    this.#sections(page)
    await this.#links(page)
    await this.#citations(page)
  }

  async sources(sources: NonNullable<Proposal['sources']>): Promise<void> {
    for (const [index, { document, quote, page }] of sources.entries()) {
      const at = `sources[${index}]`
      const record = this.#snapshot.catalog.documentByName(document)
      if (record === undefined) this.#report('source', at, `There is no document "${clip(document)}".`)
      else await this.#quote(record, quote, page, at)
    }
  }

  #report(code: Problem['code'], at: string, message: string, hint?: string): void {
    this.problems.push({ code, at, message, hint })
  }

  /** Nothing that a viewer or an editor would run, load or hide. */
  #inert({ path, before = '', texts }: ProposedPage): void {
    for (const text of texts) {
      const { body } = splitFrontMatter(text)
      const safe = guard(body, { wikilinks: true })
      const [lines, guarded] = [body.split('\n'), safe.split('\n')]
      const first = lines.findIndex((line, index) => line !== guarded[index])
      if (first !== -1)
        this.#report(
          'active',
          path,
          `"${clip(lines[first] ?? '')}" has HTML, a picture from elsewhere, or something that a viewer may run.`,
          `Write it like this, or leave it out: ${clip(guarded[first] ?? '')}`,
        )
      for (const { line, what } of hiddenIn(text, before))
        this.#report('hidden', path, `"${clip(line)}" has ${what}.`, 'Write what readers shall see, and nothing else.')
    }
  }

  /** In the commit's message, which agents read, too. */
  reason(reason: string): void {
    if (hasInvisible(reason)) this.#report('hidden', 'reason', 'The reason has characters that nobody sees.')
  }

  #front({ path, before, after }: ProposedPage): void {
    const { front } = splitFrontMatter(after)
    const old: FrontMatter = before === undefined ? {} : splitFrontMatter(before).front
    if (cutPage(after).front !== '' && splitFrontMatter(after).body === after)
      return this.#report('frontMatter', path, 'The front matter is not YAML with keys and values.')
    const had = before === undefined ? [] : commentsIn(cutPage(before).front)
    for (const comment of commentsIn(cutPage(after).front).filter((line) => !had.includes(line)))
      this.#report('hidden', path, `"${clip(comment)}" is a comment in the front matter, which no reader sees.`)
    const misfit = frontMisfit(front)
    if (misfit !== undefined) this.#report('frontMatter', path, `In the front matter ${misfitText(misfit)}.`)
    if (before === undefined) return this.#newFront(path, front)
    for (const key of KEPT_KEYS)
      if (JSON.stringify(front[key]) !== JSON.stringify(old[key]))
        this.#report(
          'frontMatter',
          path,
          `kbgit keeps "${key}" itself.`,
          `Leave it as it was: ${clip(JSON.stringify(old[key]) ?? 'absent')}`,
        )
    for (const [key, value] of Object.entries(front))
      if (JSON.stringify(value) !== JSON.stringify(old[key])) this.#value(path, key, value)
  }

  #newFront(path: string, front: FrontMatter): void {
    const type = path.startsWith(`${EXPLORATIONS}/`)
      ? 'exploration'
      : path.startsWith('wiki/entities/')
        ? 'entity'
        : 'concept'
    if (front['type'] !== type || typeof front['title'] !== 'string' || front['title'].trim() === '')
      this.#report('frontMatter', path, `The front matter of a new page here has "type: ${type}" and a title.`)
    const sources = front['sources']
    if (sources !== undefined && (!Array.isArray(sources) || sources.length > 0))
      this.#report(
        'frontMatter',
        path,
        'A page gets its sources from documents that are compiled.',
        'Write "sources: []".',
      )
    for (const key of ['overview', 'part', 'described_by', 'document', 'sha256'])
      if (front[key] !== undefined) this.#report('frontMatter', path, `kbgit keeps "${key}" itself.`)
    for (const [key, value] of Object.entries(front)) this.#value(path, key, value)
  }

  #value(path: string, key: string, value: unknown): void {
    if (KEPT_KEYS.includes(key)) return
    if (!OWN_KEYS.includes(key))
      return this.#report(
        'frontMatter',
        path,
        `"${clip(key)}" in the front matter is not for agents to write.`,
        `They may write ${OWN_KEYS.join(', ')}.`,
      )
    if ([value].flat().some((item) => typeof item === 'object' && item !== null))
      return this.#report('frontMatter', path, `"${key}" in the front matter is a text, or a list of texts.`)
    for (const text of [value].flat())
      if (typeof text === 'string' && frontText(text, VALUE_CHARACTERS_MAX) !== text.trim())
        this.#report('active', path, `"${key}" in the front matter is not one line of plain text.`)
  }

  /** Sections of documents come and go with documents. */
  #sections({ path, before, after }: ProposedPage): void {
    const [had, has] = [documentSections(before ?? ''), documentSections(after)]
    for (const target of has.filter((one, index) => !had.includes(one) || has.indexOf(one) !== index))
      this.#report(
        'section',
        path,
        had.includes(target)
          ? `The page has two sections for "${target}".`
          : `A section for "${target}" is written when that document is compiled.`,
        'Write a section with a heading of its own, and link to the document in it.',
      )
    for (const target of had.filter((one) => !has.includes(one)))
      this.#report('section', path, `The section for "${target}" is missing.`, 'It goes when the document is removed.')
  }

  async #links({ path, before, after }: ProposedPage): Promise<void> {
    const old = new Set(linksOf(before ?? '').map(({ target }) => target))
    const seen = new Set<string>()
    for (const link of linksOf(after)) {
      if (old.has(link.target) || seen.has(link.target) || (await this.#leadsSomewhere(path, link))) continue
      seen.add(link.target)
      const known = this.#pageNamed(link.target)
      this.#report(
        'brokenLink',
        `${path}:${link.line}`,
        `The link to "${clip(link.target)}" leads nowhere.`,
        known === undefined ? 'Write the name without brackets.' : `Write [[${known}|${clip(link.target)}]].`,
      )
    }
  }

  async #leadsSomewhere(path: string, link: PageLink): Promise<boolean> {
    for (const candidate of resolveLink(path, link)) if (await this.#exists(candidate)) return true
    return false
  }

  /** The target of the page or document that a person would mean. */
  #pageNamed(target: string): string | undefined {
    const { catalog } = this.#snapshot
    const name = target.slice(target.lastIndexOf('/') + 1)
    for (const kind of ['concept', 'entity'] as const) {
      const topic = catalog.topic(kind, [topicKey(name)])
      if (topic !== undefined) return linkTarget(topic.path)
    }
    const document = catalog.documentByName(name)
    return document === undefined ? undefined : linkTarget(document.summary)
  }

  /** New quotations of a page or a document, as `kbgit verify` reads them. */
  async #citations({ path, before, after }: ProposedPage): Promise<void> {
    const bodyOf = (text: string): string => splitFrontMatter(text).body
    const key = ({ page, pageNumber, quote }: Claim): string => JSON.stringify([page, pageNumber, quote])
    const old = new Set(claimsIn(bodyOf(before ?? '')).map(key))
    for (const claim of claimsIn(bodyOf(after))) {
      const { page, pageNumber, quote } = claim
      if (quote === undefined || old.has(key(claim))) continue
      const target = page.replace(/^wiki\//, '').replace(/\.(?:md|json)$/, '')
      const record = /^(?:(?:sources|summaries)\/|[^/]+$)/.test(target) ? this.#documentNamed(target) : undefined
      const pieces = quote.split(ELLIPSIS).filter((piece) => /[\p{L}\p{N}]/u.test(piece))
      if (record === undefined) await this.#onPage(`wiki/${target}.md`, pieces, path)
      else
        for (const piece of pieces)
          // A few letters are looked for as whole words.
          if (
            (piece.match(/\p{L}/gu)?.length ?? 0) >= LETTERS_MIN ||
            !(await this.#textOf(record)).finder.mentions(piece)
          )
            await this.#quote(record, piece, pageNumber, path)
    }
  }

  #documentNamed(target: string): DocumentRecord | undefined {
    return this.#snapshot.catalog.documentByName(target.slice(target.lastIndexOf('/') + 1))
  }

  /** A quotation of another page of the wiki. */
  async #onPage(cited: string, pieces: string[], at: string): Promise<void> {
    const text = await this.#snapshot.read(cited)
    if (text === undefined) return this.#report('quote', at, `"${clip(cited)}" is quoted but does not exist.`)
    const finder = new QuoteFinder(text)
    const missing = pieces.find((piece) => finder.find(piece) === undefined && !finder.mentions(piece))
    if (missing !== undefined) this.#report('quote', at, `"${clip(missing)}" is not on ${clip(cited)}.`)
  }

  async #quote(record: DocumentRecord, quote: string, page: number | undefined, at: string): Promise<void> {
    const { finder, pages } = await this.#textOf(record)
    if (page !== undefined && pages.get(page)?.find(quote) !== undefined) return
    const isThere = finder.find(quote) !== undefined
    if (isThere && (page === undefined || pages.size === 0)) return
    const found = [...pages].find(([, text]) => text.find(quote) !== undefined)?.[0]
    this.#report(
      'quote',
      at,
      `"${clip(quote)}" is not ${isThere ? `on page ${page} of` : 'in'} the document "${record.name}".`,
      found === undefined ? 'Quote its exact words, at least eight letters of them.' : `It is on page ${found}.`,
    )
  }

  async #textOf(record: DocumentRecord): Promise<{ finder: QuoteFinder; pages: Map<number, QuoteFinder> }> {
    const known = this.#texts.get(record.name)
    if (known !== undefined) return known
    const read = async () => {
      const text = (await this.#snapshot.read(record.source)) ?? ''
      const pages = record.kind === 'long' ? (parsePages(text) ?? []) : []
      return {
        finder: new QuoteFinder(record.kind === 'long' ? pages.map(({ content }) => content).join('\n') : text),
        pages: new Map(pages.map(({ page, content }) => [page, new QuoteFinder(content)])),
      }
    }
    const text = read()
    this.#texts.set(record.name, text)
    return text
  }
}

function documentSections(text: string): string[] {
  return cutPage(text).sections.flatMap(({ heading }) => {
    const target = headingTarget(heading)
    return target?.startsWith('summaries/') === true ? [target] : []
  })
}

function clip(text: string): string {
  return text.length <= SHOWN_CHARACTERS_MAX ? text : `${text.slice(0, SHOWN_CHARACTERS_MAX - 1)}…`
}
