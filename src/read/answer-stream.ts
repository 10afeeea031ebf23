// An answer streamed from a model, made final before any of it is shown: output is never taken back. If the model lists
// its sources first, they are checked against the base, and then each line of the answer is written as it arrives. If
// it lists them last, nothing can be shown before the end.
import { sanitizeMarkdown } from '../core/page/sanitize-markdown.ts'
import { linkTarget } from '../core/layout.ts'
import type { AnswerSupport, Citation } from '../core/results.ts'
import { visibleText } from '../core/page/visible-text.ts'
import { ANSWER_LINE, checkSources, renumberMarks, SOURCES_LINE, splitAnswer, type HeldSources } from './citations.ts'
import { markSentences, type SentenceCount } from './mark-sentences.ts'
import type { CitedSources } from './opened.ts'
import type { QuerySources } from './query-sources.ts'

export const UNCERTAIN_LINE = 'Nothing that was read backs this answer: take it as uncertain.'
/** How an answer begins that says that the base has none, and how long it is at most. */
const NOT_FOUND = /^\W*not found\b/i
const NOT_FOUND_CHARACTERS_MAX = 400

const ANSWER_CHARACTERS_MAX = 20_000
/** Maximum number of pages that one line may link to. */
const LINKS_MAX = 10

export class AnswerStream {
  readonly #sources: Pick<QuerySources, 'page'>
  readonly #cited: CitedSources
  readonly #onText: (piece: string) => void
  #stage: 'begin' | 'list' | 'answer' | 'whole' = 'begin'
  #rest = ''
  #list: string[] = []
  #held: HeldSources | undefined
  #shown = ''
  /** Line ends that are written only when another line follows. */
  #ends = ''
  #fenced = false
  readonly #count: SentenceCount = { sentences: 0, cited: 0 }
  #work: Promise<void> = Promise.resolve()

  /** Links lead to pages of `sources`; citations have to be in `cited`. */
  constructor(sources: Pick<QuerySources, 'page'>, cited: CitedSources, onText: (piece: string) => void = () => {}) {
    this.#sources = sources
    this.#cited = cited
    this.#onText = onText
  }

  /** Whether anything was shown. */
  get shown(): boolean {
    return this.#shown !== ''
  }

  /** Discards text that preceded a tool call: it was not an answer. */
  restart(): void {
    if (this.shown) return
    this.#stage = 'begin'
    this.#rest = ''
    this.#list = []
  }

  push(piece: string): void {
    const lines = (this.#rest + piece).split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) this.#take(line)
  }

  /** The answer as it was shown, its citations and how far they back it. `raw` is the model's whole last message. */
  async finish(raw: string): Promise<{ answer: string; citations: Citation[]; support: AnswerSupport }> {
    if (this.#rest !== '') this.#take(this.#rest)
    await this.#work
    if (!this.shown) {
      const { list, body } = splitAnswer(raw)
      this.#held = await checkSources(list, this.#cited)
      for (const line of body) await this.#write(line, this.#held)
    }
    if (this.#fenced) this.#show('```')
    const support = this.#support()
    if (support === 'none') {
      this.#show('')
      this.#show(UNCERTAIN_LINE)
    }
    return { answer: this.#shown, citations: this.#held?.citations ?? [], support }
  }

  #support(): AnswerSupport {
    const { sentences, cited } = this.#count
    if (cited > 0) return cited === sentences ? 'all' : 'some'
    return NOT_FOUND.test(this.#shown) && this.#shown.length <= NOT_FOUND_CHARACTERS_MAX ? 'notFound' : 'none'
  }

  #take(line: string): void {
    switch (this.#stage) {
      case 'begin':
        if (line.trim() !== '') this.#stage = SOURCES_LINE.test(line) ? 'list' : 'whole'
        break
      case 'list':
        if (ANSWER_LINE.test(line)) this.#stage = 'answer'
        else this.#list.push(line)
        break
      case 'answer': {
        const work = this.#after(this.#work, line)
        this.#work = work
        // `finish` handles the rejection.
        work.catch(() => {})
        break
      }
      case 'whole':
        break
    }
  }

  /** Lines are written in order, whatever each has to look up. */
  async #after(earlier: Promise<void>, line: string): Promise<void> {
    await earlier
    this.#held ??= await checkSources(this.#list, this.#cited)
    await this.#write(line, this.#held)
  }

  async #write(line: string, held: HeldSources): Promise<void> {
    if (this.#shown.length > ANSWER_CHARACTERS_MAX) return
    if (/^```[^`]*$/.test(line)) {
      this.#fenced = !this.#fenced
      this.#show(visibleText(line))
    } else if (this.#fenced) this.#show(visibleText(line))
    else {
      const pages = await this.#linkedPages(line)
      const clean = sanitizeMarkdown(renumberMarks(line, held), ANSWER_CHARACTERS_MAX, (name) => pages.get(name))
      const { text, sentences, cited } = markSentences(clean)
      this.#count.sentences += sentences
      this.#count.cited += cited
      // If nothing holds, that is said once.
      this.#show(held.citations.length === 0 ? clean : text)
    }
  }

  #show(line: string): void {
    if (line.trim() === '' && !this.#fenced) {
      if (this.shown && this.#ends.length < 2) this.#ends += '\n'
      return
    }
    const piece = this.#ends + line
    this.#shown += piece
    this.#ends = '\n'
    this.#onText(piece)
  }

  /** Link targets of existing pages, by the text of the link. */
  async #linkedPages(line: string): Promise<Map<string, string>> {
    const pages = new Map<string, string>()
    for (const match of [...line.matchAll(/\[\[([^[\]|#]{1,200})/g)].slice(0, LINKS_MAX)) {
      const name = (match[1] ?? '').trim()
      const path = `wiki/${name.replace(/^wiki\//, '').replace(/\.md$/, '')}.md`
      if (!path.includes('..') && (await this.#sources.page(path)) !== undefined) pages.set(name, linkTarget(path))
    }
    return pages
  }
}
