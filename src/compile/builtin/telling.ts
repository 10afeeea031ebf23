// How telling a phrase is: whether a reader who sees its name learns something about the document. Common words tell
// nothing unless the document is about them: they are in its title, or it defines them, or a heading and many sentences name
// them.
import { topicKey } from '../../core/page/topic.ts'
import type { Ranks } from './common-words.ts'
import { isCommonTerm } from './common-terms.ts'
import { CALENDAR, GENERIC_NOUNS, VERBS } from './english.ts'
import type { Phrase } from './phrases.ts'

/** What speaks for a phrase besides its words. */
export type Evidence = Pick<Phrase, 'frequency' | 'alone' | 'inHeadings' | 'inTitle' | 'words' | 'code'> & {
  /** The document says what it is, or gives it a short form. */
  defined: boolean
  /** Sentences that define it, introduce it or have it as their subject, of those that were looked at. */
  about: number
  /** 0 to 1, within the document. */
  salience: number
  /** How much less often than in a long document a word must occur to be frequent: 0.5 to 1. */
  often: number
  /** The document has a few sentences only: one of them is much of what it says. */
  brief: boolean
}

const GENERIC_KEYS = new Set([...GENERIC_NOUNS].map(topicKey))

/** Names of parts of a document, and what every document of a kind speaks of. */
const GENRE = new Set(
  `detailed design, prior art, unresolved question, open question, future possibility, future work, related work, guide-level
explanation, reference-level explanation, blog post, pull request, tracking issue, start date, feature name, previous section, next
section, executive summary, table of contents, key point, use case, end user, corner case, edge case, special case, common case, best
practice, status quo, real world, long run, long term, short term, worst case, first step, first class, rule of thumb, pros and cons,
trade-off, good idea, bad idea, side note, high level, low level, bare minimum, point of view, wide range, wide variety, code example,
source code, code sample, user experience, mailing list, release note, error case, design decision, design space, open source,
github issue, issue tracker, year, month, week, day, hour, minute, second, percent, million, billion, kilometer, meter, kilogram, dollar, euro,
employee, website, company, someone, everybody, page number, file name, user name, first name, last name, phone number, email address,
postal code, zip code, data type, function call, code path, motivation, proposal, summary, rfc, author, reader, contributor, maintainer,
rfc pr, parse, compile, recompile, caller, callee, attacker, newbie, opt-in, opting-in, opt-out, pro, con, pr, prs, lead, mode, arch, ptr, vice versa, git repo, e-mail, email, meeting, backward, doc, throw, api`
    .split(/\s*,\s*/)
    .map(topicKey),
)
/** "Prior-year quarter" is a time. */
const PERIOD = new Set([
  'year',
  'quarter',
  'month',
  'week',
  'day',
  'fiscal',
  'annual',
  'quarterly',
  'monthly',
  'decade',
])
const UNITS = /^(?:[kmgt]i?b|ms|µs|ns|km|cm|mm|kg|mg|ml|hz|[kmg]hz|usd|eur|mmhg|bpm|pp|px|pt)$/

/** 0 for a word that everyone uses, 1 for one that few do. */
export function rarity(word: string, ranks: Ranks): number {
  const rank = ranks.rank(word)
  if (rank >= 5_000 && isCommonTerm(topicKey(word))) return 0.35
  return rank < 2_000 ? 0 : rank < 5_000 ? 0.35 : rank < 10_000 ? 0.7 : 1
}

export type Candidate = {
  key: string
  /** Lower case, or as written if it is code. */
  words: string[]
  code: boolean
  /** One word of capitals only. */
  acronym: boolean
  /** Keys of the names in the document, words of persons' names included. */
  named: ReadonlySet<string>
}

/** 0 to 1; 0 for a phrase that must never be a topic. */
export function telling(phrase: Candidate, evidence: Evidence, ranks: Ranks): number {
  const { key, words, code, acronym } = phrase
  if (GENRE.has(key) || words.some((word) => CALENDAR.has(word)) || words.every(isMeasure)) return 0
  if (words.some((word) => PERIOD.has(word)) && words.every((word) => rarity(word, ranks) < 0.7)) return 0
  const own =
    words.length > 1
      ? tellingPhrase(phrase, evidence, ranks)
      : code
        ? tellingIdentifier(words[0] ?? '', evidence, ranks)
        : tellingWord(words[0] ?? '', acronym, evidence, ranks)
  return own === 0 ? 0 : clamp(own + 0.06 * Math.min(evidence.about, 3))
}

/** A noun that says nothing by itself. `key`: as `topicKey` makes it. */
export function isGenericNoun(key: string): boolean {
  return GENERIC_KEYS.has(key)
}

function isMeasure(word: string): boolean {
  return UNITS.test(word) || /^\p{N}/u.test(word)
}

function placedIn({ inHeadings, inTitle, defined }: Evidence): number {
  return (inTitle ? 2 : 0) + Math.min(inHeadings, 2) + (defined ? 1 : 0)
}

function tellingIdentifier(name: string, evidence: Evidence, ranks: Ranks): number {
  const placed = placedIn(evidence)
  const rare = /[_A-Z]/.test(name) || ranks.rank(name) > 5_000
  return rare ? clamp(0.34 + 0.2 * placed + 0.06 * Math.min(evidence.frequency, 5)) : placed >= 2 ? 0.5 : 0
}

