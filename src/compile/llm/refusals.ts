// What `accept.ts` would drop or cut, as a list: whoever can correct an answer is told, instead of losing half of it.
import { isNonAnswer } from '../../core/non-answer.ts'
import { withoutTags } from '../../core/page/sanitize-markdown.ts'
import { topicKey } from '../../core/page/topic.ts'
import { CONCEALING } from '../../core/page/visible-text.ts'
import type { Problem } from '../../core/results.ts'
import {
  ALIASES_MAX,
  KEY_POINTS_MAX,
  LINE_CHARACTERS_MAX,
  nameOf,
  QUOTE_CHARACTERS_MAX,
  QUOTES_MAX,
  SAYS_CHARACTERS_MAX,
  TOPICS_MAX,
  type Reading,
} from './accept.ts'
import type { PageRangeNode } from './document-text.ts'
import type { KeyPointAnswer, SectionAnswer, TopicAnswer } from './prompts.ts'

const SHOWN_CHARACTERS_MAX = 120
const LINK = /\[\[([^[\]|]*)(?:\|[^[\]]*)?\]\]/g

export class Refusals {
  readonly problems: Problem[] = []
  readonly #at: string

  /** `at`: the field of the answer, before the name of each field below it. */
  constructor(at: string) {
    this.#at = at
  }

