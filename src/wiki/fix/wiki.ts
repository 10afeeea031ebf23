// Mechanical fixes of a wiki, as page edits: what merges, reverts and manual edits left behind. The registry is the
// source of truth; nothing that a person wrote is dropped.
import { entryAt } from '../../core/document/base-entry.ts'
import { serializeRecord, type DocumentRecord } from '../../core/document/document.ts'
import { parseRecord } from '../../core/document/record.ts'
import { CONTENTS, INDEX_PAGE, SOURCES, linkTarget, splitPart, shardOf } from '../../core/layout.ts'
import type { ListingKind } from '../../core/layout.ts'
import { entryTarget } from '../../core/page/page-lines.ts'
import { splitFrontMatter } from '../../core/page/page.ts'
import type { FsckProblem } from '../../core/results.ts'
import { isBroken, pageStems, replaceLinks, resolveLink } from '../../core/page/wiki-links.ts'
import { wikilink } from '../../core/page/page.ts'
import type { Draft } from '../draft.ts'
import { addShard } from '../index-page.ts'
import { dropEntry, linkPart, Listings, putEntry } from '../listing-page.ts'
import { fixSections, withFront, type SectionOwner } from './page.ts'
import { mergeTopics, moveFirst, restoreSection } from './topics.ts'
import { initialPages } from '../plan-pages.ts'
import { dropEmptyPages, listAgain } from '../topic-edits.ts'
import { findSection, sectionsOf, undescribed } from '../topic-page.ts'

/** What the fixes need to know of the base, including the edits so far. */
export type WikiState = {
  problems: readonly FsckProblem[]
  files: ReadonlyMap<string, string>
  documents: readonly (SectionOwner & Pick<DocumentRecord, 'source' | 'raw' | 'listed' | 'topics'> & { path: string })[]
  /** Summaries of documents with unusable records: their files stay. */
  broken: ReadonlySet<string>
  topics: ReadonlyMap<string, readonly { path: string; sources: number; own: boolean }[]>
  entries: ReadonlyMap<string, readonly string[]>
}

/** Edits go into one draft over several rounds: what one round fixes may leave links for the next. */
export class WikiFixer {
  readonly #draft: Draft
  readonly #listings: Listings
  /** Pages that were merged into others. */
  readonly #moved = new Map<string, string>()

  constructor(draft: Draft) {
    this.#draft = draft
    this.#listings = new Listings(draft)
  }

