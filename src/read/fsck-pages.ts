// Pages against the registry and each other: front matter, sections, listings, links.
import { entryAt } from '../core/document/base-entry.ts'
import { CONTENTS, SUMMARIES } from '../core/layout.ts'
import { frontMisfit } from '../core/page/front-shape.ts'
import { headingTarget, parsePage, splitFrontMatter, type FrontMatter } from '../core/page/page.ts'
import { topicKey } from '../core/page/topic.ts'
import { misfitText } from '../core/shape.ts'
import { isBroken, linksOf, pageStems, resolveLink } from '../core/page/wiki-links.ts'
import type { CheckedRegistry } from './fsck-registry.ts'
import { QuoteCheck } from './fsck-quotes.ts'
import type { FsckRun, KnownDocument } from './fsck-run.ts'

/** Inputs of the page check. */
export type PageRun = Pick<FsckRun, 'files' | 'report' | 'count'>

const FIX_HINT = 'Run "kbgit lint --fix".'

/** Accepts pages one by one, in any order; whatever is required but was on no page is reported at the end. */
export class PageCheck {
  readonly #run: PageRun
  readonly #broken: ReadonlySet<string>
  readonly #bySummary = new Map<string, KnownDocument>()
  /** `page, summary` of sections that exist according to the records. */
  readonly #sections = new Map<string, KnownDocument>()
  /** Summaries and first topic pages that no listing page has shown yet, with the page that should, if known. */
  readonly #unlisted = new Map<string, string | undefined>()
  readonly #stems: ReadonlySet<string>
  readonly #quotes: QuoteCheck
  /** Files that a listing page links to. */
  readonly #listed = new Set<string>()

  constructor(run: PageRun, { documents, broken }: CheckedRegistry) {
    this.#run = run
    this.#broken = broken
    this.#stems = pageStems(run.files.keys())
    this.#quotes = new QuoteCheck(run, documents)
    for (const document of documents) {
      this.#bySummary.set(document.summary, document)
      if (run.files.has(document.summary)) this.#unlisted.set(document.summary, document.listed)
      for (const page of document.topics) this.#sections.set(`${page}\n${document.summary}`, document)
    }
  }

  page(path: string, text: string): void {
    const targets = this.#links(path, text)
    if (path.startsWith(`${SUMMARIES}/`)) this.#summary(path, text)
    else if (path.startsWith(`${CONTENTS}/`)) this.#listing(path, text, targets)
    else if (entryAt(path)?.kind === 'topic') this.#topic(path, text)
  }

