// What every merge of text returns, and the merge of plain lines that the callers pass in.
export type MergedText = { text: string; conflict: boolean }

/** Merges by lines; if both sides changed the same lines, `conflict` is true and the text has markers. */
export type MergeText = (ancestor: string, ours: string, theirs: string) => MergedText
