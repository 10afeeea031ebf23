// What a command wants to be committed: values, before anything is touched.
import type { Content } from '../io/git/fast-import.ts'

/** One file of one commit. The path is relative to the base; null content deletes. */
export type Change = { path: string; content: Content | null }

/** One git commit to be. */
export type Planned = {
  /** Who it is for, in messages: a path, a document's name. */
  label: string
  subject: string
  /** In order. Values are cleaned of line ends. */
  trailers: [string, string][]
  changes: Change[]
  /** Originals that go to the blob store: a staged file each. */
  blobs?: { sha256: string; file: string }[]
  /** Pages, relative to the base, where a person's words stand against what would have been written. */
  kept?: readonly string[]
  /** The user's own edit: HEAD's author stays the user, and the index may already hold it. */
  edit?: boolean
}

/** The commit's message. Trailers come from our fields alone: nothing of a document can add one. */
export function commitMessage(planned: Planned, transaction: string): string {
  const clean = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  const trailers: [string, string][] = [['Kbgit-Transaction', transaction], ...planned.trailers]
  const lines = trailers.map(([key, value]) => `${key}: ${clean(value)}`)
  return `${clean(planned.subject).slice(0, 200)}\n\n${lines.join('\n')}\n`
}

/** Pages that are the user's to edit: an edit that stands there is committed as theirs before ours. */
export function isEditablePage(path: string): boolean {
  return /^wiki\/.*\.md$/.test(path) && !path.startsWith('wiki/sources/')
}
