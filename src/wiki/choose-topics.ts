// Which of a document's contributions get a page. Decided from weight and from what the base knows, the same every time:
//  - a topic that has a page gets a section;
//  - one that an earlier document mentioned gets a page now, with a section for both; a light one needs several;
//  - a heavy one gets a page of its own;
//  - a light one stays a mention in the document's record, and one named in passing is left out.
// The pages that have a section of a document are the `topics` of its record, all of them. So the record of an earlier
// document changes when its mention becomes a section; removing a document needs only its record.
import type { Catalog, TopicRef } from '../core/document/catalog.ts'
import type { Contribution } from '../core/document/compiled.ts'
import type { DocumentRecord, Mention, TopicKind } from '../core/document/document.ts'
import { cutInline, oneLine } from '../core/page/sanitize.ts'
import { topicKey } from '../core/page/topic.ts'
import { NO_TARGETS, resolveLinks } from './resolve-links.ts'

export type PlanLimits = {
  /** Maximum number of concept pages, and of entity pages, on which one document has a section. */
  topicsOfKindMax: number
  /** Maximum number of these pages that it creates on its own weight alone. */
  ownPagesOfKindMax: number
  /** Minimum weight to create one. */
  ownPageWeightMin: number
  /** Minimum weight to create one together with an earlier document that mentions it. */
  sharedPageWeightMin: number
  /** Minimum weight to create one together with several, and to be mentioned. */
  mentionWeightMin: number
  mentionsMax: number
  /** Earlier documents that get a section when their mention becomes a page. */
  earlierMentionsMax: number
}

export const DEFAULT_PLAN_LIMITS: PlanLimits = {
  topicsOfKindMax: 16,
  ownPagesOfKindMax: 12,
  ownPageWeightMin: 0.5,
  sharedPageWeightMin: 0.33,
  mentionWeightMin: 0.15,
  mentionsMax: 24,
  earlierMentionsMax: 8,
}

/** Of a picture that is missing or too small to be kept, or of an attachment: a text that links it has the name as a word. */
const FILE_NAME = /^\S+\.(?:png|jpe?g|gif|webp|bmp|avif|svg|tiff?|pdf|docx?|xlsx?|pptx?)$/i

/** Minimum number of documents for a topic's share of them to mean something. */
const CORPUS_MIN = 100
/**
 * A topic in more than this share of the documents no longer distinguishes them: only heavy contributions are added to
 * it.
 */
const COMMON_SHARE = 0.12
const MENTION_CHARS_MAX = 400
/** Earlier documents with which a light topic is worth a page. */
const SEVERAL = 2

export type ChosenTopic =
  | { page: 'existing'; topic: TopicRef; contribution: Contribution }
  | { page: 'new'; contribution: Contribution; earlier: { document: DocumentRecord; mention: Mention }[] }

/**
 * `held`: whether a topic's page counts as one that the document created on its own weight in an earlier plan.
 * Otherwise each new plan would create as many again.
 */
