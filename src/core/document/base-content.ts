// How the indexes over a base see git: what they need to catch up with a commit. Paths are relative to the base.

/** A file of a commit; `oid` is the object id of its content. */
export type TreeFile = { path: string; oid: string }
/** A path that differs between two commits; `oid` is null if the later one does not have it. */
export type TreeChange = { path: string; oid: string | null }

export type BaseContent = {
  /** Changes from one commit to another. Throws if `from` no longer exists. */
  diff: (from: string, to: string) => AsyncIterable<TreeChange>
  tree: (commit: string) => AsyncIterable<TreeFile>
  /** The content of each object, in the order requested. */
  read: (oids: string[]) => AsyncIterable<{ oid: string; content: Buffer }>
}

/** A file as a transaction plans it or a commit has it; `content` is null if it is deleted. */
export type ContentChange = { path: string; content: string | null }
