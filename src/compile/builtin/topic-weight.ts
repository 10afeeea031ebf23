// The most that a topic of a document may weigh: a page of its own needs a document that is about it.
import { topicKey } from '../../core/page/topic.ts'
import { isCommonTerm } from './common-terms.ts'
import type { Ranks } from './common-words.ts'
import type { Topic } from './topic.ts'
import type { Phrase } from './phrases.ts'
import { isGenericNoun, rarity, type Evidence } from './telling.ts'

/** What is less telling makes no page of its own. */
const OWN_TELLING_MIN = 0.5
const OFTEN_TELLING_MIN = 0.45
/** What is less telling is mentioned in passing: a page that exists may have a section of it, but it makes none. */
const SHARED_TELLING_MIN = 0.4
/** A topic that weighs more may have a page of its own (see `PlanLimits`). */
export const SHARED_WEIGHT_MAX = 0.49
export const PASSING_WEIGHT_MAX = 0.14
/** A topic that is only named once or twice makes a page together with several documents. */
const NAMED_WEIGHT_MAX = 0.32
/** What a document says of a topic for which it may have a page of its own: see `saidOf`. */
const OWN_SAID_MIN = 5
/** The same for one of the few topics that count most in its document. */
export const MAIN_SAID_MIN = 3
const MAIN_SALIENCE_MIN = 0.95
/** A document of no more sentences is a short note. */
export const BRIEF_SENTENCES = 12
const NAMED_SENTENCES_MAX = 2
/** Sentences of a candidate that are looked at. */
export const SENTENCES_MAX = 16
/** Sentences with a common word in a document that is about it. */
const COMMON_SENTENCES_MIN = 8
const TERM_SENTENCES_MIN = 16
/** Of a short document. */
export const SHORT_SHARE = 0.5

/** The most that a topic may weigh: a page of its own needs a document that is about it. */
export function weightMax(phrase: Phrase, tells: number, seen: Evidence, ranks: Ranks): number {
  const { name, words, code } = phrase
  if (tells < SHARED_TELLING_MIN) return PASSING_WEIGHT_MAX
  const { frequency, inTitle, inHeadings, defined, about, often } = seen
  const isShort = about > 0 && often <= SHORT_SHARE
  const common = isCommon(phrase)
  if (common && !isDefinedTerm(phrase, seen)) return PASSING_WEIGHT_MAX
  if (
    !seen.brief &&
    phrase.sentences.length <= NAMED_SENTENCES_MAX &&
    about === 0 &&
    inHeadings === 0 &&
    !inTitle &&
    !defined
  )
    return NAMED_WEIGHT_MAX
  if (saidOf(phrase, seen) < (seen.brief || seen.salience >= MAIN_SALIENCE_MIN ? MAIN_SAID_MIN : OWN_SAID_MIN))
    return SHARED_WEIGHT_MAX
  if (tells < (frequency > 7 || isShort ? OFTEN_TELLING_MIN : OWN_TELLING_MIN)) return SHARED_WEIGHT_MAX
  if (words > 1) {
    if (!isTerm(phrase, seen, ranks)) return SHARED_WEIGHT_MAX
    const isOften = frequency > (isShort ? 1 : 2)
    return isOften || defined || (inTitle && about > 0) ? 1 : SHARED_WEIGHT_MAX
  }
  if (code) return inTitle || inHeadings > 0 || name.length > 3 || frequency > 7 ? 1 : SHARED_WEIGHT_MAX
  const rare = rarity(name.toLowerCase(), ranks)
  if (inTitle || defined || common || (about > 2 && (rare > 0 || inHeadings > 0))) return 1
  const isHeaded = (inHeadings > 0 && about > 1) || (inHeadings > 1 && frequency > 7)
  return isHeaded || rare >= 0.7 ? 1 : SHARED_WEIGHT_MAX
}

/** How much a document says of a topic: the sentences with it, those about it twice more, and the places of honour. */
export function saidOf({ sentences }: Phrase, { about, inHeadings, inTitle, defined }: Evidence): number {
  return sentences.length + 2 * about + 2 * Math.min(inHeadings, 2) + (inTitle ? 4 : 0) + (defined ? 4 : 0)
}

/** A word of everyday language or of the trade. */
export function isCommon({ words, name, code }: Phrase): boolean {
  return words === 1 && !code && isCommonTerm(topicKey(name))
}

/** A common word that is a term of this document: it is about the word by its title, or defines it and says much of it. */
function isDefinedTerm(
  { titled, sentences }: Phrase,
  { about, inHeadings, defined, inTitle, salience }: Evidence,
): boolean {
  if (titled || (inHeadings > 0 && (defined || inTitle) && about > 1)) return true
  if (sentences.length < COMMON_SENTENCES_MIN) return false
  // Of the sentences that were looked at, one in five is about it.
  const isSubject = about > 1 && about * 5 >= Math.min(sentences.length, SENTENCES_MAX)
  return (salience >= MAIN_SALIENCE_MIN && isSubject) || (inHeadings > 2 && about > 0)
}

/** Common words make a term together if the document treats them as one: "private field". */
function isTerm(
  { name, code, titled, sentences }: Phrase,
  { about, inHeadings, defined }: Evidence,
  ranks: Ranks,
): boolean {
  if (code || titled || defined || about > 1 || inHeadings > 1 || sentences.length >= TERM_SENTENCES_MIN) return true
  return name.split(/[\s-]+/).some((word) => rarity(word.toLowerCase(), ranks) >= 0.7)
}

/** "Rust users" speak of Rust, not of a topic, unless the document is about them. */
export function namedMax(
  phrase: Phrase,
  entities: Topic[],
  { inTitle, inHeadings, defined, salience }: Evidence,
): number {
  if (phrase.words < 2 || inTitle || defined || inHeadings > 1) return 1
  const name = entities.find(({ key }) => phrase.key.startsWith(`${key} `) || phrase.key.endsWith(` ${key}`))?.key
  if (name === undefined) return 1
  const rest = phrase.key.replace(name, '').trim()
  if (isGenericNoun(rest)) return PASSING_WEIGHT_MAX
  return isCommonTerm(rest) && salience < MAIN_SALIENCE_MIN ? PASSING_WEIGHT_MAX : 1
}
