// What pages quote: the overview, the description and the listing of a topic repeat words of its documents, and must not
// outlive them. Checked for what the builtin compiler wrote, which repeats words exactly; a model may use its own.
import { CONTENTS } from '../core/layout.ts'
import { entryTarget } from '../core/page/page-lines.ts'
import { headingTarget, type Page } from '../core/page/page.ts'
import { COUNT_SENTENCE, ownOverview } from '../core/page/overview-mark.ts'
import { hasWords, quotedWords } from '../core/page/quoted-words.ts'
import type { FsckRun, KnownDocument } from './fsck-run.ts'

const FIX_HINT = 'Run "kbgit recompile" for a document of the page.'

export class QuoteCheck {
  readonly #run: Pick<FsckRun, 'report'>
  readonly #documents: ReadonlyMap<string, KnownDocument>
  /** Lines of listing pages by the page that they describe. */
  readonly #entries = new Map<string, { listing: string; description: string }>()
  /** Topic pages that may be described in other words than their own, or whose words are not known. */
  readonly #words = new Map<string, string | undefined>()

  constructor(run: Pick<FsckRun, 'report'>, documents: readonly KnownDocument[]) {
    this.#run = run
    this.#documents = new Map(documents.map((document) => [document.name, document]))
  }

  topic(path: string, page: Page): void {
    const { described_by: describer, sources, description } = page.front
    if (typeof describer === 'string' && !this.#documents.has(describer))
      this.#run.report({
        code: 'descriptionStale',
        path,
        message: `${path} is described in the words of "${describer}", which is not a document.`,
        fix: FIX_HINT,
      })
    const known = (Array.isArray(sources) ? sources : []).map((name) => this.#documents.get(String(name)))
    const isBuiltin = known.length > 0 && known.every((document) => document?.compiler.startsWith('builtin@') === true)
    const sections = page.sections.filter(({ heading }) => headingTarget(heading)?.startsWith('summaries/') === true)
    const words = quotedWords([String(description ?? ''), ...sections.map(({ body }) => body)].join('\n'))
    if (isBuiltin) this.#overview(path, page, sections, words)
    this.#words.set(path, isBuiltin && page.front['part'] === undefined ? words : undefined)
  }

  /** Each sentence of an overview is one of a section, with the title of its document in brackets. */
  #overview(path: string, page: Page, sections: Page['sections'], words: string): void {
    const overview = ownOverview(page.intro, page.front)
    const titles = sections.map(({ heading }) => /\|([^\]]*)\]\]$/.exec(heading)?.[1] ?? '')
    // Where a title ends would not be clear.
    if (overview === undefined || titles.some((title) => /[.!?…()[\]\\*_`&<]/.test(title))) return
    const untitled = titles.reduce((text, title) => text.replaceAll(` (${title})`, ''), overview)
    const lost = untitled
      .split(/(?<=[.!?…]["”’)]?)\s+/)
      .find((sentence) => !COUNT_SENTENCE.test(sentence) && !hasWords(words, sentence))
    if (lost === undefined) return
    this.#run.report({
      code: 'overviewStale',
      path,
      message: `${path} says in its overview what none of its documents says: "${lost.slice(0, 120)}".`,
      fix: FIX_HINT,
    })
  }

  listing(path: string, text: string): void {
    for (const line of text.split('\n')) {
      const target = entryTarget(line)
      const description = /^- \[\[[^\]]*\]\]: (.+)$/.exec(line)?.[1]
      if (target === undefined || description === undefined || !path.startsWith(`${CONTENTS}/`)) continue
      if (target.startsWith('concepts/') || target.startsWith('entities/'))
        this.#entries.set(`wiki/${target}.md`, { listing: path, description })
    }
  }

  finish(): void {
    for (const [path, { listing, description }] of this.#entries) {
      const words = this.#words.get(path)
      if (words === undefined || hasWords(words, description)) continue
      this.#run.report({
        code: 'listingStale',
        path: listing,
        message: `${listing} describes ${path} in words that this page does not have: "${description.slice(0, 120)}".`,
        fix: FIX_HINT,
      })
    }
  }
}
