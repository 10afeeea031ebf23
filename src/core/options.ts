// What a program passes to the public API.
import type { Logger } from './logger.ts'
import type { PageKind } from './page/page-kind.ts'
import type { Progress } from './results.ts'
import type { Sampler } from './sampling.ts'

export type * from './agent-options.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** What the library takes from outside. It reads no environment variables and no terminal of its own. */
export type Surroundings = {
  /** Variables such as `KBGIT_DIR`, `SOURCE_DATE_EPOCH`, API keys, and what git needs to run. */
  env: Environment
  /** The base of relative paths. Default: the process's current folder. */
  cwd?: string
  /** The time to record if `SOURCE_DATE_EPOCH` is not set. Default: the system's clock. */
  clock?: () => Date
  /** Default: no logging. */
  logger?: Logger | undefined
}

export type OpenOptions = Surroundings & {
  /**
   * The base's folder, or a bare repository: a headless base. Default: `KBGIT_DIR`, else the folder at or above `cwd` with
   * a `kbgit.yaml`, else the one set by `useKb`.
   */
  dir?: string | undefined
  /**
   * The branch to read and write, without index and work tree if it is not checked out. One that does not exist begins on
   * the current commit. Default: the one that is checked out; of a headless base, the one that HEAD names.
   */
  branch?: string | undefined
  /**
   * The driver that reads history. `in-process` starts no program for reading if it supports the repository: SHA-1, no
   * linked worktree, not a shallow or partial clone, packs of at most 16 MiB. It is used anyway if git is not
   * installed. Default: `git`.
   */
  driver?: 'git' | 'in-process'
  /**
   * Keeps what reads history open between calls, for a program that reads often. Dispose of the base, or a git process
   * keeps the program alive. Default: false.
   */
  held?: boolean | undefined
}

export type InitOptions = Surroundings & {
  /** Default: `cwd`. Created if missing. */
  dir?: string | undefined
  /** `builtin` (default) or `provider/model`. */
  model?: string | undefined
  /** BCP 47, of the wiki. Default: `en`. */
  language?: string | undefined
  /** Whether to install git hooks. Default: true. */
  hooks?: boolean | undefined
  /** Make a headless base: a bare repository, which has neither work tree nor index. Default: false. */
  bare?: boolean | undefined
  /** The branch of a headless base. Default: git's `init.defaultBranch`, or the one that HEAD names. */
  branch?: string | undefined
  /** Make a base also where `raw/`, `documents/` or `wiki/` have files of their own; these cannot be added then. */
  adopt?: boolean | undefined
}

/** For long-running work. After `signal` aborts, the current document is finished or undone. */
export type Attended = {
  signal?: AbortSignal | undefined
  onProgress?: ((progress: Progress) => void) | undefined
}

export type AddOptions = Attended & {
  /** Documents prepared at once. Default: `file_processing_jobs`. */
  jobs?: number | undefined
  /**
   * Redis at which workers prepare the documents (`redis://` or `rediss://`); `jobs` is then how many are under way at
   * once, by default 64. Default: `KBGIT_QUEUE`, else `queue` if its address is trusted.
   */
  queue?: string | undefined
  /** Concurrent model calls, over all documents. Default: `concurrency`. */
  concurrency?: number | undefined
  /** Reports what would be done and writes nothing. */
  dryRun?: boolean
  /** Maximum number of documents to add. */
  limit?: number | undefined
  /** Globs of paths to skip. */
  exclude?: string[]
  /** The encoding of text files, e.g. `windows-1252`. Default: detected for each file. */
  encoding?: string | undefined
  /** Also adds files that git ignores. Default: they are left out of folders. */
  noGitignore?: boolean
  /**
   * The document that the input `-` stands for. `name` is a file name: adding under it again updates the document.
   * `type`: its format as an extension, if the name has none; default: recognised by content, else Markdown.
   */
  stdin?: { bytes: AsyncIterable<Uint8Array>; name?: string | undefined; type?: string | undefined } | undefined
  /** Stops at the first document that fails; those before it are kept. */
  failFast?: boolean
  /** Fetches from private and local addresses too. */
  allowPrivate?: boolean
  /** Adds the documents that failed in earlier runs to the inputs. */
  retryFailed?: boolean
  /** Commits onto a new branch `kbgit/review/<n>`. Default: what `review` in kbgit.yaml says. */
  review?: boolean | undefined
  /** Then syncs with the remote, again and again if somebody else is faster, up to a bound. */
  push?: boolean | undefined
  /** The agent or program on whose behalf, for `review: agents` and the trailer `Kbgit-Agent`. */
  agent?: string | undefined
  /** Answers questions about the documents with `model: sampling` in kbgit.yaml, and is not asked otherwise. */
  sampler?: Sampler | undefined
}

export type WorkerOptions = Surroundings & {
  /** Redis, as for `add`. Default: `KBGIT_QUEUE`. */
  queue?: string | undefined
  /** Documents prepared at once. Default: 2. */
  jobs?: number | undefined
  /** The folder that the writers name with `exchange`, by the path that it has here. Default: bytes go through Redis. */
  exchange?: string | undefined
  /** Ends the work, after the documents in hand. */
  signal?: AbortSignal | undefined
  onEvent?: ((event: WorkerEvent) => void) | undefined
}

