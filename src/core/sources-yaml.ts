// `sources.yaml`: the feeds and pages that `kbgit watch` visits. Parsed at the edge, trusted everywhere else.
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type YAMLMap } from 'yaml'
import { KbError } from './errors.ts'

export type ScheduledSource = {
  kind: 'feed' | 'url'
  /** http or https, as the URL parser writes it, without fragment. */
  url: string
  /** Milliseconds between visits. */
  everyMs: number
  name?: string | undefined
}

/** Characters of the file; number of sources. */
const TEXT_MAX = 1024 * 1024
const SOURCES_MAX = 1_000
const URL_CHARS_MAX = 2_048
const NAME_CHARS_MAX = 200

const MINUTE_MS = 60_000
const UNITS_MS: Record<string, number> = { m: MINUTE_MS, h: 60 * MINUTE_MS, d: 24 * 60 * MINUTE_MS }
const DAY_MS = 24 * 60 * MINUTE_MS
const EVERY_MS_MAX = 366 * DAY_MS

const KEYS = ['feed', 'url', 'every', 'name']
const EXAMPLE = 'For example:\n- feed: https://example.org/news.xml\n  every: 6h'

/** Throws `KbError` (`config`) with the line and column of what does not fit. `path`: for messages. */
export function parseSources(text: string, path: string): ScheduledSource[] {
  if (text.length > TEXT_MAX)
    throw new KbError('config', `${path} is too long: it may have ${TEXT_MAX} characters.`, { hint: 'Shorten it.' })
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, version: '1.2' })
  const at = (node: unknown): string => {
    const { line, col } = lines.linePos((node as { range?: [number] } | null)?.range?.[0] ?? 0)
    return `${path}:${line}:${col}`
  }
  const broken = document.errors[0]
  if (broken !== undefined) {
    const { line, col } = lines.linePos(broken.pos[0])
    throw new KbError('config', `${path}:${line}:${col}: ${broken.message.split('\n')[0]}`, { hint: 'Fix the YAML.' })
  }
  const { contents } = document
  if (contents === null || (isScalar(contents) && contents.value === null)) return []
  if (!isSeq(contents))
    throw new KbError('config', `${at(contents)}: this is not a list of sources.`, { hint: EXAMPLE })
  if (contents.items.length > SOURCES_MAX)
    throw new KbError('config', `${path} has more than ${SOURCES_MAX} sources.`, { hint: 'Shorten it.' })
  const byKey = new Map<string, string>()
  return contents.items.map((item) => {
    if (!isMap(item)) throw new KbError('config', `${at(item)}: this is not a source.`, { hint: EXAMPLE })
    const source = sourceOf(item, at)
    const key = `${source.kind} ${source.url}`
    const first = byKey.get(key)
    if (first !== undefined)
      throw new KbError('config', `${at(item)}: ${source.url} is listed twice, first at ${first}.`, {
        hint: 'Delete one of the two.',
      })
    byKey.set(key, at(item))
    return source
  })
}

function sourceOf(item: YAMLMap, at: (node: unknown) => string): ScheduledSource {
  const given = new Map<string, { text: string; where: string }>()
  for (const { key, value } of item.items) {
    const name = isScalar(key) ? String(key.value) : ''
    if (!KEYS.includes(name))
      throw new KbError('config', `${at(key)}: "${name}" is not a key of a source.`, {
        hint: `A source has ${KEYS.join(', ')}.`,
      })
    const text = isScalar(value) && typeof value.value !== 'boolean' ? value.value : undefined
    if (text === null) continue
    if (typeof text !== 'string' && typeof text !== 'number')
      throw new KbError('config', `${at(value ?? key)}: "${name}" must be a text.`, { hint: EXAMPLE })
    given.set(name, { text: String(text), where: at(value) })
  }
  const [feed, url, every, name] = KEYS.map((key) => given.get(key))
  const address = feed ?? url
  if (address === undefined || (feed !== undefined && url !== undefined))
    throw new KbError('config', `${at(item)}: a source has either "feed" or "url".`, { hint: EXAMPLE })
  return {
    kind: feed === undefined ? 'url' : 'feed',
    url: urlOf(address),
    everyMs: every === undefined ? DAY_MS : everyOf(every),
    ...(name === undefined ? {} : { name: name.text.slice(0, NAME_CHARS_MAX) }),
  }
}

function urlOf({ text, where }: { text: string; where: string }): string {
  const url = text.length <= URL_CHARS_MAX && URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    throw new KbError('config', `${where}: ${JSON.stringify(text.slice(0, 200))} is not an http or https address.`, {
      hint: 'Give a full address without a user name and password, such as https://example.org/news.xml.',
    })
  url.hash = ''
  return url.href
}

function everyOf({ text, where }: { text: string; where: string }): number {
  const match = /^(\d{1,9})\s*([mhd])$/.exec(text)
  const ms = Number(match?.[1]) * (UNITS_MS[match?.[2] ?? ''] ?? Number.NaN)
  if (!(ms >= MINUTE_MS && ms <= EVERY_MS_MAX))
    throw new KbError(
      'config',
      `${where}: "every" must be a time such as 30m, 6h or 1d, not ${JSON.stringify(text.slice(0, 50))}.`,
      {
        hint: 'From 1m to 366d.',
      },
    )
  return ms
}
