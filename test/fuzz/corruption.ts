// What a corruption is: changes of a healthy base, and what `fsck` must say of them.
import type { Draw } from './draw.ts'
import type { Template } from './template.ts'

/** Paths are relative to the base; of `sidecar`, relative to it. */
export type Change =
  | { do: 'write'; path: string; content: string | Buffer }
  | { do: 'link'; path: string; target: string }
  | { do: 'gitlink'; path: string }
  /** An entry that git itself would not put into a tree. `nested`: as a folder with the content as this file. */
  | { do: 'entry'; folder: string; name: Buffer; content: string; nested?: string }
  | { do: 'sidecar'; path: string; content?: string | Buffer; target?: string; folder?: boolean }

export type Corruption = {
  /** One line for the person who reproduces it. */
  what: string
  changes: Change[]
  /** What `fsck` must name; undefined if kbgit could have written it, or a person may. */
  named?: string | undefined
}

export type Subject = {
  template: Template
  /** The text of a file of the base. */
  read: (path: string) => string
  /** Absolute path of a folder outside the repository that must not change. */
  target: string
  draw: Draw
}

export type Corrupt = (subject: Subject) => Corruption

/** Shortened for a line of a report. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 70 ? `${text.slice(0, 60)}… (${text.length} characters)` : text
}
