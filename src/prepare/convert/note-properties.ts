// What the front matter of a note says beyond title, author and date: aliases, tags and properties, as bounded values.
import type { Properties, Property } from '../../core/document/prepared.ts'
import { frontText } from '../../core/page/sanitize.ts'

export type NoteProperties = { aliases?: string[]; tags?: string[]; properties?: Properties }

const NAMES_MAX = 200
const NAME_CHARACTERS_MAX = 200
const TEXT_CHARACTERS_MAX = 1_000
const ITEMS_MAX = 200
const DEPTH_MAX = 4
/** Characters of all properties together, as JSON. */
const PROPERTIES_CHARACTERS_MAX = 32 * 1024

const ALIASES = ['aliases', 'alias', 'Aliases', 'Alias']
const TAGS = ['tags', 'tag', 'Tags', 'Tag', 'keywords']

/** `used`: keys whose values are the document's own metadata. */
export function noteProperties(front: Record<string, unknown>, used: ReadonlySet<string>): NoteProperties {
  const found: NoteProperties = {}
  const aliases = names(front, ALIASES, /\s*,\s*/)
  const tags = names(front, TAGS, /[\s,]+/).map((tag) => tag.replace(/^#+/, ''))
  if (aliases.length > 0) found.aliases = aliases
  if (tags.length > 0) found.tags = [...new Set(tags.filter((tag) => tag !== ''))]
  const properties: Properties = {}
  let left = PROPERTIES_CHARACTERS_MAX
  for (const [key, value] of Object.entries(front)) {
    if (used.has(key) || ALIASES.includes(key) || TAGS.includes(key)) continue
    const name = propertyKey(key)
    const clean = property(value, DEPTH_MAX)
    if (name === undefined || clean === undefined) continue
    left -= name.length + JSON.stringify(clean).length
    if (left < 0) break
    properties[name] = clean
  }
  if (Object.keys(properties).length > 0) found.properties = properties
  return found
}

/** Lines for the text: links of properties are links of the note, as everywhere else in it. */
export function linkedProperties(front: Record<string, unknown>): string[] {
  return Object.entries(front).flatMap(([key, value]) => {
    const texts = (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string')
    const links = texts.flatMap((text) => text.slice(0, TEXT_CHARACTERS_MAX).match(/\[\[[^[\]\n]+\]\]/g) ?? [])
    const name = propertyKey(key)
    return links.length === 0 || name === undefined ? [] : [`${name}: ${links.slice(0, ITEMS_MAX).join(', ')}`]
  })
}

function names(front: Record<string, unknown>, keys: string[], separator: RegExp): string[] {
  const value = keys.map((key) => front[key]).find((one) => one !== undefined && one !== null)
  const items = Array.isArray(value) ? value : typeof value === 'string' ? value.split(separator) : [value]
  const texts = items
    .filter((item) => ['string', 'number', 'boolean'].includes(typeof item))
    .map((item) => line(String(item), NAME_CHARACTERS_MAX))
  return [...new Set(texts.filter((text) => text !== ''))].slice(0, NAMES_MAX)
}

function propertyKey(key: string): string | undefined {
  const name = line(key, 100)
  return name === '' || name === '__proto__' ? undefined : name
}

function property(value: unknown, depth: number): Property | undefined {
  if (typeof value === 'string') return line(value, TEXT_CHARACTERS_MAX) || undefined
  if (typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value === 'bigint') return String(value)
  // A TOML date prints as it was written, with or without a time.
  if (value instanceof Date) return value.toISOString().replace(/T00:00:00\.000Z?$/, '')
  if (typeof value !== 'object' || value === null || depth === 0) return undefined
  if (Array.isArray(value))
    return value.slice(0, ITEMS_MAX).flatMap((item) => {
      const clean = property(item, depth - 1)
      return clean === undefined ? [] : [clean]
    })
  const clean: Properties = {}
  for (const [key, item] of Object.entries(value).slice(0, ITEMS_MAX)) {
    const name = propertyKey(key)
    const inner = property(item, depth - 1)
    if (name !== undefined && inner !== undefined) clean[name] = inner
  }
  return Object.keys(clean).length === 0 ? undefined : clean
}

function line(text: string, charactersMax: number): string {
  return frontText(withoutLinkSyntax(text), charactersMax)
}

/** A link by what it displays. */
export function withoutLinkSyntax(text: string): string {
  return text.replace(/!?\[\[(?:[^[\]|\n]*\|)?([^[\]\n]*)\]\]/g, '$1').replace(/!?\[([^[\]\n]*)\]\([^()\n]*\)/g, '$1')
}
