// Merging pages that are lists of lines: listing pages by the page that an entry names, the log by time.
import { LOG_ENTRIES_MAX } from '../layout.ts'
import { entryTarget, logTime } from '../page/page-lines.ts'
import type { MergedText, MergeText } from './merged-text.ts'
import { byCode, either, mergeKeys, mergeValue } from './three-way.ts'

/** Placeholder for the entries in the rest of the text. */
const ENTRIES = '%%kbgit-entries-7c1d0e5a%%'

/** A listing page, or a section that is one: entries sorted by target, all other lines merged as text. */
export function mergeListing(ancestor: string, ours: string, theirs: string, mergeText: MergeText): MergedText {
  const [before, left, right] = [split(ancestor, entryTarget), split(ours, entryTarget), split(theirs, entryTarget)]
  const lines = new Map<string, string>()
  for (const target of mergeKeys([...before.entries.keys()], [...left.entries.keys()], [...right.entries.keys()])) {
    const [a, b] = [left.entries.get(target), right.entries.get(target)]
    const merged = mergeValue(before.entries.get(target), a, b)
    const line = merged.kind === 'merged' ? merged.value : either(a ?? '', b ?? '')
    if (line !== undefined) lines.set(target, line)
  }
  const frame = mergeFrame(before.frame, left.frame, right.frame, mergeText)
  const sorted = [...lines].sort(([a], [b]) => shardOrder(a, b)).map(([, line]) => line)
  return { text: join(frame.text, sorted), conflict: frame.conflict }
}

/** `contents/concepts` before `contents/concepts-v2` before `contents/concepts-v10`; anything else by code. */
function shardOrder(a: string, b: string): number {
  const number = (target: string) => /^(contents\/[a-z]+?)(?:-v(\d+))?$/.exec(target)
  const [x, y] = [number(a), number(b)]
  if (x === null || y === null || x[1] !== y[1]) return byCode(a, b)
  return Number(x[2] ?? 1) - Number(y[2] ?? 1)
}

/** The log: entries that both sides have or either added, newest first, at most as many as the log keeps. */
export function mergeLog(ancestor: string, ours: string, theirs: string, mergeText: MergeText): MergedText {
  const key = (line: string) => (logTime(line) === undefined ? undefined : line)
  const [before, left, right] = [split(ancestor, key), split(ours, key), split(theirs, key)]
  const inBase = new Set(before.entries.keys())
  const merged = mergeKeys([...before.entries.keys()], [...left.entries.keys()], [...right.entries.keys()])
  const added = merged
    .filter((line) => !inBase.has(line))
    .sort((a, b) => byCode(logTime(b) ?? '', logTime(a) ?? '') || byCode(a, b))
  const kept = merged.filter((line) => inBase.has(line))
  const lines: string[] = []
  while (lines.length < LOG_ENTRIES_MAX && added.length + kept.length > 0) {
    const [next, old] = [added[0], kept[0]]
    const takeNew = next !== undefined && (old === undefined || (logTime(next) ?? '') >= (logTime(old) ?? ''))
    lines.push((takeNew ? added : kept).shift() ?? '')
  }
  const frame = mergeFrame(before.frame, left.frame, right.frame, mergeText)
  return { text: join(frame.text, lines), conflict: frame.conflict }
}

type Split = { frame: string; entries: Map<string, string> }

/** Entry lines by key, and the text without them, with a mark at the first entry (or at the end, if there is none). */
function split(text: string, keyOf: (line: string) => string | undefined): Split {
  const entries = new Map<string, string>()
  const frame: string[] = []
  for (const line of text.replace(/\n$/, '').split('\n')) {
    const key = keyOf(line)
    if (key === undefined) frame.push(line)
    else {
      if (entries.size === 0) frame.push(ENTRIES)
      entries.set(key, line)
    }
  }
  if (entries.size === 0) {
    while (frame.at(-1)?.trim() === '') frame.pop()
    frame.push('', ENTRIES)
  }
  return { frame: `${frame.join('\n')}\n`, entries }
}

function join(frame: string, lines: string[]): string {
  const text = frame.replace(ENTRIES, () => lines.join('\n')).replaceAll(`${ENTRIES}\n`, '')
  return lines.length === 0 ? `${text.trimEnd()}\n` : text
}

const FURTHER = /^Further pages: .*$/m

function mergeFrame(ancestor: string, ours: string, theirs: string, mergeText: MergeText): MergedText {
  const [before, left, right] = [ancestor, ours, theirs].map((frame) => links(frame))
  const further = mergeKeys(before ?? [], left ?? [], right ?? []).sort((a, b) => a.length - b.length || byCode(a, b))
  const line = further.length === 0 ? undefined : `Further pages: ${further.join(', ')}`
  const [a, b, c] = [ancestor, ours, theirs].map((frame) => frame.replace(/\n*^Further pages: .*$/m, ''))
  const merged = mergeValue(a, b, c)
  const frame =
    merged.kind === 'merged' ? { text: merged.value ?? '', conflict: false } : mergeText(a ?? '', b ?? '', c ?? '')
  return line === undefined
    ? frame
    : { ...frame, text: frame.text.replace(/^# .*$/m, (title) => `${title}\n\n${line}`) }
}

function links(frame: string): string[] {
  return FURTHER.exec(frame)?.[0].match(/\[\[[^\]]*\]\]/g) ?? []
}