function tellingWord(word: string, isAcronym: boolean, evidence: Evidence, ranks: Ranks): number {
  const { frequency, inHeadings, inTitle, defined, salience, often: share } = evidence
  const placed = placedIn(evidence)
  if (GENERIC_KEYS.has(topicKey(word))) return inTitle && (defined || inHeadings > 0) && frequency >= 5 ? 0.5 : 0
  if ((frequency < 2 && placed < 2) || (!inTitle && isNoNoun(word))) return 0
  const rare = isAcronym ? 1 : rarity(word, ranks)
  if (placed === 0 && rare < 1 && frequency < share * (rare === 0.7 ? 5 : rare === 0.35 ? 7 : 10)) return 0
  const often = Math.min(frequency, 6)
  // A verb or an adjective that was taken for a noun.
  const isLoose =
    (LOOSE_ENDING.test(word) && !LOOSE_NOUN.test(word)) ||
    (placed === 0 && VERBAL.test(word)) ||
    (!inTitle && isGerund(word))
  const loose = isLoose ? 0.3 : 0
  switch (rare) {
    case 1:
      return clamp(0.3 + 0.15 * placed + 0.08 * often - loose)
    case 0.7:
      return clamp(0.15 + 0.17 * placed + 0.06 * often - loose)
    case 0.35:
      return clamp(0.05 + 0.17 * placed + 0.05 * often + (salience > 0.85 ? 0.15 : 0) - loose)
    default:
      return clamp(
        0.16 * placed +
          0.02 * Math.min(frequency, 8) +
          (salience > 0.9 ? (frequency >= 10 ? 0.36 : 0.1) : 0) -
          0.1 -
          loose,
      )
  }
}

function tellingPhrase({ words, code, named }: Candidate, evidence: Evidence, ranks: Ranks): number {
  const { frequency } = evidence
  const placed = placedIn(evidence)
  const head = words.at(-1) ?? ''
  const isGeneric = GENERIC_KEYS.has(topicKey(head))
  const rarities = words.map((word) => (GENERIC_KEYS.has(topicKey(word)) ? 0 : rarity(word, ranks)))
  const rare = Math.max(...rarities)
  if (frequency < 2 && placed === 0) {
    // Said once: a term only if each of its words is.
    if (isGeneric || code || Math.min(...rarities) < 0.35 || words.some((word) => VERBAL.test(word) || named.has(word)))
      return 0
    return rare === 1 ? 0.34 : 0.3
  }
  // "Adding split_at" is what is done, not a thing.
  if (code && isGerund(words[0] ?? '')) return 0
  const base = rare === 1 ? 0.42 : rare === 0.7 ? 0.36 : rare === 0.35 ? 0.26 : 0.14
  // "People expecting" is half a sentence; "pattern matching", used several times, is a term.
  const verbal = words.slice(1).some((word) => VERBAL.test(word)) ? (frequency >= 3 || placed > 0 ? 0.05 : 0.3) : 0
  const loose = LOOSE_ENDING.test(head) && !LOOSE_NOUN.test(head) ? 0.2 : 0
  // "Rust newbies" speak of Rust.
  const ofName = words.some((word) => named.has(word)) && rare < 1 ? 0.12 : 0
  // "Specifying different overrides" is a verb and its object.
  const done = words.length > 2 && placed < 2 && words.slice(0, -1).some(isGerund) ? 0.3 : 0
  return clamp(
    base +
      0.15 * placed +
      0.07 * Math.min(frequency - 1, 5) -
      (!isGeneric ? 0 : frequency >= 4 || rare >= 0.7 ? 0.08 : 0.2) -
      verbal -
      ofName -
      done -
      loose,
  )
}

/** "generalizing", "accountable": what is done, and how something is, in any sense. */
function isNoNoun(word: string): boolean {
  return /i[sz]ing$/.test(word) || (/[ai]bles?$/.test(word) && !ABLE_NOUN.test(word))
}

/** "checking": what is done rather than a thing. */
function isGerund(word: string): boolean {
  if (!word.endsWith('ing')) return false
  const stem = word.slice(0, -3)
  return /i[sz]$/.test(stem) || VERBS.has(stem) || VERBS.has(`${stem}e`) || VERBS.has(stem.slice(0, -1))
}

const VERBAL = /^[a-z]{3,}(?:ing|ed)$/
const ABLE_NOUN =
  /^(?:(?:time)?table|cable|variable|syllable|vegetable|bible|executable|deliverable|observable|wearable|consumable|crucible)s?$/
const LOOSE_ENDING = /(?:i[sz]e|ify|ate|ed|en|ly|ish|ous|ful|less|able|ible)s?$/
const LOOSE_NOUN =
  /(?:template|candidate|predicate|coordinate|aggregate|certificate|delegate|duplicate|climate|substrate|senate|estate|plate|surrogate|exercise|enterprise|premise|franchise|promise|noise|token|kitchen|garden|oxygen|seed|feed|speed|embed|shed|assembly|anomaly|family|variable|table|cable|syllable|vegetable|timetable|library|specimen|alien|children|women|wireless|bible)s?$/

function clamp(value: number): number {
  return Math.max(0, Math.min(1, value))
}
