// Which of the names in a document are topics, with their weight: how often it names them, and where. Its authors are.
import type { Topic } from './contributions.ts'
import type { Spoken } from './evidence.ts'
import type { Name } from './names.ts'
import { SHARED_WEIGHT_MAX } from './topics.ts'

const ENTITIES_MAX = 24
/** Sentences that a document begins with, or -1 for its own metadata; what they name gets at least this weight. */
const HEAD_SENTENCES = 4
const HEAD_WEIGHT = 0.55
/** Notices and addresses may stand between the title and the authors. */
const AUTHOR_SENTENCES = 12
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
  const top = Math.max(8, names[0]?.frequency ?? 0)
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
      const least = title.includes(name.name) ? TITLE_WEIGHT : isAtHead || isAuthor ? HEAD_WEIGHT : 0
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
          ...(isAuthor ? { says: 'Author of this document.' } : {}),
        },
      ]
    })
    .slice(0, ENTITIES_MAX)
}

/** The people of the document's metadata, or of the lines above its first sentences if those name several. */
function authorsOf(names: Name[], spoken: Spoken[]): ReadonlySet<Name> {
  const people = names.filter(({ type }) => type === 'person')
  const stated = people.filter(({ sentences: [first = -1] }) => first < 0)
  const listed = people.filter(
    ({ sentences: [first = -1] }) => first >= 0 && first < AUTHOR_SENTENCES && spoken[first]?.whole === false,
  )
  return new Set([...stated, ...(listed.length > 1 ? listed : [])])
}

/** A name in capitals, as a letterhead writes it, as a text would. Short words in capitals may be acronyms. */
function titledName(name: string): string {
  const words = name.split(' ')
  if (words.length < 2 || name !== name.toUpperCase() || !words.some((word) => /\p{Lu}{4,}/u.test(word))) return name
  return words.map((word) => (word.length > 3 ? word.charAt(0) + word.slice(1).toLowerCase() : word)).join(' ')
}
