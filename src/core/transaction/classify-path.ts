// May a transaction write a path? Decided from what HEAD, the index and the disk have there.

/** What is on disk: a file whose content matches an object, another file, nothing, or something that is not a file. */
export type DiskState =
  | { kind: 'absent' }
  /** `which`: the one of these object ids that git would give the file, if any. */
  | {
      kind: 'file'
      which: (...oids: string[]) => Promise<string | undefined>
      /** Ids of its bytes, as they are and as git would store them. */
      ids: () => Promise<string[]>
    }
  | { kind: 'other'; what: string }

export type PathFacts = {
  /** Object ids; null means absent. */
  head: string | null
  index: string | null
  disk: DiskState
  /** What the transaction would write there; null deletes. */
  after: string | null
  ignored: boolean
  /** A sparse checkout excludes it from the disk. */
  sparse: boolean
  /** The user may write here: a wiki page, whose edits are committed as theirs before ours. */
  editable: boolean
}

export const SPARSE = 'is left out by a sparse checkout'

export type PathStatus =
  | { kind: 'ready' }
  /** The path has a user edit. */
  | { kind: 'edited' }
  | { kind: 'conflict'; reason: string }

export async function classifyPath(facts: PathFacts): Promise<PathStatus> {
  const { head, index, disk, after } = facts
  if (facts.sparse && disk.kind === 'absent') return { kind: 'conflict', reason: SPARSE }
  if (disk.kind === 'other') return { kind: 'conflict', reason: `is ${disk.what}` }
  const asHead = disk.kind === 'absent' ? head === null : head !== null && (await disk.which(head)) !== undefined
  // It is there all the same, with changes that git has been told not to look at.
  if (facts.sparse && !asHead) return { kind: 'conflict', reason: SPARSE }
  if (asHead && index === head) return { kind: 'ready' }
  // The same bytes, untracked: nothing of the user's would change.
  if (
    head === null &&
    index === null &&
    disk.kind === 'file' &&
    after !== null &&
    (await disk.which(after)) !== undefined
  )
    return { kind: 'ready' }
  if (facts.editable && !facts.ignored) return { kind: 'edited' }
  if (head === null)
    return { kind: 'conflict', reason: facts.ignored ? 'exists and is ignored by git' : 'exists and is not committed' }
  return { kind: 'conflict', reason: asHead ? 'has staged changes' : 'has changes that are not committed' }
}
