// The record of what a transaction will touch. Made durable before anything else, removed after everything else.
import { createHash } from 'node:crypto'
import { isAbsolute } from 'node:path'
import { repoPathFault } from '../safe-path.ts'
import { fields, fits, integer, list, nullable, oneOf, shapeOf, text, type Shape } from '../shape.ts'

/**
 * One path of a transaction. Hashes are git object ids of the committed bytes; null means absent. `staged` is what the
 * user had in the index there, if one of the commits includes it.
 */
export type IntentPath = {
  path: string
  before: string | null
  after: string | null
  mode: string
  staged?: string | null
}

/** `new` null deletes the ref. */
export type IntentRef = { name: string; old: string; new: string | null }

export type Intent = {
  version: 1
  id: string
  /** Full ref name of the branch that the transaction moves. */
  branch: string
  /** The commit it builds on; null on an unborn branch. */
  base: string | null
  /** The worktree's git directory relative to the common one: '.' for the main worktree. */
  worktree: string
  /**
   * Absolute path of the work tree when the transaction began. Used to find the main one of a separate git directory.
   */
  workTree?: string | undefined
  /** The commit that the branch moves to, if it existed before and so cannot name the transaction. */
  tip?: string | undefined
  /** Refs that move together, the branch among them: if some have, recovery moves the rest. `old` of a new one is all zeros. */
  refs?: IntentRef[] | undefined
  /** Paths relative to the work tree; none if nothing follows the branch. */
  paths: IntentPath[]
  /** sha256 of the blobs that it adds to the blob store. */
  blobs: string[]
  /** How many times recovery has started on it. */
  attempts: number
}

/** The result of reading a journal file. `torn` covers empty, truncated and altered files. */
export type ParsedIntent = { kind: 'intent'; intent: Intent } | { kind: 'torn' } | { kind: 'newer'; version: number }

// What becomes part of a path or of a git command, so that a forged journal cannot lead elsewhere.
const ID = /^[\w-]{1,64}$/
const REF = /^refs\/(?!.*\.\.)[^\0-\x20\x7f~^:?*[\\]+$/
const OID = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/
const WORKTREE = /^(?:\.|worktrees\/(?!\.\.?$)[^/\0]+)$/

const REFS_MAX = 1_000

const oid = text('an object id', 64, OID)
const safePath: Shape<string> = (value, field) =>
  typeof value === 'string' && repoPathFault(value) === undefined ? undefined : { field, expected: 'a path' }

const absoluteFolder: Shape<string> = (value, field) =>
  typeof value === 'string' && isAbsolute(value) && !value.includes('\0') ? undefined : { field, expected: 'a folder' }

const INTENT = shapeOf<Intent>()(
  fields(
    {
      version: oneOf(1),
      id: text('an id', 64, ID),
      branch: text('a branch', 4096, REF),
      base: nullable(oid),
      worktree: text('a work tree', 4096, WORKTREE),
      paths: list(
        fields(
          { path: safePath, before: nullable(oid), after: nullable(oid), mode: oneOf('100644', '100755') },
          { staged: nullable(oid) },
        ),
        Number.MAX_SAFE_INTEGER,
      ),
      blobs: list(text('a SHA-256', 64, /^[0-9a-f]{64}$/), Number.MAX_SAFE_INTEGER),
      attempts: integer(0),
    },
    {
      workTree: absoluteFolder,
      tip: oid,
      refs: list(fields({ name: text('a ref', 4096, REF), old: oid, new: nullable(oid) }, {}), REFS_MAX),
    },
  ),
)

/** Two lines: the sha256 of the second, and the intent as JSON. */
export function serializeIntent(intent: Intent): string {
  const json = JSON.stringify(intent)
  return `${checksum(json)}\n${json}\n`
}

/** Never throws: a journal file is not to be trusted. */
export function parseIntent(text: string): ParsedIntent {
  const [sum, json] = text.split('\n')
  if (sum === undefined || json === undefined || checksum(json) !== sum) return { kind: 'torn' }
  try {
    const value: unknown = JSON.parse(json)
    const version = (value as { version?: unknown } | null)?.version
    if (typeof version === 'number' && version > 1) return { kind: 'newer', version }
    return fits(INTENT, value) ? { kind: 'intent', intent: value } : { kind: 'torn' }
  } catch {
    return { kind: 'torn' }
  }
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
