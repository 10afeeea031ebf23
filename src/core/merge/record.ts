// Merging registry files: two bases that added the same document have one record for it.
import { serializeRecord } from '../document/document.ts'
import type { DocumentRecord, Mention } from '../document/document.ts'
import { MENTION } from '../document/record.ts'
import { fits } from '../shape.ts'
import { byCode, either, inKnownOrder, mergeKeys, mergeValue } from './three-way.ts'

/** Keys that identify the bytes the record describes: if these differ, two documents share one name. */
const IDENTITY = ['sha256', 'format', 'name'] as const

/** The key order of written records. */
const ORDER = [
  'version',
  'name',
  'title',
  'sha256',
  'format',
  'kind',
  'pages',
  'origin',
  'context',
  'attachments',
  'attachedTo',
  'standalone',
  'raw',
  'source',
  'tree',
  'summary',
  'images',
  'aliases',
  'links',
  'listed',
  'language',
  'coverage',
  'compiler',
  'model',
  'addedAt',
  'topics',
  'mentions',
  'sections',
  'edited',
]

/** The merged record, or undefined if the sides describe different documents or one is not a record. */
export function mergeRecord(ancestor: string, ours: string, theirs: string): string | undefined {
  const [before, left, right] = [parse(ancestor), parse(ours), parse(theirs)]
  if (left === undefined || right === undefined) return undefined
  const merged: Record<string, unknown> = {}
  for (const key of inKnownOrder(mergeKeys(Object.keys(before ?? {}), Object.keys(left), Object.keys(right)), ORDER)) {
    const [a, b, c] = [before?.[key], left[key], right[key]]
    const value = mergeValue(a, b, c)
    if (value.kind === 'merged') merged[key] = value.value
    else if (IDENTITY.some((identity) => identity === key)) return undefined
    else if (key === 'addedAt') merged[key] = [String(b), String(c)].sort(byCode)[0]
    else if (key === 'mentions') merged[key] = mergeMentions(a, b, c)
    else if (isList(b) && isList(c)) merged[key] = mergeKeys(isList(a) ? a : [], b, c)
    else merged[key] = either(b, c)
  }
  return serializeRecord(merged as DocumentRecord)
}

function mergeMentions(ancestor: unknown, ours: unknown, theirs: unknown): Mention[] {
  const lists = [ancestor, ours, theirs].map((list) =>
    Array.isArray(list) ? list.filter((mention): mention is Mention => fits(MENTION, mention)) : [],
  )
  const [before = [], left = [], right = []] = lists
  const keyOf = ({ kind, key }: Mention) => `${kind} ${key}`
  return mergeKeys(before.map(keyOf), left.map(keyOf), right.map(keyOf)).flatMap((key) => {
    const [mine, other] = [left.find((one) => keyOf(one) === key), right.find((one) => keyOf(one) === key)]
    const mention = mine === undefined || other === undefined ? (mine ?? other) : either(mine, other)
    return mention === undefined ? [] : [mention]
  })
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

function isList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
