// The side of git that indexes over a base are brought to a commit with. Paths are relative to the base.

/** A file of a commit; `oid` is the object id of its content. */
export type TreeFile = { path: string; oid: string }
/** A path that differs between two commits; `oid` is null where the later one does not have it. */
export type TreeChange = { path: string; oid: string | null }

export type BaseContent = {
  /** Changes from one commit to another. Throws where `from` is gone. */
  diff: (from: string, to: string) => AsyncIterable<TreeChange>
  tree: (commit: string) => AsyncIterable<TreeFile>
  /** The content of each object, in the order asked for. */
  read: (oids: string[]) => AsyncIterable<{ oid: string; content: Buffer }>
}

/** A file as a transaction plans it, or as a commit has it; `content` is null where it goes. */
export type ContentChange = { path: string; content: string | null }
