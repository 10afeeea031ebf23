// Entities: names that the text itself shows to be names, typed if the type is certain. Precision before recall: a name
// that could be anything is left out, or is `other` if it is frequent.
import { topicKey } from '../../core/page/topic.ts'
import { CALENDAR, FUNCTION_WORDS, GENERIC_NOUNS, VERBS } from './english.ts'
import {
  EVENT_WORDS,
  GIVEN_NAMES,
  ORGANIZATIONS,
  ORGANIZATION_WORDS,
  PERSON_TITLES,
  PLACES,
  PRODUCTS,
} from './gazetteer.ts'
import type { Word } from './tag-words.ts'

type EntityType = 'person' | 'organization' | 'place' | 'product' | 'work' | 'event' | 'other'

export type Name = {
  key: string
  name: string
  type: EntityType | undefined
  frequency: number
  sentences: number[]
  /** Occurrences in the middle of a sentence, where a capital is significant. */
  sure: number
  /** Of a person whom a field of the document names: what it calls them. */
  role?: string | undefined
}

const PLACEHOLDER = /^(?:test|sample|example|unknown|anonymous|admin|default|your|first)\b/i
const NAME_WORDS_MAX = 6
const NAMES_MAX = 20_000
const CONNECTORS = new Set([
  'of',
  'the',
  'for',
  'and',
  'de',
  'la',
  'van',
  'von',
  'der',
  'du',
  'del',
  'di',
  'da',
  'al',
  '&',
])
const WORK =
  /\b(?:(RFC|PEP|ISO|IEC|IEEE|DIN|ANSI|ECMA|CVE|JEP|NIST SP|EN|ADR)[\s#-]{0,2}(\d{1,6}(?:[-.:]\d{1,6})*))\b|“([^”]{8,90})”/g
const EVENT_YEAR = /\b([A-Z][A-Za-z]{2,12}(?:'|’)?\s?(?:19|20)\d\d)\b/g

/** Required by the two patterns above. */
const MAY_NAME = /[\d“]/

export class NameCounter {
  readonly #names = new Map<string, Name>()
  /** Words seen in lower case: their capitals are only due to position. */
  readonly #common = new Set<string>()

  /** `whole`: the sentence has grammar. Initials are trusted only there: elsewhere they belong to a bibliography. */
  count(words: Word[], text: string, sentence: number, whole: boolean): void {
    for (const word of words) if (!word.capital && word.tag !== 'S') this.#common.add(word.lower)
    for (const { run, sure, role } of capitalRuns(words)) {
      if (role && isPersonName(run)) this.#add(run.map((word) => word.text).join(' '), 'person', sentence, true)
      else if (whole || !/^\p{Lu}\.$/u.test(run[0]?.text ?? '')) this.#countRun(run, sure, sentence)
    }
    if (!MAY_NAME.test(text)) return
    for (const [, body, number, title] of text.matchAll(WORK)) {
      if (body !== undefined) this.#add(`${body} ${number ?? ''}`, 'work', sentence, true)
      else if (title !== undefined && isTitle(title)) this.#add(title.replace(/[.,;]$/, ''), 'work', sentence, true)
    }
    for (const [, event = ''] of text.matchAll(EVENT_YEAR)) {
      const word = event.replace(/\W*\d+$/, '')
      if (word === word.toUpperCase() && !CALENDAR.has(word.toLowerCase()))
        this.#add(event.replace(/['’]\s?/, ' '), 'event', sentence, true)
    }
  }

  /** Adds the names of the author or other people in the document's own metadata; `role`: what it calls them. */
  person(name: string, role?: string): void {
    for (const one of name.split(/\s*(?:[,;&\n]|\band\b)\s*/)) {
      const words = one.replace(/<[^>]*>|\([^)]*\)/g, '').trim()
      if (!PLACEHOLDER.test(words) && /^\p{Lu}[\p{L}.'’-]*(?:\s+[\p{L}.'’-]+){1,4}$/u.test(words))
        this.#add(words, 'person', -1, true, role)
    }
  }

  #countRun(run: Word[], sure: boolean, sentence: number): void {
    const texts = run.map((word) => word.text.replace(/['’]s?$/u, ''))
    // Lines of a title page run together: "Ashish Vaswani Google Brain" is two names.
    for (let cut = 1; cut < run.length; cut++) {
      if (typeOf(texts.slice(0, cut)) !== 'person' || (typeOf(texts.slice(cut)) ?? 'person') === 'person') continue
      this.#countRun(run.slice(0, cut), sure, sentence)
      this.#countRun(run.slice(cut), sure, sentence)
      return
    }
    const name = texts.join(' ')
    if (run.length > NAME_WORDS_MAX || name.length < 2) return
    const type = typeOf(texts)
    if (type === undefined && (run.length === 1 || !sure)) {
      // One capitalised word, or one that only begins a sentence, proves nothing; but it counts for a name seen
      // elsewhere.
      const known = this.#names.get(topicKey(name))
      if (known !== undefined) see(known, sentence, sure)
      return
    }
    if (run.length === 1 && type === undefined) return
    this.#add(name, type, sentence, sure)
  }

  #add(name: string, type: EntityType | undefined, sentence: number, sure: boolean, role?: string): void {
    const key = topicKey(name)
    if (key === '' || key.length > 100) return
    let entry = this.#names.get(key)
    if (entry === undefined) {
      if (this.#names.size >= NAMES_MAX) return
      entry = { key, name, type, frequency: 0, sentences: [], sure: 0, role }
      this.#names.set(key, entry)
    }
    entry.type ??= type
    entry.role ??= role
    see(entry, sentence, sure)
  }

  /** Names that are typed, or frequent enough to be `other`; most frequent first. */
  ranked(): Name[] {
    const names = [...this.#names.values()].filter((name) => this.#isName(name))
    const people = new Map(
      names.filter((name) => name.type === 'person').map((name) => [name.key.split(' ').at(-1) ?? '', name]),
    )
    // "Shazeer" after "Noam Shazeer" is the same person.
    const kept = names.filter((name) => name.key.includes(' ') || name.type !== undefined || !people.has(name.key))
    return kept.sort((a, b) => b.frequency - a.frequency || (a.key < b.key ? -1 : 1))
  }

  #isName({ name, type, frequency, sure, key }: Name): boolean {
    if (sure === 0) return false
    if (type !== undefined) return true
    const words = key.split(' ')
    // Words that the text also writes in lower case are a phrase capitalised as a heading, not a name.
    const own = words.every((word) => !this.#common.has(word)) && !/\p{Lu}{2}/u.test(name)
    return (
      words.length > 1 &&
      frequency >= (own ? 2 : 3) &&
      isOrdinaryName(name) &&
      words.some((word) => !this.#common.has(word)) &&
      !words.some((word) => GENERIC_NOUNS.has(word)) &&
      !/\d/.test(name)
    )
  }
}

/** "Penn Treebank", not "SIA PB DRO" from the head of a table. */
function isOrdinaryName(name: string): boolean {
  const words = name.split(' ')
  return (
    words.every((word) => word.length > 1 || CONNECTORS.has(word)) &&
    words.some((word) => /^\p{Lu}\p{Ll}{2,}/u.test(word)) &&
    words.filter((word) => word === word.toUpperCase()).length < 2
  )
}

function see(name: Name, sentence: number, sure: boolean): void {
  name.frequency++
  if (sure) name.sure++
  if (sentence >= 0 && name.sentences.at(-1) !== sentence) name.sentences.push(sentence)
}

/** `role`: the words before or after it speak of a person. */
type CapitalRun = { run: Word[]; sure: boolean; role: boolean }

const ROLES = new Set(
  'ceo cto cfo founder cofounder co-founder chairman chairwoman president author professor director engineer minister scientist researcher named'.split(
    ' ',
  ),
)
const SAYING = new Set(['said', 'says', 'wrote', 'writes', 'argued', 'argues', 'founded', 'announced', 'pointed'])

/** Two or three words, each with one capital. */
function isPersonName(run: Word[]): boolean {
  return run.length > 1 && run.length < 4 && run.every(({ text }) => /^\p{Lu}[\p{Ll}’'-]+$/u.test(text))
}

/** Runs of capitalised words; `sure` if the capital is not only due to the beginning of the sentence. */
function capitalRuns(words: Word[]): CapitalRun[] {
  const runs: CapitalRun[] = []
  for (let index = 0; index < words.length; index++) {
    const word = words[index]
    if (word === undefined || !isNameWord(word)) continue
    const run = [word]
    let end = index + 1
    while (end < words.length && run.length < NAME_WORDS_MAX) {
      const next = words[end]
      const after = words[end + 1]
      if (next !== undefined && isNameWord(next)) run.push(next)
      else if (
        next !== undefined &&
        CONNECTORS.has(next.lower) &&
        after !== undefined &&
        isNameWord(after) &&
        next.lower !== 'and' &&
        next.lower !== 'the'
      )
        run.push(next)
      else if (next?.text === '.' && run.at(-1)?.text.length === 1 && after !== undefined && isNameWord(after)) {
        // "Aidan N. Gomez"
        run[run.length - 1] = { ...(run.at(-1) ?? word), text: `${run.at(-1)?.text}.` }
      } else break
      end++
    }
    runs.push({
      run,
      sure:
        (run.some((one) => one.proper) && (word.proper || run.length > 1 || PRODUCTS.has(word.lower))) ||
        // An item of a list that is the name alone.
        (run.length === words.length && PRODUCTS.has(word.lower)),
      role: ROLES.has(words[index - 1]?.lower ?? '') || SAYING.has(words[end]?.lower ?? ''),
    })
    index = end - 1
  }
  return runs
}

function isNameWord(word: Word): boolean {
  if (word.tag === 'C' && PRODUCTS.has(word.lower)) return true
  return (
    word.capital &&
    (word.tag === 'N' || word.tag === 'J' || word.tag === 'G' || word.tag === 'P' || word.tag === 'V') &&
    !CALENDAR.has(word.lower) &&
    word.text.length < 30
  )
}

function typeOf(texts: string[]): EntityType | undefined {
  const name = texts.join(' ')
  const lower = name.toLowerCase()
  const [first = '', ...rest] = texts
  const last = texts[texts.length - 1] ?? ''
  if (ORGANIZATIONS.has(lower)) return lower === name && lower.length < 5 ? undefined : 'organization'
  if (PLACES.has(lower)) return 'place'
  if (PRODUCTS.has(lower) && (name !== lower || lower.length > 4)) return 'product'
  // "Disney+"
  if (/^\p{Lu}\p{L}{2,}\+$/u.test(name)) return 'product'
  if (texts.length === 1) return undefined
  if (
    rest.some((word) => ORGANIZATION_WORDS.has(word.toLowerCase())) ||
    (ORGANIZATION_WORDS.has(first.toLowerCase()) && / (?:of|for|de|für) /.test(name))
  )
    return 'organization'
  if (EVENT_WORDS.has(last.toLowerCase()) || EVENT_WORDS.has(first.toLowerCase()))
    return texts.length > 2 ? 'event' : undefined
  if (PERSON_TITLES.has(first.toLowerCase().replace('.', ''))) return 'person'
  if (
    GIVEN_NAMES.has(first) &&
    rest.every((word) => /^\p{Lu}[\p{L}'’.-]*$/u.test(word) || CONNECTORS.has(word)) &&
    texts.length <= 4 &&
    last.length > 2 &&
    last !== last.toUpperCase()
  )
    return 'person'
  if (
    /^\p{Lu}\.$/u.test(first) &&
    texts.length <= 4 &&
    /^\p{Lu}\p{Ll}{2,}/u.test(last) &&
    !VERBS.has(last.toLowerCase()) &&
    !FUNCTION_WORDS.has(last.toLowerCase())
  )
    return 'person'
  return undefined
}

/** Whether quoted words are the title of a work: most of them are capitalised. */
function isTitle(quoted: string): boolean {
  const words = quoted.split(/\s+/)
  return words.length >= 3 && words.filter((word) => /^\p{Lu}/u.test(word)).length >= words.length * 0.6
}
