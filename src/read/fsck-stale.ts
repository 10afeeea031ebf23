// Text of a document on topic pages and on its summary that its source had and no longer has. What a person wrote there,
// or a model in its own words, was in no version of the source.
import { SOURCES } from '../core/layout.ts'
import { parsePages } from '../core/document/stored-text.ts'
import { headingTarget, parsePage } from '../core/page/page.ts'
import { hasWords, quotedWords } from '../core/page/quoted-words.ts'
import { changedFiles } from '../io/git/path-versions.ts'
import type { FsckRun, KnownDocument } from './fsck-run.ts'

/** Letters and digits: fewer may be in a text by chance. */
const LETTERS_MIN = 20
/** A larger source is not read. */
const SOURCE_BYTES_MAX = 16 * 1024 ** 2
/** Of a document's versions, the newest so many are read. */
const VERSIONS_MAX = 50
/** The sections of a summary that are made of the document's own words. */
const QUOTING = new Set(['Key points', 'Outline', 'Concepts', 'Entities'])
/** Where the document says it, and what a topic line is about. */
const PLACE = / \((?:page \d+|\[\[[^\]]*\]\]|in “[^”]*”)\)$/
const ABOUT = /^\[\[[^\]]*\]\](?: \([^()]*\))?: ?/
const OWN_WORDS = /^Named (?:once|\d+ times)\.$/

type Said = { path: string; line: string }

export class StaleTextCheck {
  readonly #run: FsckRun
  /** Documents whose text changed, by their summary, and what pages have of each. */
  readonly #changed = new Map<string, { document: KnownDocument; oids: string[]; said: Said[] }>()

  /** Of these documents, by name. */
  readonly #summaries = new Map<string, string>()

  private constructor(run: FsckRun) {
    this.#run = run
  }

  static async of(run: FsckRun, documents: readonly KnownDocument[]): Promise<StaleTextCheck> {
    const check = new StaleTextCheck(run)
    const { git, prefix } = run.base
    const versions = await changedFiles(git, run.commit, prefix + SOURCES)
    for (const document of documents) {
      const now = run.files.get(document.source)
      const oids = [...(versions.get(prefix + document.source) ?? [])].filter((oid) => oid !== now)
      if (now === undefined || oids.length === 0) continue
      check.#changed.set(document.summary, { document, oids: oids.slice(0, VERSIONS_MAX), said: [] })
      check.#summaries.set(document.name, document.summary)
    }
    return check
  }

  page(path: string, text: string): void {
    if (this.#changed.size === 0) return
    const page = parsePage(text)
    const { description, described_by: describer } = page.front
    const described = typeof describer === 'string' ? this.#summaries.get(describer) : path
    this.#note(path, path, page.intro)
    if (typeof description === 'string' && described !== undefined) this.#note(described, path, description)
    for (const { heading, body } of page.sections) {
      const target = headingTarget(heading)
      if (target !== undefined) this.#note(`wiki/${target}.md`, path, body)
      else if (QUOTING.has(heading)) this.#note(path, path, body)
    }
  }

  #note(summary: string, path: string, text: string): void {
    const said = this.#changed.get(summary)?.said
    if (said === undefined) return
    for (const row of text.split('\n')) {
      const line = row
        .replace(/^\s*(?:> ?|- |\*\*)*/, '')
        .replace(ABOUT, '')
        .replace(PLACE, '')
      if (!row.startsWith('# ') && !OWN_WORDS.test(line) && quotedWords(line).length >= LETTERS_MIN)
        said.push({ path, line })
    }
  }

  async finish(): Promise<void> {
    for (const { document, oids, said } of this.#changed.values()) {
      this.#run.goOn()
      if (said.length === 0) continue
      const [now = ''] = await this.#words([this.#run.files.get(document.source) ?? ''], document)
      const foreign = said.filter(({ line }) => !hasWords(now, line))
      if (foreign.length === 0) continue
      const before = await this.#words(oids, document)
      for (const { path, line } of foreign) {
        if (!before.some((words) => hasWords(words, line))) continue
        this.#run.report({
          code: 'textStale',
          path,
          message: `${path} has text of ${document.name} that ${document.source} no longer has: "${line.slice(0, 120)}".`,
          fix: `Delete it from the page, or run "kbgit recompile ${document.name}".`,
        })
      }
    }
  }

  /** The letters and digits of versions of a document's text; none of those that are too large. */
  async #words(oids: string[], { source }: KnownDocument): Promise<string[]> {
    const words: string[] = []
    const options = { bytesMax: SOURCE_BYTES_MAX, skipLarger: true }
    for await (const { body } of this.#run.base.history.contents(oids, (oid) => oid, options)) {
      const text = body.toString()
      const pages = source.endsWith('.json') ? parsePages(text) : undefined
      words.push(quotedWords(plain(pages?.map(({ content }) => content).join('\n') ?? text)))
    }
    return words
  }
}

/** Without pictures and note marks, which quotes leave out. */
function plain(markdown: string): string {
  return markdown.replace(/!\[[^\]]*\](?:\([^()]*\))?|\[\^[^\]]*\]/g, '')
}