export type WorkerEvent =
  /** `queue`: the address, without user and password. */
  | { kind: 'waiting'; queue: string; jobs: number }
  | { kind: 'done'; outcome: 'prepared' | 'failed' | 'left'; ms: number }
  /** A writer of another version is there, whose documents this worker does not take. */
  | { kind: 'otherVersion'; message: string }

export type RemoveOptions = {
  dryRun?: boolean
  /** The original stays in `raw/`. */
  keepRaw?: boolean
  /** Concept and entity pages without a remaining source are kept. */
  keepEmpty?: boolean
  /** A unique part of a name is not accepted. */
  exact?: boolean
  signal?: AbortSignal | undefined
}

export type PruneOptions = {
  dryRun?: boolean
  signal?: AbortSignal | undefined
}

export type UndoOptions = {
  /** Number of runs. Default: 1, the last one. */
  runs?: number | undefined
  /** Also runs of other people, and runs before a purge. */
  anyway?: boolean | undefined
  dryRun?: boolean
  signal?: AbortSignal | undefined
}

export type SyncOptions = Attended & {
  /** Default: the one that the branch follows, or the only one. */
  remote?: string | undefined
}

export type PurgeOptions = Attended & {
  dryRun?: boolean
  /** If several documents had the name, one after the other: the beginning of an original's SHA-256, or `all`. */
  digest?: string | undefined
  /** A file for a git bundle with the whole history as it was. It must not exist. */
  backup?: string | undefined
}

export type RecompileOptions = Attended & {
  /** One document, named as for `remove`. Either this or `all`. */
  document?: string
  all?: boolean
  dryRun?: boolean
}

/** Reads a commit. */
export type AtRevision = {
  /** Anything that names a commit. Default: HEAD. */
  at?: string | undefined
}

export type LogOptions = AtRevision & {
  /** A document or a page. Default: the whole base. */
  of?: string | undefined
  /** Maximum number of commits. Default: all. */
  limit?: number | undefined
}

export type SearchOptions = AtRevision & {
  /** Maximum number of hits. Default: 10. */
  limit?: number | undefined
  /** Default: all. */
  kinds?: PageKind[] | undefined
  signal?: AbortSignal | undefined
}

export type QueryOptions = AtRevision & {
  /** Writes the answer as a page under `wiki/explorations/`, in a commit of its own. */
  save?: boolean
  /**
   * Called with the answer as it arrives, piece by piece, before its citations are checked. Not called without a model.
   */
  onText?: ((text: string) => void) | undefined
  signal?: AbortSignal | undefined
}

export type ContextOptions = AtRevision & {
  /** Tokens that the pack may have, from 500. Default: 8000. */
  budgetTokens?: number | undefined
}

export type EvalOptions = AtRevision & {
  /** A revision to measure too. */
  baseline?: string | undefined
  /** File with questions. Default: `eval/questions.yaml` of the base, if there is one. */
  questions?: string | undefined
  /** Documents that queries are made from. Default: 100. */
  documents?: number | undefined
  /** Default: 1. */
  seed?: number | undefined
  /** Asks the questions and has the model judge the answers: a few calls each, at most 50 questions. */
  judge?: boolean | undefined
  /** What each metric must be at least, or at most if less is better. */
  min?: Record<string, number> | undefined
  signal?: AbortSignal | undefined
  onProgress?: ((progress: Progress) => void) | undefined
}

export type GraphOptions = AtRevision & {
  /** A page, named as for `show`: only the graph around it. */
  of?: string | undefined
  /** With `of`: maximum number of pages around it. Default: 24. */
  neighbours?: number | undefined
}

export type TimelineOptions = AtRevision & {
  /** Maximum number of entries. Default: all. */
  limit?: number | undefined
}

export type VersionsOptions = AtRevision & {
  /** Of the base, e.g. `wiki/concepts`. */
  folders: readonly string[]
  /** Maximum number of commits for each file. Default: all. */
  limit?: number | undefined
}

export type CompareOptions = {
  /** Anything that names a commit. */
  from: string
  /** Default: HEAD. */
  to?: string | undefined
}

export type ExportOptions = AtRevision & {
  /** Where the export will be served: http or https. Default: links are relative. */
  baseUrl?: string | undefined
}

/** One file as git passes it to a merge driver: paths of three temporary files. The result is written to `ours`. */
export type MergeVersions = Surroundings & {
  ancestor: string
  ours: string
  theirs: string
  /** The file's path in the repository. */
  path: string
}

export type EditPageOptions = {
  /** The whole page. */
  text: string
  /** The revision whose page was edited. */
  read: string
  signal?: AbortSignal | undefined
}

export type ViewOptions = AtRevision & {
  /** Default: 4114, or a free one if that is in use. Throws `usage` if a named one is in use. */
  port?: number | undefined
  /** An address other than the loopback one. Then every request needs the token of the returned URL. */
  host?: string | undefined
  /** Lets anyone with the token of the returned URL add, edit and remove. */
  write?: boolean | undefined
  /** With `write`: web pages of private and local addresses may be added too. */
  allowPrivate?: boolean | undefined
  /** Of kbgit: pages that it rendered are not mixed with those of another version. */
  version?: string | undefined
}

export type RunningViewer = {
  /** With the token, if one is needed. */
  url: string
  /** Ends both servers and the connections to them. */
  close: () => Promise<void>
}
