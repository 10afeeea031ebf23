// Merging front matter key by key: lists by item, values if one side changed them.
import { renderFrontMatter, splitFrontMatter } from '../page/page.ts'
import type { FrontMatter } from '../page/page.ts'
import { byCode, either, inKnownOrder, mergeKeys, mergeValue } from './three-way.ts'

/** Keys that only kbgit writes: if both sides wrote one, either will do. */
const OWN = new Set([
  'type',
  'document',
  'sha256',
  'format',
  'pages',
  'language',
  'entity_type',
  'overview',
  'part',
  'sources',
  'aliases',
  'tags',
  'properties',
  'described_by',
  'themes_of',
])
/** Keys that kbgit writes first and people may change: a conflict only if a person's words would be lost. */
const SHARED = new Set(['title', 'description', 'author', 'date', 'url', 'from', 'to', 'subject'])

/** The order in which pages are first written. */
const ORDER = [
  'type',
  'title',
  'aliases',
  'part',
  'description',
  'described_by',
  'entity_type',
  'sources',
  'overview',
  'document',
  'sha256',
  'format',
  'pages',
  'language',
  'author',
  'date',
  'url',
  'from',
  'to',
  'subject',
  'tags',
  'properties',
]

/** The merged front matter as text, or undefined if both sides changed the same value that a person owns. */
export function mergeFront(ancestor: string, ours: string, theirs: string): string | undefined {
  if (ours === theirs || ancestor === theirs) return ours
  if (ancestor === ours) return theirs
  const [before, left, right] = [ancestor, ours, theirs].map((text) => splitFrontMatter(text).front)
  const merged = mergeMaps(before ?? {}, left ?? {}, right ?? {})
  return merged === undefined ? undefined : renderFrontMatter(merged).replace(/\n\n$/, '\n')
}

function mergeMaps(before: FrontMatter, left: FrontMatter, right: FrontMatter): FrontMatter | undefined {
  const merged: FrontMatter = {}
  const lost: string[] = []
  for (const key of inKnownOrder(mergeKeys(Object.keys(before), Object.keys(left), Object.keys(right)), ORDER)) {
    const [a, b, c] = [before[key], left[key], right[key]]
    if (isList(b) && isList(c)) {
      merged[key] = mergeKeys(isList(a) ? a : [], b, c)
      continue
    }
    const value = mergeValue(a, b, c)
    if (value.kind === 'merged') merged[key] = value.value
    else if (OWN.has(key) || (SHARED.has(key) && a === undefined)) {
      merged[key] = either(b, c)
      if (key === 'title') lost.push(String(merged[key] === b ? c : b))
    } else return undefined
  }
  if (lost.length > 0 && isList(merged['aliases']))
    merged['aliases'] = [...new Set([...merged['aliases'], ...lost])].sort(byCode)
  return merged
}

function isList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