  #front(path: string, front: FrontMatter): void {
    const misfit = frontMisfit(front)
    if (misfit !== undefined)
      this.#run.report({
        code: 'frontMatterInvalid',
        path,
        message: `${path}: in its front matter ${misfitText(misfit)}.`,
        fix: 'Fix the line by hand, or restore an earlier version with git.',
      })
  }

  finish(): void {
    this.#quotes.finish()
    for (const [key, document] of this.#sections) {
      const page = key.slice(0, key.indexOf('\n'))
      this.#run.report({
        code: 'sectionMissing',
        path: page,
        message: `${page} has no section for ${document.name}, although ${document.path} lists one.`,
        fix: `Run "kbgit recompile ${document.name}".`,
      })
    }
    for (const [page, listing] of this.#unlisted) {
      this.#run.report({
        code: 'notListed',
        path: page,
        message: `${page} is not listed ${listing === undefined ? 'on any page of wiki/contents' : `on ${listing}`}.`,
        fix: FIX_HINT,
      })
    }
  }

  /** Reports links that lead nowhere; returns the files that the others lead to. */
  #links(path: string, text: string): string[] {
    const targets: string[] = []
    for (const link of linksOf(text)) {
      this.#run.count('links')
      const target = resolveLink(path, link).find((candidate) => this.#run.files.has(candidate))
      if (target !== undefined) targets.push(target)
      else if (isBroken(path, link, this.#run.files, this.#stems))
        this.#run.report({
          code: 'brokenLink',
          path,
          message: `${path}:${link.line}: the link to "${link.target}" leads nowhere.`,
          fix: FIX_HINT,
        })
    }
    return targets
  }

  #summary(path: string, text: string): void {
    const { front } = splitFrontMatter(text)
    this.#front(path, front)
    const document = this.#bySummary.get(path)
    if (document === undefined) {
      if (front['type'] === 'summary' && !this.#broken.has(path)) {
        this.#run.report({
          code: 'orphanSummary',
          path,
          message: `${path} is the summary of a document that is not in the registry.`,
          fix: FIX_HINT,
        })
      }
      return
    }
    for (const [key, expected] of [
      ['document', document.name],
      ['sha256', document.sha256],
      ['format', document.format],
      ['pages', document.pages],
    ] as const) {
      if (front[key] !== expected) {
        this.#run.report({
          code: 'summaryDisagrees',
          path,
          message: `${path} says "${key}: ${String(front[key])}", ${document.path} says ${String(expected)}.`,
          fix: `Run "kbgit recompile ${document.name}".`,
        })
      }
    }
  }

  #listing(path: string, text: string, targets: string[]): void {
    this.#quotes.listing(path, text)
    for (const target of targets) {
      const listing = this.#unlisted.get(target)
      if (listing === undefined || listing === path) this.#unlisted.delete(target)
      this.#listed.add(target)
    }
  }

  #topic(path: string, text: string): void {
    const page = parsePage(text)
    const { front, sections } = page
    const entry = entryAt(path)
    if (entry?.kind !== 'topic') return
    this.#front(path, front)
    this.#quotes.topic(path, page)
    this.#run.count('topicPages')
    const own = front['type'] === 'concept' || front['type'] === 'entity'
    if (own && entry.part === 1 && !this.#listed.has(path)) this.#unlisted.set(path, undefined)
    if (!this.#run.files.has(entry.first)) {
      this.#run.report({
        code: 'partAlone',
        path,
        message: `${path} continues ${entry.first}, which does not exist.`,
        fix: FIX_HINT,
      })
    }
    const names = this.#sectionsOf(path, front, sections)
    const sources = Array.isArray(front['sources']) ? front['sources'].map(String) : []
    if (own && sources.toSorted().join('\n') !== names.toSorted().join('\n')) {
      this.#run.report({
        code: 'sourcesDisagree',
        path,
        message: `${path} names ${sources.length} sources, which do not match its ${names.length} sections.`,
        fix: FIX_HINT,
      })
    }
  }

  /** Checks the sections of a topic page against the records; returns the names of their documents. */
  #sectionsOf(path: string, front: FrontMatter, sections: readonly { heading: string }[]): string[] {
    const keys = new Set(
      [front['title'], ...(Array.isArray(front['aliases']) ? front['aliases'] : [])].map((name) =>
        topicKey(String(name ?? '')),
      ),
    )
    const named: string[] = []
    const seen = new Set<string>()
    for (const { heading } of sections) {
      const target = headingTarget(heading)
      if (target?.startsWith('summaries/') !== true) continue
      const document = this.#bySummary.get(`wiki/${target}.md`)
      named.push(target.slice(target.lastIndexOf('/') + 1))
      if (seen.has(target))
        this.#run.report({
          code: 'sectionTwice',
          path,
          message: `${path} has two sections for "${target}".`,
          fix: FIX_HINT,
        })
      else if (this.#broken.has(`wiki/${target}.md`)) continue
      else if (document === undefined) {
        this.#run.report({
          code: 'sectionOrphan',
          path,
          message: `${path} has a section for "${target}", which is not a document.`,
          fix: FIX_HINT,
        })
      } else if (
        !this.#sections.delete(`${path}\n${document.summary}`) &&
        !document.mentioned.some((key) => keys.has(key))
      ) {
        this.#run.report({
          code: 'sectionUnknown',
          path,
          message: `${path} has a section for ${document.name} that ${document.path} does not list.`,
          fix: `Run "kbgit recompile ${document.name}".`,
        })
      }
      seen.add(target)
    }
    return named
  }
}
