// Which of the names in a document are topics, with their weight: how often it names them, and where. Its authors are.
import type { Topic } from './topic.ts'
import type { Spoken } from './evidence.ts'
import type { Name } from './names.ts'
import { SHARED_WEIGHT_MAX } from './topic-weight.ts'

const ENTITIES_MAX = 24
/** Sentences that a document begins with, or -1 for its own metadata; what they name gets at least this weight. */
const HEAD_SENTENCES = 4
const HEAD_WEIGHT = 0.55
/** Notices and addresses may stand between the title and the authors. */
const AUTHOR_SENTENCES = 12
/** What a document is about, and with whom it was written, as far as its authors' pages say it. */
const SUBJECTS_MAX = 3
const CO_AUTHORS_MAX = 3
/** A name that a document has so many times is frequent, whatever others there are. */
const OFTEN = 20
const WRITER = /\b(?:author|written by|prepared by)\b/
const TITLE_WEIGHT = 0.8
const HEAD_TYPES = new Set(['person', 'organization', 'event', 'product'])
/** Minimum number of times that a document names a work that has a page because of it. */
const WORK_FREQUENCY_MIN = 3

/** `title` is the document's. */
export function entityTopics(
  names: Name[],
  entityTypes: string[],
  { title, spoken }: { title: string; spoken: Spoken[] },
): Topic[] {
  const authors = authorsOf(names, spoken)
  const types = new Set(entityTypes)
  const top = Math.min(OFTEN, Math.max(8, names[0]?.frequency ?? 0))
  return names
    .flatMap((name) => {
      const type =
        name.type !== undefined && types.has(name.type) ? name.type : types.has('other') ? 'other' : undefined
      if (type === undefined) return []
      const sure = name.type === undefined ? 0.85 : 0.95
      const often = Math.min(1, Math.log2(1 + name.frequency) / Math.log2(1 + top)) * sure
      // Those whom the head of a document names wrote it, or are what it is about.
      const isAuthor = authors.has(name)
      const isAtHead =
        HEAD_TYPES.has(type) && (name.sentences[0] ?? -1) < HEAD_SENTENCES && (type !== 'product' || name.frequency > 1)
      // A work that is only referred to is a reference.
      const most = type === 'work' && name.frequency < WORK_FREQUENCY_MIN ? SHARED_WEIGHT_MAX : 1
      const isField = name.role !== undefined && !isAuthor
      const least = title.includes(name.name) ? TITLE_WEIGHT : isAtHead || isAuthor || isField ? HEAD_WEIGHT : 0
      const weight = Math.min(most, Math.max(often, least))
      return [
        {
          kind: 'entity' as const,
          key: name.key,
          name: titledName(name.name),
          aliases: [],
          type,
          weight,
          frequency: name.frequency,
          sentences: name.sentences,
          isAuthor,
          isTitled: title.includes(name.name),
          ...(isField ? { says: fieldSays(name.role ?? '') } : {}),
        },
      ]
    })
    .slice(0, ENTITIES_MAX)
}

/** What is said of the authors among `topics`: with whom they wrote the document, and what about. Heaviest topics first. */
export function withAuthorship(topics: Topic[]): Topic[] {
  const authors = topics.filter(({ isAuthor }) => isAuthor === true)
  const about = topics.filter(({ kind }) => kind === 'concept').slice(0, SUBJECTS_MAX)
  const subject = about.length === 0 ? '' : ` on ${listOf(about.map(({ name }) => name))}`
  return topics.map((topic) => {
    if (topic.isAuthor !== true) return topic
    // Each is named with the next ones of the list.
    const at = authors.indexOf(topic)
    const others = [...authors.slice(at + 1), ...authors.slice(0, at)].map(({ name }) => name)
    const shown = others.slice(0, others.length > CO_AUTHORS_MAX + 1 ? CO_AUTHORS_MAX : others.length)
    const more = others.length > shown.length ? [`${others.length - shown.length} others`] : []
    const together = others.length === 0 ? '' : `, with ${listOf([...shown, ...more])}`
    return { ...topic, says: `Author of this document${subject}${together}.` }
  })
}

function listOf(names: string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

/** The people of the document's metadata, or of the lines above its first sentences if those name several. */
function authorsOf(names: Name[], spoken: Spoken[]): ReadonlySet<Name> {
  const people = names.filter(({ type }) => type === 'person')
  const stated = people.filter(({ role, sentences: [first = -1] }) =>
    role === undefined ? first < 0 : WRITER.test(role),
  )
  const listed = people.filter(
    ({ sentences: [first = -1] }) => first >= 0 && first < AUTHOR_SENTENCES && spoken[first]?.whole === false,
  )
  return new Set([...stated, ...(listed.length > 1 ? listed : [])])
}

/** "Named in this document as the primary physician.", "Reviewed this document." */
function fieldSays(role: string): string {
  const done = /^(\w+ed) by$/.exec(role)?.[1]
  if (done !== undefined) return `${done.charAt(0).toUpperCase()}${done.slice(1)} this document.`
  const plain = role.replace(/ ?name$/, '')
  return plain === '' ? 'Named at the head of this document.' : `Named in this document as the ${plain}.`
}

/** A name in capitals, as a letterhead writes it, as a text would. Short words in capitals may be acronyms. */
function titledName(name: string): string {
  const words = name.split(' ')
  if (words.length < 2 || name !== name.toUpperCase() || !words.some((word) => /\p{Lu}{4,}/u.test(word))) return name
  return words.map((word) => (word.length > 3 ? word.charAt(0) + word.slice(1).toLowerCase() : word)).join(' ')
}
