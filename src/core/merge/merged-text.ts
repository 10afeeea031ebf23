// What every text merge returns, and the type of the plain line merge that callers pass in.
export type MergedText = { text: string; conflict: boolean }

/** Merges by lines; if both sides changed the same lines, `conflict` is true and the text has markers. */
export type MergeText = (ancestor: string, ours: string, theirs: string) => MergedText
