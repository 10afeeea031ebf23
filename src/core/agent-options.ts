// What reviews, proposals and tasks of agents are asked with.

export type AcceptOptions = {
  /** Names of the documents to accept. Default: the whole review. */
  documents?: string[] | undefined
  signal?: AbortSignal | undefined
}

/** One page of a proposal. */
export type ProposedEdit = {
  /** Path relative to the base, e.g. `wiki/concepts/tea.md`. */
  page: string
  /** The version that was read: an object id or a revision; null for a page that does not exist yet. */
  base: string | null
  /** The whole page, or with `section` the body of that section. */
  text: string
  /** The heading of a `##` section, without its marks; a new one goes to the end of the page. */
  section?: string | undefined
}

export type Proposal = {
  edits: ProposedEdit[]
  /** Why, in one line. */
  reason: string
  /** Who: the name of the agent or program, e.g. `claude-code`. */
  agent: string
  /** What bears the edits out: quotes from documents of the base, each checked against the document. */
  sources?: { document: string; quote: string; page?: number | undefined }[] | undefined
}

export type ProposeOptions = {
  dryRun?: boolean | undefined
  /** Onto a review branch, whatever `review` in kbgit.yaml says. */
  review?: boolean | undefined
  signal?: AbortSignal | undefined
}

export type NextTaskOptions = {
  /** Who asks: the name of the agent or program. Default: `agent`. */
  client?: string | undefined
  /** Seconds. Default: 900. */
  lease?: number | undefined
  kinds?: ('document' | 'overview' | 'check')[] | undefined
  signal?: AbortSignal | undefined
}

export type SubmitOptions = { signal?: AbortSignal | undefined }
