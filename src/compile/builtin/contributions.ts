// What a document says about each of its topics: the sentence that defines it or says most, verbatim, with its
// location.
import type { Contribution, Quote } from '../../core/document/compiled.ts'
import type { Place } from '../../core/document/document.ts'
import { sanitizeInline, oneLine } from '../../core/page/sanitize.ts'
import { CLAUSE_END, definitionIn, fold, formsOf, partIn, type Part, type Spoken } from './evidence.ts'
import type { Ranked, Sentences, Topic } from './topic.ts'
import { BRIEF_SENTENCES, PASSING_WEIGHT_MAX } from './topic-weight.ts'
import { linkerOf, type Linker } from './link-mentions.ts'
import { isSetting, Quoted, VALUE, type Asked } from './quoted.ts'
import type { Sentence } from './sentences.ts'

const SAYS_CHARS_MAX = 420
const DESCRIPTION_CHARS_MAX = 180
const CLAUSE_CHARS_MIN = 24
const LOOKED_AT_MAX = 400
const LINKED_WEIGHT_MIN = 0.2
/** What is not a sentence is better than nothing. */
const FRAGMENT_VALUE = 0.2
/** What weighs as much is what the document is about, or speaks of a lot. */
const CENTRAL_WEIGHT_MIN = 0.9
/** So many of the heaviest topics of a document keep their weight, whatever is said of them. */
const MAIN_MAX = 1
/** Of the first so many, two sentences are enough, whatever they say. */
const FIRST_MAX = 4
const UNSAID_WEIGHT_MAX = 0.3
/** How often a document has a name that makes a page of its own. */
const NAMED_MIN = 6
/** A document with no more sentences says little of anything, also of what it is about. */
const SHORT_SENTENCES = 60
const CONTINUES =
  /^(?:this(?! (?:rfc|paper|document|report|article|proposal|note|guide|chapter|book|thesis|manual|study)\b)|that|these|those|it|its|they|their|them|he|she|however|but|and|or|so|thus|also|then|hence|therefore|instead|otherwise|likewise|here|there|such|if not|for (?:example|instance)|in (?:this|that|these|those)|as (?:such|mentioned|described)|thanks|we could|alternatively|conversely|identical|the (?:former|latter|other|same)|another|again|similarly|finally|yes|no)\b/i

/** What might be, and is not said to be. */
const SUPPOSES =
  /^(?:one|you|maybe|perhaps|ideally|a (?:future|possible)|an? alternative|if (?:we|you))\b|\b(?:could|might|may|would) (?:also |then |just |even |still )?(?:be|have|want|like|make|need|take|add)\b|\bout of scope\b/i

/** Heaviest first. A sentence goes on one page only; a topic for which none is left is not said. */
export function contributionsOf(topics: Topic[], of: Sentences): Contribution[] {
  const asked = topics.map((topic): Asked => {
    const forms = formsOf([topic.name, ...topic.aliases])
    return { topic, forms, ranked: rankSentences(topic, forms, of) }
  })
  const quotes = new Quoted(asked, of)
  const linker = linkerOf(topics.filter((topic) => topic.weight >= LINKED_WEIGHT_MIN))
  const contributions = asked.flatMap(({ topic, forms, ranked }, index): Contribution[] => {
    const quoted = quotes.of(topic)
    const [first] = quoted
    const sentence = first === undefined ? undefined : of.sentences[first.at]
    if (first === undefined || sentence === undefined || (topic.says !== undefined && !sentence.whole))
      return unsaid(topic, forms, besideIn(ranked, quotes, of), linker)
    const isSaid = isEnough(topic, quoted, of.sentences.length) || (index < FIRST_MAX && quoted.length > 1)
    const isMain = index < MAIN_MAX && (isSaid || (topic.frequency > 2 && of.sentences.length <= SHORT_SENTENCES))
    const description = descriptionOf(sentence.text, of.spoken[first.at], forms)
    return [
      {
        ...head(isMain ? topic : { ...topic, weight: weightOf(topic, isSaid, first.part) }),
        ...(description === undefined ? {} : { description }),
        says: linker(sanitizeInline(oneLine(sentence.text, SAYS_CHARS_MAX)), topic.key),
        quotes: quoted.flatMap(({ at }) => (of.sentences[at] === undefined ? [] : [quoteOf(of.sentences[at])])),
      },
    ]
  })
  return contributions.sort((a, b) => b.weight - a.weight || (a.key < b.key ? -1 : 1))
}

type Beside = { topic: Topic; description: string | undefined }

/** The topic of which the best of these sentences is said, and what that says it is. */
function besideIn(ranked: Ranked[], quotes: Quoted, { sentences, spoken }: Sentences): Beside | undefined {
  const topic = quotes.holderOf(ranked)
  const at = ranked[0]?.at ?? -1
  if (topic === undefined) return undefined
  const forms = formsOf([topic.name, ...topic.aliases])
  return { topic, description: descriptionOf(sentences[at]?.text ?? '', spoken[at], forms) }
}

/** A topic without a sentence of its own: who wrote the document, or a name in a sentence that is said of `beside`. */
function unsaid(topic: Topic, forms: string[], beside: Beside | undefined, linker: Linker): Contribution[] {
  if (topic.says !== undefined)
    return [{ ...head(topic), says: linker(sanitizeInline(topic.says), topic.key), quotes: [] }]
  if (topic.kind === 'concept' || isSetting(topic) || beside === undefined || beside.topic === topic) return []
  const { description, topic: other } = beside
  const isNamed = description !== undefined && forms.some((form) => fold(description).includes(form))
  const says = linker(
    sanitizeInline(
      isNamed
        ? `${other.name}: ${description.replace(/^(?:An?|The|One)\b/, (article) => article.toLowerCase())}.`
        : `${topic.name} is named with ${other.name}.`,
    ),
    topic.key,
  )
  return [{ ...head({ ...topic, weight: 0 }), says, quotes: [] }]
}

