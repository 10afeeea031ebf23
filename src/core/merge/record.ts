// Merging registry files: two bases that added the same document have one record for it.
import { serializeRecord } from '../document/document.ts'
import type { Displaced, DocumentRecord } from '../document/document.ts'
import { DISPLACED, MENTION } from '../document/record.ts'
import { fits, type Shape } from '../shape.ts'
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
  'summaryParts',
  'edited',
  'displaced',
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
    else if (key === 'mentions') merged[key] = mergeItems(MENTION, ({ kind, key }) => `${kind} ${key}`, a, b, c)
    else if (key === 'displaced') merged[key] = mergeItems(DISPLACED, ({ name }) => name, a, b, c)
    else if (isList(b) && isList(c)) merged[key] = mergeKeys(isList(a) ? a : [], b, c)
    else merged[key] = either(b, c)
  }
  return serializeRecord(merged as DocumentRecord)
}

/** The record with a document that is still to come under another name; in place of an earlier entry for that name. */
export function withDisplaced(text: string, displaced: Displaced): string {
  const record = JSON.parse(text) as DocumentRecord
  const others = (record.displaced ?? []).filter(({ name }) => name !== displaced.name)
  return serializeRecord({ ...record, displaced: [...others, displaced].sort((a, b) => byCode(a.name, b.name)) })
}

/** The record without the entries for these names. */
export function withoutDisplaced(
  { displaced = [], ...record }: DocumentRecord,
  names: ReadonlySet<string>,
): DocumentRecord {
  const left = displaced.filter(({ name }) => !names.has(name))
  return left.length === 0 ? record : { ...record, displaced: left }
}

function mergeItems<T>(
  shape: Shape<T>,
  keyOf: (item: T) => string,
  ancestor: unknown,
  ours: unknown,
  theirs: unknown,
): T[] {
  const [before = [], left = [], right = []] = [ancestor, ours, theirs].map((list) =>
    Array.isArray(list) ? list.filter((item): item is T => fits(shape, item)) : [],
  )
  return mergeKeys(before.map(keyOf), left.map(keyOf), right.map(keyOf)).flatMap((key) => {
    const [mine, other] = [left.find((one) => keyOf(one) === key), right.find((one) => keyOf(one) === key)]
    const item = mine === undefined || other === undefined ? (mine ?? other) : either(mine, other)
    return item === undefined ? [] : [item]
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
