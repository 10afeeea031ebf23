// The contents of the wiki: listing pages of bounded length, one line per entry, sorted by target within a page so that
// entries of two branches merge. A shard's first page links its further pages and the previous shard.
import { sanitizeInline, oneLine, shownText } from '../core/page/sanitize.ts'
import type { ListingKind } from '../core/layout.ts'
import { CONTENTS, INDEX_PAGE, LISTING_ENTRIES_MAX, linkTarget, listingPath } from '../core/layout.ts'
import { entryTarget } from '../core/page/page-lines.ts'
import { wikilink } from '../core/page/page.ts'
import type { Draft } from './draft.ts'
import { addShard } from './index-page.ts'

type ListingEntry = {
  /** The listed page, relative to the base. */
  path: string
  title: string
  description: string
}

const DESCRIPTION_CHARS_MAX = 160
const KIND_TITLES: Record<ListingKind, string> = { documents: 'Documents', concepts: 'Concepts', entities: 'Entities' }

function entryLine({ path, title, description }: ListingEntry): string {
  const line = oneLine(description, DESCRIPTION_CHARS_MAX)
  return `- ${wikilink(linkTarget(path), shownText(title))}${line === '' ? '' : `: ${sanitizeInline(line)}`}`
}

export function newListingPage(kind: ListingKind, shard: number, part: number): string {
  const title = KIND_TITLES[kind] + (shard === 1 ? '' : `, volume ${shard}`) + (part === 1 ? '' : `, page ${part}`)
  const back =
    part > 1
      ? `Back to ${wikilink(linkTarget(listingPath(kind, shard)), KIND_TITLES[kind])}.\n\n`
      : shard > 1
        ? `Previous: ${wikilink(linkTarget(listingPath(kind, shard - 1)), shard === 2 ? KIND_TITLES[kind] : `volume ${shard - 1}`)}.\n\n`
        : ''
  return `---\ntype: contents\ntitle: ${JSON.stringify(title)}\n---\n\n# ${title}\n\n${back}`.trimEnd() + '\n'
}

/** Inserts an entry in target order; an entry with the same target is replaced. */
export function putEntry(text: string, entry: ListingEntry): string {
  const target = linkTarget(entry.path)
  const lines = text.replace(/\n$/, '').split('\n')
  const line = entryLine(entry)
  let after = -1
  let before = -1
  for (const [index, old] of lines.entries()) {
    const oldTarget = entryTarget(old)
    if (oldTarget === undefined) continue
    if (oldTarget === target) return `${lines.with(index, line).join('\n')}\n`
    if (oldTarget < target) after = index
    else if (before === -1) before = index
  }
  if (before !== -1) lines.splice(before, 0, line)
  else if (after !== -1) lines.splice(after + 1, 0, line)
  else lines.push(...(lines.at(-1) === '' ? [] : ['']), line)
  return `${lines.join('\n')}\n`
}

export function dropEntry(text: string, path: string): string | undefined {
  const target = linkTarget(path)
  const lines = text.split('\n')
  const index = lines.findIndex((line) => entryTarget(line) === target)
  return index === -1 ? undefined : lines.toSpliced(index, 1).join('\n')
}

/** Links a further page from the first one of its shard. */
export function linkPart(text: string, kind: ListingKind, shard: number, part: number): string {
  const link = wikilink(linkTarget(listingPath(kind, shard, part)), String(part))
  if (text.includes(link)) return text
  const pages = /^Further pages: .*$/m.exec(text)
  if (pages !== null) return text.replace(pages[0], () => `${pages[0]}, ${link}`)
  return text.replace(/^# .*$/m, (title) => `${title}\n\nFurther pages: ${link}`)
}

/** Lists new pages within one plan: starts from the catalog's open page and keeps count as entries are added. */
export class Listings {
  readonly #draft: Draft
  readonly #open = new Map<string, { part: number; entries: number }>()

  constructor(draft: Draft) {
    this.#draft = draft
  }

  /** Adds an entry to the shard's open page and returns that page's path. */
  async add(kind: ListingKind, shard: number, entry: ListingEntry): Promise<string> {
    const key = `${kind} ${shard}`
    let open = this.#open.get(key) ?? { ...this.#draft.catalog.openListing(kind, shard) }
    if (open.entries >= LISTING_ENTRIES_MAX) open = { part: open.part + 1, entries: 0 }
    this.#open.set(key, { part: open.part, entries: open.entries + 1 })
    const path = listingPath(kind, shard, open.part)
    const text = (await this.#draft.read(path)) ?? (await this.#begin(kind, shard, open.part))
    this.#draft.write(path, putEntry(text, entry))
    return path
  }

  async #begin(kind: ListingKind, shard: number, part: number): Promise<string> {
    if (part > 1) {
      const first = listingPath(kind, shard)
      const text = (await this.#draft.read(first)) ?? (await this.#begin(kind, shard, 1))
      this.#draft.write(first, linkPart(text, kind, shard, part))
    } else {
      const index = await this.#draft.read(INDEX_PAGE)
      if (index !== undefined) this.#draft.write(INDEX_PAGE, addShard(index, kind, shard))
    }
    return newListingPage(kind, shard, part)
  }

  /** Replaces an entry on the page that has it; false if the page has none. */
  async replace(listing: string, entry: ListingEntry): Promise<boolean> {
    const text = listing.startsWith(`${CONTENTS}/`) ? await this.#draft.read(listing) : undefined
    if (text === undefined || dropEntry(text, entry.path) === undefined) return false
    this.#draft.write(listing, putEntry(text, entry))
    return true
  }

  /** Replaces an entry, whichever page of its shard has it. */
  async update(kind: ListingKind, shard: number, entry: ListingEntry): Promise<void> {
    for (let part = 1; ; part++) {
      const path = listingPath(kind, shard, part)
      if ((await this.#draft.read(path)) === undefined || (await this.replace(path, entry))) return
    }
  }

  /** Removes an entry from every page of its shard: merged bases may list it on two. */
  async drop(kind: ListingKind, shard: number, path: string): Promise<void> {
    for (let part = 1; ; part++) {
      const page = listingPath(kind, shard, part)
      const text = await this.#draft.read(page)
      if (text === undefined) return
      const without = dropEntry(text, path)
      if (without !== undefined) this.#draft.write(page, without)
    }
  }
}