/** Whether the document says what the topic is, or more of it than one sentence and something that it is about. */
function isEnough({ weight, isTitled, kind, type, frequency }: Topic, quoted: Ranked[], sentences: number): boolean {
  if (quoted[0]?.part === 'defined' || quoted.length > 2 || sentences <= BRIEF_SENTENCES) return true
  // A name tells by itself what the document speaks of, but for those that many documents speak of.
  if (kind === 'entity' && type !== 'product' && type !== 'place') return frequency >= NAMED_MIN || quoted.length > 1
  if (quoted.length < 2 && isTitled !== true) return false
  return (
    weight >= CENTRAL_WEIGHT_MIN || isTitled === true || quoted.some(({ part }) => part !== 'named' && part !== 'aside')
  )
}

/** A topic of which too little is said makes no page of its own, nor together with one other document; a setting, none. */
function weightOf(topic: Topic, isSaid: boolean, part: Part): number {
  const { weight } = topic
  if (isSaid && (part !== 'aside' || weight >= CENTRAL_WEIGHT_MIN)) return weight
  return Math.min(weight, isSetting(topic) ? PASSING_WEIGHT_MAX : UNSAID_WEIGHT_MAX)
}

/** The sentences that say something of the topic, the most telling first. */
function rankSentences(topic: Topic, forms: string[], { sentences, spoken, scores }: Sentences): Ranked[] {
  return topic.sentences
    .slice(0, LOOKED_AT_MAX)
    .flatMap((at) => {
      const [sentence, said] = [sentences[at], spoken[at]]
      if (sentence === undefined || said === undefined) return []
      const part = sentence.whole ? (partIn(said, forms) ?? 'named') : 'aside'
      return [{ at, part, value: sayingValue(sentence, said, part, scores[at] ?? 0, forms) }]
    })
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.value - a.value || a.at - b.at)
}

function sayingValue(
  { text, whole }: Sentence,
  { heading }: Spoken,
  part: Part,
  score: number,
  forms: string[],
): number {
  if (!whole) return isLegible(text) ? FRAGMENT_VALUE : 0
  const headed = forms.some((form) => heading.includes(form)) ? 1.25 : 1
  return score * VALUE[part] * headed * (CONTINUES.test(text) ? 0.45 : SUPPOSES.test(text) ? 0.65 : 1)
}

/** What is no sentence and yet says something: an item of a list, a line of a slide. */
function isLegible(text: string): boolean {
  return (
    text.length >= 25 &&
    text.length <= 300 &&
    /^[\p{Lu}\p{Lo}\p{N}`"“]/u.test(text) &&
    !/[:,;@]$|@|https?:/.test(text) &&
    text.split(' ').length >= 5
  )
}

/** What the topic is, if the sentence says so. */
function descriptionOf(text: string, spoken: Spoken | undefined, forms: string[]): string | undefined {
  const range = spoken === undefined ? undefined : definitionIn(spoken, forms)
  if (range === undefined) return undefined
  const whole = withCode(text, range)
    .replace(/[.。]$/, '')
    .trim()
  const definition = firstClause(whole)
  return definition === undefined || definition.length < 12
    ? undefined
    : oneLine(definition.charAt(0).toUpperCase() + definition.slice(1), DESCRIPTION_CHARS_MAX)
}

/** Up to where something else is said, and no more than fits; undefined if that would cut a clause. */
function firstClause(text: string): string | undefined {
  const end = CLAUSE_END.exec(text)
  const clause = end === null || end.index < CLAUSE_CHARS_MIN ? text : text.slice(0, end.index)
  if (clause.split('`').length % 2 === 0) return undefined
  if (clause.length <= DESCRIPTION_CHARS_MAX) return clause
  const cut = clause.lastIndexOf(', ', DESCRIPTION_CHARS_MAX)
  return cut < CLAUSE_CHARS_MIN ? undefined : clause.slice(0, cut)
}

/** The part of a text from `start` to `end`, which are counted without the signs of code spans. */
function withCode(text: string, { start, end }: { start: number; end: number }): string {
  let count = 0
  let from = -1
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '`') continue
    if (count === start && from < 0) from = at > 0 && text[at - 1] === '`' ? at - 1 : at
    count++
    if (count === end) return text.slice(from, text[at + 1] === '`' ? at + 2 : at + 1)
  }
  return ''
}

function head({
  kind,
  name,
  key,
  aliases,
  variants = [],
  type,
  weight,
}: Topic): Pick<Contribution, 'kind' | 'name' | 'key' | 'aliases' | 'variants' | 'type' | 'weight'> {
  return {
    kind,
    name,
    key,
    aliases,
    ...(variants.length === 0 ? {} : { variants }),
    ...(type === undefined ? {} : { type }),
    weight: Math.round(weight * 1000) / 1000,
  }
}

export function quoteOf(sentence: Sentence): Quote {
  const place = placeOf(sentence)
  return { text: oneLine(sentence.text, SAYS_CHARS_MAX), ...(place === undefined ? {} : { place }) }
}

function placeOf({ page, heading }: Sentence): Place | undefined {
  if (page !== undefined) return { page }
  return heading === undefined ? undefined : { heading }
}
