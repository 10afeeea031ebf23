// A model's answer, accepted only as far as the document supports it.
import type { Contribution, Quote } from '../../core/document/compiled.ts'
import { sanitizeMarkdown, plainLine, withoutTags } from '../../core/page/sanitize-markdown.ts'
import { isNonAnswer } from '../../core/non-answer.ts'
import { QuoteFinder, type Span } from '../../core/search/quote-finder.ts'
import { topicKey } from '../../core/page/topic.ts'
import type { Part } from './document-text.ts'
import type { KeyPointAnswer, TopicAnswer } from './prompts.ts'

const NAME_CHARACTERS_MAX = 80
export const LINE_CHARACTERS_MAX = 300
export const SAYS_CHARACTERS_MAX = 1_500
export const QUOTE_CHARACTERS_MAX = 400
export const QUOTES_MAX = 3
export const ALIASES_MAX = 6
export const TOPICS_MAX = 16
export const KEY_POINTS_MAX = 12

/** One part of a document; answers about it are checked against it. */
export type Reading = { part: Part; finder: QuoteFinder }

export function readPart(part: Part): Reading {
  return { part, finder: new QuoteFinder(part.text) }
}

/** Names that careless code could take for a path. */
const PATH_LIKE =
  /(?:^|[\\/])\.{1,2}(?:[\\/]|$)|^[\\/~]|^[a-z]:[\\/]|(?:^|[\\/])\.git(?:[\\/]|$)|^(?:wiki|raw|documents|concepts|entities|summaries|sources)\/|\.(?:md|ya?ml|json|sh)$/i

/**
 * Topics that are in the document: those whose name or quote occurs in it. A quote that does not occur, an alias that
 * it does not use, a type that was not requested and a name like a path are dropped. Names, lines and quotes are plain
 * text; what a topic `says` is sanitized Markdown, in which `[[Name]]` refers to another topic of the answer.
 */
export function acceptTopics(answers: TopicAnswer[], reading: Reading, entityTypes: string[]): Contribution[] {
  const accepted = new Map<string, Contribution>()
  const otherType = entityTypes.find((known) => known === 'other')
  const names = new Map(
    answers
      .slice(0, TOPICS_MAX)
      .flatMap((answer) => nameOf(answer.name) ?? [])
      .map((name) => [topicKey(name), name]),
  )
  for (const answer of answers.slice(0, TOPICS_MAX)) {
    const name = nameOf(answer.name)
    const says = sanitizeMarkdown(answer.says, SAYS_CHARACTERS_MAX, (linked) => names.get(topicKey(linked)))
    if (name === undefined || isNonAnswer(says)) continue
    const quotes = answer.quotes.slice(0, QUOTES_MAX).flatMap((quote) => foundQuote(quote, reading) ?? [])
    const aliases = [...new Set(answer.aliases.slice(0, ALIASES_MAX).flatMap((alias) => nameOf(alias) ?? []))].filter(
      (alias) => reading.finder.mentions(alias) && topicKey(alias) !== topicKey(name),
    )
    if (quotes.length === 0 && aliases.length === 0 && !reading.finder.mentions(name)) continue
    const key = topicKey(name)
    const id = `${answer.kind} ${key}`
    if (accepted.has(id)) continue
    const type =
      answer.kind === 'entity' ? (entityTypes.includes(answer.type ?? '') ? (answer.type ?? '') : otherType) : undefined
    const description = acceptLine(answer.description)
    accepted.set(id, {
      kind: answer.kind,
      name,
      key,
      aliases,
      type,
      weight:
        Math.round(
          Math.min(1, Math.max(0.05, (Number.isFinite(answer.importance) ? answer.importance : 1) / 10)) * 100,
        ) / 100,
      ...(isNonAnswer(description) ? {} : { description }),
      says,
      quotes,
    })
  }
  return [...accepted.values()]
}

/**
 * Statements, plain text, with the location of the passage that supports them. Without a location if the passage does
 * not occur.
 */
