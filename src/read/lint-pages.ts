// What makes a wiki worse without making it wrong: pages that a merge or a revert left duplicated, empty or cut off.
import { entryAt } from '../core/document/base-entry.ts'
import type { TopicKind } from '../core/document/document.ts'
import { CONTENTS, INDEX_PAGE, LOG_PAGE, RAW, SOURCES, IMAGES, INBOX, SUMMARIES, listingPath } from '../core/layout.ts'
import { entryTarget } from '../core/page/page-lines.ts'
import { cutPage } from '../core/page/page-text.ts'
import { headingTarget, splitFrontMatter } from '../core/page/page.ts'
import { isOwnIntro } from '../core/page/overview-mark.ts'
import { topicKey } from '../core/page/topic.ts'
import { linksOf, resolveLink } from '../core/page/wiki-links.ts'
import type { PageRun } from './fsck-pages.ts'
import type { CheckedRegistry } from './fsck-registry.ts'

const FIX_HINT = 'Run "kbgit lint --fix".'

export type TopicPages = { kind: TopicKind; path: string; sources: number; own: boolean }

/** Accepts pages one by one, in any order; problems that span several pages are reported at the end. */
export class LintCheck {
  /** First pages of topics by the key of their title. */
  readonly topics = new Map<string, TopicPages[]>()
  /** The listing pages that have an entry, by its link target. */
  readonly entries = new Map<string, string[]>()
  readonly #run: PageRun
  readonly #registry: CheckedRegistry
  readonly #names: ReadonlySet<string>
  /** Listing pages that something links. */
  readonly #linked = new Set<string>()

  constructor(run: PageRun, registry: CheckedRegistry) {
    this.#run = run
    this.#registry = registry
    this.#names = new Set(registry.documents.map(({ name }) => name))
  }

  page(path: string, text: string): void {
    if (path.startsWith(`${SOURCES}/`)) return
    this.#conflictMarks(path, text)
    const entry = entryAt(path)
    if (entry?.kind === 'topic') this.#topic(path, text, entry)
    if (path.startsWith('wiki/summaries/') || entry?.kind === 'topic') this.#frontMatter(path, text)
    if (path === INDEX_PAGE || path.startsWith(`${CONTENTS}/`)) this.#contents(path, text)
  }

  finish(): void {
    for (const pages of this.topics.values()) {
      if (pages.length < 2) continue
      const [first] = pages.toSorted((a, b) => b.sources - a.sources || (a.path < b.path ? -1 : 1))
      for (const { path } of pages) {
        if (path !== first?.path)
          this.#say(
            'topicTwice',
            path,
            `${path} is about the same ${first?.kind ?? 'topic'} as ${first?.path}.`,
            FIX_HINT,
          )
      }
    }
    for (const [target, pages] of this.entries) {
      for (const page of pages.slice(1))
        this.#say('listedTwice', page, `${page} lists "${target}", which is also on ${pages[0]}.`, FIX_HINT)
    }
    for (const path of [
      INDEX_PAGE,
      LOG_PAGE,
      listingPath('documents', 1),
      listingPath('concepts', 1),
      listingPath('entities', 1),
    ]) {
      if (!this.#run.files.has(path)) this.#say('pageMissing', path, `${path} is missing.`, FIX_HINT)
    }
    for (const path of this.#run.files.keys()) {
      const entry = entryAt(path)
      if (entry?.kind === 'listing' && !this.#linked.has(path))
        this.#say('contentsUnlinked', path, `No contents page links to ${path}.`, FIX_HINT)
    }
    this.#orphanFiles()
  }

  #topic(path: string, text: string, entry: { topic: TopicKind; part: number; first: string }): void {
    const { front } = splitFrontMatter(text)
    const page = cutPage(text)
    if (front['type'] !== 'concept' && front['type'] !== 'entity') return
    const own = isOwnIntro(page.intro, front)
    const { described_by: describer } = front
    if (typeof describer === 'string' && !this.#names.has(describer))
      this.#say(
        'descriptionStale',
        path,
        `${path} is described in the words of "${describer}", which is gone.`,
        FIX_HINT,
      )
    const next = path.replace(/(?:--\d+)?\.md$/, `--${entry.part + 1}.md`)
    if (page.sections.length === 0 && own && !this.#run.files.has(next)) {
      this.#say('topicEmpty', path, `${path} has no section from any document.`, FIX_HINT)
    } else if (entry.part === 1) {
      const key = `${entry.topic} ${topicKey(String(front['title'] ?? ''))}`
      const sources = page.sections.filter(
        ({ heading }) => headingTarget(heading)?.startsWith('summaries/') === true,
      ).length
      this.topics.set(key, [...(this.topics.get(key) ?? []), { kind: entry.topic, path, sources, own }])
    }
  }

