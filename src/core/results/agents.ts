// Results of review, of proposals, and of tasks for agents that compile.
import type { DocumentWarning } from '../document/prepared.ts'

/** Where a change waits that was not committed to the current branch. */
export type ReviewRef = { number: number; branch: string }

/** A branch `kbgit/review/<number>` that waits to be accepted or rejected. */
export type ReviewSummary = {
  number: number
  /** Short name, as git shows it. */
  branch: string
  /** Its newest commit, and where it left the current branch. */
  head: string
  base: string
  /** Of its newest commit. */
  author: string
  date: string
  commits: number
  /** Names of the documents that it adds or changes and that the current branch does not have like this. */
  documents: string[]
  /** Who made the commits, if agents did. */
  agents: string[]
  /** The reason that its author gave. */
  reasons: string[]
  /** The current branch already contains it; only the review branch is left. */
  merged: boolean
}
export type ReviewListResult = { reviews: ReviewSummary[] }

export type ReviewedDocument = {
  name: string
  title: string
  change: 'new' | 'updated' | 'recompiled' | 'removed'
  /** The current branch has it like this already. */
  accepted: boolean
  format?: string | undefined
  pages?: number | undefined
  compiler?: string | undefined
  model?: string | undefined
  warnings?: DocumentWarning[]
}
/** A shared or edited page; pages of one document are part of the document. */
export type ReviewedPage = {
  path: string
  kind: string
  title: string
  change: 'new' | 'changed' | 'deleted'
  /** Statements that it gains, and that it loses, one line of plain text each; bounded. */
  added: string[]
  dropped: string[]
}
export type ReviewShowResult = ReviewSummary & {
  changes: {
    documents: ReviewedDocument[]
    pages: ReviewedPage[]
    /** How many more pages changed than are listed. */
    morePages: number
  }
}
export type ReviewAcceptResult = {
  number: number
  branch: string
  /** Names of the documents that came in. */
  accepted: string[]
  /** Documents that stay on the review branch. */
  left: string[]
  /** The current branch's commits before and after. */
  before: string
  commit: string
  /** The review branch is gone: nothing is left on it. */
  closed: boolean
  /** Paths, relative to the work tree, where a user's edit was found and kept. */
  kept: string[]
  /** Pages that follow from all documents and were written with it; and overviews that are left to the model or an agent. */
  overviews: { pages: number; due: number }
}
export type ReviewRejectResult = {
  number: number
  branch: string
  /** The newest commit of the branch that is gone. */
  head: string
  reason: string
  /** The commit of `refs/kbgit/reviews` that records it. */
  record: string
}

/** What does not hold in a proposal or an answer. `at` says where: a page and a line, or a field such as `topics[2].quotes[0]`. */
export type Problem = {
  code:
    | 'stale'
    | 'pageName'
    | 'frontMatter'
    | 'active'
    | 'hidden'
    | 'brokenLink'
    | 'quote'
    | 'source'
    | 'section'
    | 'schema'
    | 'name'
    | 'type'
    | 'bounds'
    | 'empty'
    | 'same'
  at: string
  message: string
  /** What would hold. */
  hint?: string | undefined
}

/** A page as it is now, for a proposal that was made from an older version. */
export type CurrentVersion = { page: string; oid: string | null; commit: string; text: string | null }

export type ProposeResult = {
  /** Null if nothing was committed: because of `problems`, or in a dry run. */
  commit: string | null
  /** Set if it waits on a review branch. */
  review?: ReviewRef | undefined
  /** Paths of the pages that change, or would. */
  changed: string[]
  /** Unified, as git writes it. */
  diff: string
  problems: Problem[]
  stale: CurrentVersion[]
  dryRun: boolean
}

/** One part of a document, or of what an overview is written from. */
export type TaskQuestion = {
  /** The field of the answer's `answers` that it is for. */
  id: string
  prompt: string
  /** Names that the base uses already, as a text for the reader of the prompt. */
  hints?: string | undefined
  /** Of a long document: the pages that the prompt has. */
  pages?: { first: number; last: number } | undefined
  /** JSON schema of the answer. */
  schema: Record<string, unknown>
}
export type CompileTask = {
  /** Names the lease: hand it in with the answer. */
  id: string
  /** A document to compile, overviews of topic pages to write, or topic pages to check for contradictions. */
  kind: 'document' | 'overview' | 'check'
  /** The document's name, or the path of the first page. */
  subject: string
  title: string
  /** When the lease ends; ISO 8601. After that the task may be handed out again. */
  until: string
  /** What to do, the same for all tasks of a kind. */
  instructions: string
  questions: TaskQuestion[]
  /** Existing topics that the text names. */
  known: { kind: 'concept' | 'entity'; name: string }[]
}
/** Documents that no agent has compiled, overviews that are due, and pages that `lint` wants checked for contradictions. */
export type WaitingWork = { documents: number; overviews: number; checks: number }
export type CompileNextResult = {
  /** Null if there is nothing to do now. */
  task: CompileTask | null
  /** What is waiting, and how many tasks other agents hold. */
  waiting: WaitingWork
  leased: number
}
export type CompileSubmitResult = {
  id: string
  kind: CompileTask['kind']
  subject: string
  /** Null if the answer was refused, or changed nothing. */
  commit: string | null
  review?: ReviewRef | undefined
  /** Why it was refused: the lease is kept, so that a corrected answer can be handed in. */
  problems: Problem[]
}