export function acceptKeyPoints(answers: KeyPointAnswer[], reading: Reading): Quote[] {
  return answers.slice(0, KEY_POINTS_MAX).flatMap(({ text, quote }) => {
    const line = plainLine(withoutTags(text), QUOTE_CHARACTERS_MAX)
    if (isNonAnswer(line)) return []
    const place = foundQuote(quote, reading)?.place
    return [place === undefined ? { text: line } : { text: line, place }]
  })
}

/** One line of plain text. */
export function acceptLine(text: string): string {
  return plainLine(withoutTags(text), LINE_CHARACTERS_MAX)
}

/** The document's own words, if it has them. */
function foundQuote(quote: string, { part, finder }: Reading): Quote | undefined {
  const span = finder.find(quote.slice(0, 2 * QUOTE_CHARACTERS_MAX))
  if (span === undefined) return undefined
  const { start, end } = withMarks(part.text, span)
  const text = plainLine(part.text.slice(start, end), QUOTE_CHARACTERS_MAX)
  const place = part.placeAt(start)
  return place === undefined ? { text } : { text, place }
}

const OPENING = /[“„«‹‘‚"']/
const CLOSING = /[”“»›’‘"']/

/** With the quotation marks around it: the finder looks for the words between them. */
function withMarks(text: string, { start, end }: Span): Span {
  const [before = '', after = ''] = [text[start - 1], text[end]]
  const isOpened = OPENING.test(before) && !/[\p{L}\p{N}]/u.test(text[start - 2] ?? ' ')
  const isClosed = CLOSING.test(after) && !/[\p{L}\p{N}]/u.test(text[end + 1] ?? ' ')
  const inside = text.slice(start, end)
  return {
    start: isOpened && (isClosed || CLOSING.test(inside)) ? start - 1 : start,
    end: isClosed && (isOpened || OPENING.test(inside)) ? end + 1 : end,
  }
}

/** The name as a page has it; undefined for one that no page may have. */
export function nameOf(answer: string): string | undefined {
  const name = plainLine(withoutTags(answer), 2 * NAME_CHARACTERS_MAX)
    .replace(/[`[\]]/g, '')
    .trim()
  const refused = name.length > NAME_CHARACTERS_MAX || topicKey(name) === '' || isNonAnswer(name)
  return refused || PATH_LIKE.test(answer.trim()) || PATH_LIKE.test(name) ? undefined : name
}

/**
 * Merges the contributions of a document's parts, and those that are one topic under two names, into one per topic:
 * heaviest first, at most `max`. One name is that of another topic if that has it as an alias.
 */
export function mergeTopics(parts: Contribution[][], max: number): Contribution[] {
  const merged: Contribution[] = []
  for (const contribution of parts.flat()) {
    const index = merged.findIndex((first) => isSameTopic(first, contribution))
    const first = merged[index]
    if (first === undefined) merged.push(contribution)
    else merged[index] = joined(first, contribution)
  }
  return merged.toSorted((a, b) => b.weight - a.weight || (a.key < b.key ? -1 : 1)).slice(0, max)
}

function isSameTopic(a: Contribution, b: Contribution): boolean {
  const calls = (one: Contribution, other: Contribution) => one.aliases.some((alias) => topicKey(alias) === other.key)
  return a.kind === b.kind && (a.key === b.key || calls(a, b) || calls(b, a))
}

function joined(first: Contribution, later: Contribution): Contribution {
  const says = `${first.says}\n\n${later.says}`
  return {
    ...first,
    aliases: [...new Set([later.name, ...first.aliases, ...later.aliases])]
      .filter((alias) => topicKey(alias) !== first.key)
      .slice(0, ALIASES_MAX),
    // A topic of several parts weighs more than a topic of one.
    weight: Math.min(1, Math.round((Math.max(first.weight, later.weight) + 0.1) * 100) / 100),
    says: says.length > 2 * SAYS_CHARACTERS_MAX ? first.says : says,
    quotes: [...first.quotes.slice(0, QUOTES_MAX - 1), ...later.quotes, ...first.quotes.slice(QUOTES_MAX - 1)].slice(
      0,
      QUOTES_MAX,
    ),
    ...((first.description ?? later.description) === undefined
      ? {}
      : { description: first.description ?? later.description ?? '' }),
  }
}
