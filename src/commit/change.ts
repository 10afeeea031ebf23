// The changes a command wants committed, as plain values, before anything is touched.
import type { Content } from '../io/git/fast-import.ts'

/** One file in a commit. The path is relative to the base; null content deletes it. */
export type Change = { path: string; content: Content | null }

/** A planned git commit. */
export type Planned = {
  /** What the commit is for, used in messages: a path or a document's name. */
  label: string
  subject: string
  /** In order. Line breaks in values are removed. */
  trailers: [string, string][]
  changes: Change[]
  /** Originals for the blob store, one staged file each. */
  blobs?: { sha256: string; file: string }[]
  /** Pages, relative to the base, where a person's text conflicts with what would have been written. */
  kept?: readonly string[]
  /** Set for the user's own edit, which no agent made. */
  edit?: boolean
}

/**
 * One commit from several documents' plans, in order: it has the subject of the first and the last change of each path,
 * and names what they have in common once.
 */
export function mergePlans([first, ...rest]: [Planned, ...Planned[]]): Planned {
  if (rest.length === 0) return first
  const plans = [first, ...rest]
  const changes = new Map<string, Change>()
  for (const change of plans.flatMap((plan) => plan.changes)) changes.set(change.path, change)
  const trailers = new Map<string, [string, string]>()
  for (const [index, [key, value]] of plans.flatMap((plan) => plan.trailers).entries())
    trailers.set(/^Kbgit-(?:Compiler|Model)$/.test(key) ? `${key}: ${value}` : String(index), [key, value])
  return {
    ...first,
    trailers: [...trailers.values()],
    changes: [...changes.values()],
    blobs: plans.flatMap(({ blobs = [] }) => blobs),
    kept: [...new Set(plans.flatMap(({ kept = [] }) => kept))],
  }
}

/** The commit message. Trailers come only from kbgit's own fields: a document cannot add one. */
export function commitMessage(planned: Planned, transaction: string, agent?: string): string {
  const clean = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  const by: [string, string][] = agent === undefined || planned.edit === true ? [] : [['Kbgit-Agent', agent]]
  const trailers: [string, string][] = [['Kbgit-Transaction', transaction], ...planned.trailers, ...by]
  const lines = trailers.map(([key, value]) => `${key}: ${clean(value)}`)
  return `${clean(planned.subject).slice(0, 200)}\n\n${lines.join('\n')}\n`
}

/** Pages that users may edit: an uncommitted edit is committed as theirs before ours. */
export function isEditablePage(path: string): boolean {
  return /^wiki\/.*\.md$/.test(path) && !path.startsWith('wiki/sources/')
}
