// What commands that read the wiki and its history return.

export type ListedDocument = {
  name: string
  title: string
  sha256: string
  format: string
  kind: 'short' | 'long'
  pages?: number | undefined
  origin: string
  raw: string
  source: string
  tree?: string | undefined
  summary: string
  addedAt: string
  commit: string
}

export type ListedTopic = { name: string; path: string; sources: number }

export type ListResult = { documents: ListedDocument[]; concepts: ListedTopic[]; entities: ListedTopic[] }

export type ShowResult = { page: string; kind: string; at: string; text: string }

export type SearchHit = {
  page: string
  kind: string
  name: string
  document?: string
  heading?: string | undefined
  pageNumber?: number | undefined
  score: number
  snippet: string
}

export type SearchResult = {
  query: string
  at: string
  hits: SearchHit[]
  /** If nothing was found: the words with another spelling that finds something. */
  suggestion?: string
}

export type Citation = { page: string; document: string; pageNumber?: number | undefined; quote: string }

/**
 * Whether sentences of a model's answer have a citation that holds: all of them, some, or none, and then it is uncertain.
 * `notFound`: the answer is that the base has none.
 */
export type AnswerSupport = 'all' | 'some' | 'none' | 'notFound'

/** Model calls for an answer, the tokens that they read and wrote, and how many of each `kbgit.yaml` allows. */
export type QuerySpent = { steps: number; stepsMax: number; tokens: number; tokensMax: number }

export type QueryResult = {
  question: string
  at: string
  answer: string
  citations: Citation[]
  model: string | null
  /** With a model. */
  support?: AnswerSupport
  spent?: QuerySpent
  /** Without a model: the words of the question that were looked for. */
  words?: string[]
  saved?: string
  commit?: string
}

export type LogCommit = {
  commit: string
  date: string
  author: string
  operation: string
  documents: string[]
  message: string
}

export type LogResult = { commits: LogCommit[] }

export type BlameLine = {
  line: number
  text: string
  commit: string
  operation: string
  document?: string | undefined
  model?: string | undefined
  date: string
  author: string
}

export type BlameResult = { page: string; lines: BlameLine[] }

export type ChatSummary = {
  id: string
  /** The first question, shortened. */
  title: string
  /** ISO 8601. */
  updatedAt: string
  turns: number
}

/** Of `chat --list`, and of `chat --delete`. */
export type ChatResult = { sessions: ChatSummary[] } | { deleted: string }

/** A moment of the base. `date` is the commit's author date, ISO 8601. */
export type Moment = { commit: string; date: string }