export function chooseTopics(
  name: string,
  contributions: Contribution[],
  catalog: Catalog,
  limits: PlanLimits,
  held: (topic: TopicRef) => boolean = () => false,
): { chosen: ChosenTopic[]; mentions: Mention[] } {
  const chosen: ChosenTopic[] = []
  const mentions: Mention[] = []
  const seen = new Set<string>()
  const counts: Record<TopicKind, { all: number; own: number }> = {
    concept: { all: 0, own: 0 },
    entity: { all: 0, own: 0 },
  }
  const common = catalog.documentCount() >= CORPUS_MIN ? catalog.documentCount() * COMMON_SHARE : Infinity
  for (const contribution of contributions) {
    const { kind, key, weight } = contribution
    const keys = keysOf(contribution)
    if (key === '' || FILE_NAME.test(contribution.name) || keys.some((one) => seen.has(one))) continue
    if (weight < limits.ownPageWeightMin && catalog.documentFrequency(kind, key) > common) continue
    const count = counts[kind]
    // Weight 0: a name beside another topic, in a sentence that is said of that one.
    const isNamed = weight === 0 && kind === 'entity'
    const names = [...keys, ...(contribution.variants ?? [])]
    const topic = count.all < limits.topicsOfKindMax ? findTopic(catalog, contribution, names) : undefined
    if (topic !== undefined) {
      if (seen.has(topic.path) || (weight === 0 && !isNamed)) continue
      seen.add(topic.path)
      if (held(topic)) count.own++
      chosen.push({ page: 'existing', topic, contribution })
    } else {
      const room = count.all < limits.topicsOfKindMax
      const isMentioned = weight >= limits.mentionWeightMin || weight === 0
      const earlier =
        room && weight >= limits.mentionWeightMin
          ? earlierMentions(catalog, kind, keys, name, limits.earlierMentionsMax)
          : []
      const shared = earlier.length >= (weight >= limits.sharedPageWeightMin ? 1 : SEVERAL)
      const own = room && count.own < limits.ownPagesOfKindMax && weight >= limits.ownPageWeightMin
      if (!shared && !own) {
        // A topic whose page has no room for a section of this document is not a mention either: it could not be linked.
        if (!room && findTopic(catalog, contribution, names) !== undefined) continue
        if (mentions.length < limits.mentionsMax && isMentioned) {
          mentions.push(mentionOf(contribution))
          for (const one of names) seen.add(one)
        }
        continue
      }
      if (!shared) count.own++
      chosen.push({ page: 'new', contribution, earlier })
    }
    count.all++
    for (const one of names) seen.add(one)
  }
  return { chosen, mentions }
}

/** Documents that mention the topic under any of its names, as either kind: each once. */
function earlierMentions(
  catalog: Catalog,
  kind: TopicKind,
  keys: string[],
  name: string,
  limit: number,
): { document: DocumentRecord; mention: Mention }[] {
  const found = new Map<string, { document: DocumentRecord; mention: Mention }>()
  for (const key of keys) {
    for (const one of [kind, otherKind(kind)]) {
      for (const earlier of catalog.mentions(one, key, limit + 1))
        if (earlier.document.name !== name && !found.has(earlier.document.name) && found.size < limit)
          found.set(earlier.document.name, earlier)
    }
  }
  return [...found.values()]
}

function otherKind(kind: TopicKind): TopicKind {
  return kind === 'concept' ? 'entity' : 'concept'
}

/** A page of the other kind with the same name is the same topic: one thing has one page. */
function findTopic(catalog: Catalog, contribution: Contribution, keys: string[]): TopicRef | undefined {
  const { kind, name, aliases } = contribution
  const found = catalog.topic(kind, keys) ?? catalog.topic(otherKind(kind), keys.slice(0, 1))
  if (found === undefined) return undefined
  // The acronym CFG of one document is not what another one calls `cfg`.
  const key = topicKey(found.title)
  const same = [name, ...aliases].filter((one) => topicKey(one) === key)
  const isOther = /^\p{Ll}+$/u.test(found.title) && same.length > 0 && same.every((one) => /^\p{Lu}{2,}$/u.test(one))
  return isOther ? undefined : found
}

/** The keys of a topic's names; an identifier is also known by the words that it is made of, and by them in one. */
function keysOf({ key, name, aliases }: Contribution): string[] {
  const words = [name, ...aliases].flatMap((one) => {
    if (/^\p{L}+[_-]\p{L}[\p{L}_-]*$/u.test(one)) return [topicKey(one.replace(/[_-]/g, ''))]
    return /^(?:\p{Lu}?\p{Ll}+)(?:\p{Lu}\p{Ll}+)+$/u.test(one)
      ? [topicKey(one.replace(/(?<=\p{Ll})(?=\p{Lu})/gu, ' '))]
      : []
  })
  return [...new Set([key, ...aliases.map(topicKey), ...words])].filter((one) => one !== '')
}

function mentionOf({ key, name, kind, type, says, quotes }: Contribution): Mention {
  const place = quotes[0]?.place
  return {
    key,
    name: oneLine(name, 120),
    kind,
    type,
    says: cutInline(resolveLinks(says, NO_TARGETS), MENTION_CHARS_MAX),
    place,
  }
}