  /** Front matter that is not YAML, or that is missing from a page with sections of documents. */
  #frontMatter(path: string, text: string): void {
    const begins = /^\uFEFF?---\r?\n/.test(text)
    const lost =
      !begins && cutPage(text).sections.some(({ heading }) => headingTarget(heading)?.startsWith('summaries/') === true)
    if (lost || (begins && splitFrontMatter(text).body === text)) {
      this.#say(
        'frontMatterInvalid',
        path,
        `${path} has ${lost ? 'no front matter' : 'front matter that cannot be read'}.`,
        FIX_HINT,
      )
    }
  }

  #conflictMarks(path: string, text: string): void {
    if (!text.includes('<<<<<<<') || !/^<{7} .*$[^]*?^={7}$[^]*?^>{7} .*$/m.test(text)) return
    this.#say(
      'conflictMarks',
      path,
      `${path} has conflict markers of an unresolved merge.`,
      'Edit the page and keep one side of each conflict.',
    )
  }

  #contents(path: string, text: string): void {
    for (const link of linksOf(text))
      for (const target of resolveLink(path, link)) if (target !== path) this.#linked.add(target)
    if (!path.startsWith(`${CONTENTS}/`)) return
    for (const line of text.split('\n')) {
      const target = entryTarget(line)
      if (target !== undefined) this.entries.set(target, [...(this.entries.get(target) ?? []), path].sort())
    }
  }

  /** Texts and originals without a document: a person's, or left by a merge. */
  #orphanFiles(): void {
    const { documents, broken } = this.#registry
    const known = new Set(documents.flatMap(({ raw, source, tree }) => [raw, source, tree ?? raw]))
    const unread = new Set([...broken].map((summary) => summary.slice(SUMMARIES.length + 1, -'.md'.length)))
    const isUnread = (path: string): boolean => unread.size > 0 && stemsOf(path).some((stem) => unread.has(stem))
    for (const path of this.#run.files.keys()) {
      if (known.has(path) || isUnread(path) || path.endsWith('/.gitattributes') || path.endsWith('/.gitkeep')) continue
      const text = path.startsWith(`${SOURCES}/`) && !path.startsWith(`${IMAGES}/`)
      if (text)
        this.#say(
          'orphanSource',
          path,
          `${path} is a text without a document.`,
          'Remove it with git if you do not need it.',
        )
      else if (path.startsWith(`${RAW}/`) && !path.startsWith(`${INBOX}/`)) {
        this.#say(
          'orphanOriginal',
          path,
          `${path} is an original without a document.`,
          'Remove it with git if you do not need it.',
        )
      }
    }
  }

  #say(code: string, path: string, message: string, fix: string): void {
    this.#run.report({ code, path, message, fix })
  }
}

/** `raw/v2/a.b.pdf` → `v2/a.b`, `v2/a`: possible names of the document of a text or an original. */
function stemsOf(path: string): string[] {
  const folder = [RAW, SOURCES].find((one) => path.startsWith(`${one}/`))
  const inside = folder === undefined ? '' : path.slice(folder.length + 1)
  return [...inside.matchAll(/\./g)].map(({ index }) => inside.slice(0, index))
}