  async fix(found: WikiState): Promise<void> {
    const state = { ...found, documents: await this.#dropTakenBack(found) }
    const owners = new Map(state.documents.map((document) => [document.summary, document]))
    const paths = (code: string): string[] => [
      ...new Set(state.problems.flatMap((problem) => (problem.code === code ? [problem.path] : []))),
    ]
    await this.#mergeTopics(state)
    for (const path of paths('partAlone')) await this.#moveFirst(path, state)
    for (const path of paths('sectionMissing')) await this.#restoreSections(path, state)
    for (const path of paths('sectionUnknown')) await this.#addTopicToRecords(path, owners)
    for (const path of paths('orphanSummary')) await this.#drop(path)
    const stems = pageStems(state.files.keys())
    for (const path of new Set(state.problems.map((problem) => problem.path)))
      await this.#fixPage(path, state, owners, stems)
    for (const path of paths('descriptionStale')) await this.#undescribe(path)
    for (const path of paths('topicEmpty')) await dropEmptyPages(path, this.#draft, this.#listings)
    for (const path of paths('listedTwice')) await this.#unlist(path, state, owners)
    for (const path of paths('notListed')) await this.#list(path, owners)
    for (const path of paths('pageMissing')) await this.#initial(path)
    for (const path of paths('contentsUnlinked')) await this.#linkListing(path)
  }

  /**
   * A record without text and original is left by a revert that conflicted with a later change to the record or the
   * summary: the document is gone.
   */
  async #dropTakenBack({ documents, files }: WikiState): Promise<WikiState['documents']> {
    const gone = documents.filter(({ source, raw }) => !files.has(source) && !files.has(raw))
    for (const { path, summary } of gone) {
      await this.#drop(path)
      if (files.has(summary)) await this.#drop(summary)
    }
    return gone.length === 0 ? documents : documents.filter((document) => !gone.includes(document))
  }

  async #mergeTopics(state: WikiState): Promise<void> {
    for (const pages of state.topics.values()) {
      if (pages.length < 2) continue
      const [keep, ...others] = pages.toSorted((a, b) => b.sources - a.sources || (a.path < b.path ? -1 : 1))
      for (const other of others) {
        // An introduction that a person wrote cannot be merged automatically.
        if (keep === undefined || !other.own) continue
        const moves = await mergeTopics(keep.path, other.path, this.#draft)
        for (const [from, to] of moves) await this.#move(from, to, state)
        await this.#listings.drop(listingOf(other.path), shardOf(other.path), other.path)
      }
    }
  }

  async #moveFirst(path: string, state: WikiState): Promise<void> {
    const { first } = splitPart(path)
    if ((await this.#draft.read(first)) !== undefined) return
    await moveFirst(path, first, this.#draft)
    await this.#move(path, first, state)
  }

  /** Records that name a merged page name the page that it was merged into. */
  async #move(from: string, to: string, state: WikiState): Promise<void> {
    this.#moved.set(from, to)
    for (const { path, topics } of state.documents) {
      if (!topics.includes(from)) continue
      await this.#record(path, (record) => ({
        ...record,
        topics: [...new Set(record.topics.map((topic) => (topic === from ? to : topic)))],
      }))
    }
  }

  async #restoreSections(page: string, state: WikiState): Promise<void> {
    for (const { path, topics, summary } of state.documents) {
      if (!topics.includes(page)) continue
      if (findSection((await this.#draft.read(page)) ?? '', linkTarget(summary))) continue
      const text = await this.#draft.read(path)
      if (text === undefined) continue
      const restored = await restoreSection(parseRecord(text, path), page, this.#draft)
      await this.#record(path, (record) => ({
        ...record,
        topics: [...new Set(record.topics.flatMap((topic) => (topic === page ? (restored ?? []) : topic)))],
      }))
    }
  }

  async #addTopicToRecords(page: string, owners: ReadonlyMap<string, { path: string }>): Promise<void> {
    for (const { target } of sectionsOf((await this.#draft.read(page)) ?? '')) {
      const owner = owners.get(`wiki/${target}.md`)
      if (owner !== undefined)
        await this.#record(owner.path, (record) =>
          record.topics.includes(page) ? record : { ...record, topics: [...record.topics, page] },
        )
    }
  }

  async #fixPage(
    path: string,
    { files, broken }: WikiState,
    owners: ReadonlyMap<string, SectionOwner>,
    stems: ReadonlySet<string>,
  ): Promise<void> {
    const text = path.startsWith('wiki/') && path.endsWith('.md') ? await this.#draft.read(path) : undefined
    if (text === undefined) return
    if (path.startsWith(`${SOURCES}/`)) {
      const links = (target: string): boolean => /^wiki\/(?:summaries|sources)\/(?!images\/)/.test(target)
      return this.#draft.write(path, this.#fixLinks(path, text, files, stems, links))
    }
    const front = withFront(text, path, owners.get(path))
    const sections =
      entryAt(path)?.kind === 'topic'
        ? fixSections(front, { has: (summary) => owners.has(summary) || broken.has(summary) })
        : front
    this.#draft.write(path, this.#fixLinks(path, sections, files, stems))
  }

  /** A broken link becomes its text; a link to a merged page leads to the page that it was merged into. */
  #fixLinks(
    path: string,
    text: string,
    files: ReadonlyMap<string, string>,
    stems: ReadonlySet<string>,
    concerns: (target: string) => boolean = () => true,
  ): string {
    const gone = (target: string): boolean => isBroken(path, { target, kind: 'wikilink' }, files, stems)
    const listing = path.startsWith(`${CONTENTS}/`)
    const kept = listing
      ? text
          .split('\n')
          .filter((line) => !gone(entryTarget(line) ?? 'index'))
          .join('\n')
      : text
    return replaceLinks(kept, (link) => {
      if (!isBroken(path, link, files, stems) || !resolveLink(path, link).some(concerns)) return undefined
      const moved = resolveLink(path, link)
        .map((candidate) => this.#moved.get(candidate))
        .find((to) => to !== undefined)
      return moved === undefined || link.kind !== 'wikilink' ? link.shown : wikilink(linkTarget(moved), link.shown)
    })
  }

  async #undescribe(path: string): Promise<void> {
    const text = await this.#draft.read(path)
    if (text === undefined) return
    this.#draft.write(path, undescribed(text))
    await listAgain(path, undescribed(text), this.#listings)
  }

  async #unlist(page: string, { entries }: WikiState, owners: ReadonlyMap<string, { listed: string }>): Promise<void> {
    for (const [target, pages] of entries) {
      if (pages.length < 2 || !pages.includes(page)) continue
      const listed = owners.get(`wiki/${target}.md`)?.listed ?? ''
      const keep = pages.includes(listed) ? listed : pages[0]
      const text = page === keep ? undefined : await this.#draft.read(page)
      const without = text === undefined ? undefined : dropEntry(text, `wiki/${target}.md`)
      if (without !== undefined) this.#draft.write(page, without)
    }
  }

  async #list(page: string, owners: ReadonlyMap<string, { path: string; listed: string }>): Promise<void> {
    const { front } = splitFrontMatter((await this.#draft.read(page)) ?? '')
    const entry = {
      path: page,
      title: String(front['title'] ?? linkTarget(page)),
      description: typeof front['description'] === 'string' ? front['description'] : '',
    }
    const owner = owners.get(page)
    const listing = owner?.listed.startsWith(`${CONTENTS}/`) === true ? await this.#draft.read(owner.listed) : undefined
    if (owner !== undefined && listing !== undefined) {
      this.#draft.write(owner.listed, putEntry(listing, entry))
      return
    }
    const listed = await this.#listings.add(owner === undefined ? listingOf(page) : 'documents', shardOf(page), entry)
    if (owner !== undefined) await this.#record(owner.path, (record) => ({ ...record, listed }))
  }

  async #initial(path: string): Promise<void> {
    const page = initialPages().find((initial) => initial.path === path)
    if (page?.content !== undefined && page.content !== null && (await this.#draft.read(path)) === undefined)
      this.#draft.write(path, page.content)
  }

  async #linkListing(path: string): Promise<void> {
    const entry = entryAt(path)
    if (entry?.kind !== 'listing') return
    const from = entry.part > 1 ? splitPart(path).first : INDEX_PAGE
    const text = await this.#draft.read(from)
    if (text === undefined) return
    this.#draft.write(
      from,
      entry.part > 1
        ? linkPart(text, entry.listing, entry.shard, entry.part)
        : addShard(text, entry.listing, entry.shard),
    )
  }

  async #drop(path: string): Promise<void> {
    if ((await this.#draft.read(path)) !== undefined) this.#draft.write(path, undefined)
  }

  async #record(path: string, change: (record: DocumentRecord) => DocumentRecord): Promise<void> {
    const text = await this.#draft.read(path)
    if (text !== undefined) this.#draft.write(path, serializeRecord(change(parseRecord(text, path))))
  }
}

function listingOf(path: string): ListingKind {
  return path.startsWith('wiki/entities/') ? 'entities' : path.startsWith('wiki/concepts/') ? 'concepts' : 'documents'
}