  report(code: Problem['code'], field: string, message: string, hint?: string): void {
    this.problems.push({ code, at: field === '' ? this.#at : `${this.#at}.${field}`, message, hint })
  }

  /** Text that has to say something, has a bound, and is no markup. */
  text(field: string, text: string, charactersMax: number): void {
    if (isNonAnswer(text)) this.report('empty', field, `"${clip(text)}" says nothing.`)
    if (text.length > charactersMax)
      this.report('bounds', field, `It has ${text.length} characters, and at most ${charactersMax} are kept.`)
    this.inert(field, text)
  }

  inert(field: string, text: string): void {
    if (withoutTags(text) !== text) this.report('active', field, `"${clip(text)}" has HTML.`, 'Write plain prose.')
    if (CONCEALING.test(text)) this.report('active', field, 'It has invisible characters that can hide text.')
  }

  keyPoints(points: readonly KeyPointAnswer[], reading: Reading): void {
    this.count('keyPoints', points.length, KEY_POINTS_MAX)
    for (const [index, { text, quote }] of points.entries()) {
      this.text(`keyPoints[${index}].text`, text, QUOTE_CHARACTERS_MAX)
      this.#quote(`keyPoints[${index}].quote`, quote, reading)
    }
  }

  topics(topics: readonly TopicAnswer[], reading: Reading, entityTypes: readonly string[]): void {
    this.count('topics', topics.length, TOPICS_MAX)
    const names = new Set(topics.flatMap(({ name }) => nameOf(name) ?? []).map(topicKey))
    const seen = new Set<string>()
    for (const [index, topic] of topics.entries()) {
      const field = `topics[${index}]`
      const id = `${topic.kind} ${topicKey(topic.name)}`
      if (nameOf(topic.name) === undefined)
        this.report('name', `${field}.name`, `"${clip(topic.name)}" cannot be the name of a page.`)
      else if (seen.has(id)) this.report('same', `${field}.name`, `"${clip(topic.name)}" is in the list already.`)
      seen.add(id)
      this.#topic(field, topic, reading, entityTypes)
      this.#links(`${field}.says`, topic.says, names)
    }
  }

  #topic(field: string, topic: TopicAnswer, reading: Reading, entityTypes: readonly string[]): void {
    const { name, kind, type, aliases, importance, description, says, quotes } = topic
    this.text(`${field}.says`, says, SAYS_CHARACTERS_MAX)
    if (description !== '') this.text(`${field}.description`, description, LINE_CHARACTERS_MAX)
    if (kind === 'entity' && !entityTypes.includes(type ?? ''))
      this.report('type', `${field}.type`, `"${clip(String(type))}" is none of: ${entityTypes.join(', ')}.`)
    if (!(importance >= 1 && importance <= 10))
      this.report('bounds', `${field}.importance`, 'It is a number from 1 to 10.')
    this.count(`${field}.aliases`, aliases.length, ALIASES_MAX)
    for (const [index, alias] of aliases.entries())
      if (nameOf(alias) === undefined || !reading.finder.mentions(alias))
        this.report('name', `${field}.aliases[${index}]`, `The text does not use the name "${clip(alias)}".`)
    this.count(`${field}.quotes`, quotes.length, QUOTES_MAX)
    for (const [index, quote] of quotes.entries()) this.#quote(`${field}.quotes[${index}]`, quote, reading)
    if (quotes.length === 0 && !reading.finder.mentions(name))
      this.report('quote', field, `The text does not mention "${clip(name)}".`, 'Quote the passage that is about it.')
  }

  /** A link that is not to a topic of this answer would become plain words. */
  #links(field: string, says: string, names: ReadonlySet<string>): void {
    for (const [, linked = ''] of says.matchAll(LINK))
      if (!names.has(topicKey(linked)))
        this.report(
          'brokenLink',
          field,
          `[[${clip(linked)}]] is not the name of a topic in this answer.`,
          'Write it without brackets, or add the topic.',
        )
    const plain = says.replace(LINK, (_, name: string) => name)
    if (/\]\(|https?:\/\/|^\s*(?:#{1,6}\s|`{3}|~{3})/m.test(plain))
      this.report('active', field, `"${clip(says)}" has more than plain prose.`, 'No headings, fences or other links.')
  }

  /** An overview cites the sections that it was asked about by their numbers; its links and marks would be lost. */
  overview(field: string, text: string, sections: number): void {
    for (const [, linked = ''] of text.matchAll(LINK))
      this.report(
        'brokenLink',
        field,
        `An overview has no links: [[${clip(linked)}]].`,
        'Cite a section by its number: [2].',
      )
    const plain = text.replace(LINK, (_, name: string) => name)
    if (/\]\(|https?:\/\/|^\s*(?:#{1,6}\s|`{3}|~{3})/m.test(plain))
      this.report('active', field, `"${clip(text)}" has more than plain prose.`, 'No headings, fences or other links.')
    const marks = plain.match(/\[\d{1,6}(?:, ?\d{1,6})*\]/g) ?? []
    for (const number of new Set(marks.join(' ').match(/\d+/g)?.map(Number)))
      if (number < 1 || number > sections)
        this.report('source', field, `There is no section [${number}].`, `The question has ${sections}.`)
  }

  sections(sections: readonly SectionAnswer[], nodes: readonly PageRangeNode[], charactersMax: number): void {
    const ids = new Set(nodes.map(({ id }) => id))
    for (const [index, { id, summary }] of sections.entries()) {
      const field = `sections[${index}]`
      if (ids.has(id.trim())) this.text(`${field}.summary`, summary, charactersMax)
      else this.report('section', `${field}.id`, `"${clip(id)}" is not the id of a section that was asked about.`)
    }
  }

  count(field: string, count: number, max: number): void {
    if (count > max) this.report('bounds', field, `It has ${count} items, and at most ${max} are kept.`)
  }

  #quote(field: string, quote: string, { finder }: Reading): void {
    if (quote.length > QUOTE_CHARACTERS_MAX)
      this.report('bounds', field, `The quote has ${quote.length} characters: at most ${QUOTE_CHARACTERS_MAX}.`)
    else if (finder.find(quote) === undefined)
      this.report(
        'quote',
        field,
        `"${clip(quote)}" is not in the text.`,
        'Quote its exact words, at least eight letters.',
      )
  }
}

function clip(text: string): string {
  return text.length <= SHOWN_CHARACTERS_MAX ? text : `${text.slice(0, SHOWN_CHARACTERS_MAX - 1)}…`
}
