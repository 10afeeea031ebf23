// The names that a model should know of when it reads one document: topics of the base that the document speaks of.
import { createReadStream } from 'node:fs'
import type { KnownTopic } from './compile/compiler.ts'
import type { Catalog } from './core/catalog.ts'
import { topicKey } from './core/topic.ts'

/** Bytes of the text that are looked at, words of a name, and names that are told: the prompt is bounded whatever the base. */
const TEXT_BYTES_MAX = 512 * 1024
const NAME_WORDS_MAX = 4
const TOPICS_MAX = 60

/** Topics whose name or alias occurs in the text at `path`, the most frequent first. */
export async function knownTopics(path: string, catalog: Pick<Catalog, 'topic'>): Promise<KnownTopic[]> {
  const words = (await head(path)).split(/[^\p{L}\p{M}\p{N}'’+#-]+/u).filter((word) => word !== '')
  const keys = new Map<string, number>()
  for (let at = 0; at < words.length; at++) {
    for (let length = 1; length <= NAME_WORDS_MAX && at + length <= words.length; length++) {
      const key = topicKey(words.slice(at, at + length).join(' '))
      keys.set(key, (keys.get(key) ?? 0) + 1)
    }
  }
  const found = new Map<string, { topic: KnownTopic; count: number }>()
  for (const [key, count] of keys) {
    for (const kind of ['concept', 'entity'] as const) {
      const topic = catalog.topic(kind, [key])
      if (topic === undefined) continue
      const known = found.get(topic.path)
      if (known !== undefined) known.count += count
      else found.set(topic.path, { topic: { kind, name: topic.title, path: topic.path }, count })
    }
  }
  return [...found.values()]
    .sort((a, b) => b.count - a.count || ((a.topic.path ?? '') < (b.topic.path ?? '') ? -1 : 1))
    .slice(0, TOPICS_MAX)
    .map(({ topic }) => topic)
}

async function head(path: string): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of createReadStream(path, { end: TEXT_BYTES_MAX })) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
