// The public API: everything that a program can ask of a knowledge base. The command line uses nothing else.
import type { KbError } from './core/errors.ts'
import type { PageKind } from './core/page/page-kind.ts'
import type { Logger } from './core/logger.ts'
import type {
  AddResult,
  BlameResult,
  ChatSummary,
  FsckResult,
  GcResult,
  HooksResult,
  InitResult,
  LintResult,
  ListResult,
  LogResult,
  Progress,
  QueryResult,
  RecompileResult,
  RecoverResult,
  RemoveResult,
  SearchResult,
  ShowResult,
  StatusResult,
  PruneResult,
  PurgeResult,
  SyncResult,
  UndoResult,
  WatchResult,
} from './core/results.ts'

import type { AtRevision } from './read/base-reader.ts'
import type { LogOptions } from './read/log.ts'
import type { Original } from './read/show.ts'

export type { AtRevision, LogOptions, Original }

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
  /** The base's folder. Default: `KBGIT_DIR`, else the folder at or above `cwd` with a `kbgit.yaml`, else the one set by `useKb`. */
  dir?: string | undefined
  /**
   * The driver that reads history. `in-process` starts no program for reading if it supports the repository: SHA-1, no
   * linked worktree, not a shallow or partial clone, packs of at most 16 MiB. It is used anyway if git is not
   * installed. Default: `git`.
   */
  driver?: 'git' | 'in-process'
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
}

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
  dryRun?: boolean
  signal?: AbortSignal | undefined
}

export type SyncOptions = Attended & {
  /** Default: the one that the branch follows, or the only one. */
  remote?: string | undefined
}

export type PurgeOptions = Attended & {
  dryRun?: boolean
  /** A file for a git bundle with the whole history as it was. It must not exist. */
  backup?: string | undefined
}

export type RecompileOptions = Attended & {
  /** One document, named as for `remove`. Either this or `all`. */
  document?: string
  all?: boolean
  dryRun?: boolean
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

export type WatchOptions = {
  /** Default: `raw/inbox/` of the base. */
  folder?: string | undefined
  jobs?: number | undefined
  /** Stops watching. Without a signal, watching never stops. */
  signal?: AbortSignal | undefined
  onProgress?: ((progress: Progress) => void) | undefined
  onEvent?: (event: WatchEvent) => void
}

/** `error` concerns one round: watching continues. */
export type WatchEvent =
  { kind: 'watching'; folder: string } | { kind: 'added'; result: AddResult } | { kind: 'error'; error: KbError }

/** A conversation, stored in the sidecar. */
export interface ChatSession {
  readonly id: string
  /** Earlier turns, oldest first. */
  readonly turns: readonly { question: string; answer: string }[]
  ask(question: string, options?: Omit<QueryOptions, 'save' | 'at'>): Promise<QueryResult>
  /** Writes the conversation as a page under `wiki/explorations/`, in a commit of its own. */
  save(title?: string): Promise<{ page: string; commit: string }>
  /** Forgets the turns so far. */
  clear(): Promise<void>
}

export interface Chat {
  /** Newest first. */
  list(): Promise<ChatSummary[]>
  start(): Promise<ChatSession>
  /**
   * Throws `notFound` if the session does not exist.
   * @param id default: the newest
   */
  resume(id?: string): Promise<ChatSession>
  /** Throws `notFound`. */
  delete(id: string): Promise<void>
}

export interface Hooks {
  /** Adds kbgit's shims to existing hooks, and never replaces them. Idempotent. */
  install(): Promise<HooksResult>
  /** Removes only kbgit's shims. */
  uninstall(): Promise<HooksResult>
  status(): Promise<HooksResult>
}

/**
 * An open knowledge base. Every method may throw `KbError`; its `code`, `hint` and `exitCode` describe the current
 * state. A failed document does not throw; it is reported in the result. Methods that write first drain the journal,
 * then wait up to `lock_wait` for other writers (`locked`), and refuse to run during a merge or rebase
 * (`repositoryBusy`). Methods that read a commit never wait.
 */
export interface Kb extends AsyncDisposable {
  /** Absolute path. */
  readonly root: string
  /**
   * Adds files, folders and http(s) URLs, one commit per document, in scan order. Known content is skipped; a known
   * path with new content is updated.
   */
  add(inputs: string[], options?: AddOptions): Promise<AddResult>
  /** @param document its exact name, its file name, or, without `exact`, a unique part of either; anything else throws `notFound` */
  remove(document: string, options?: RemoveOptions): Promise<RemoveResult>
  /**
   * Undoes the last runs of kbgit in one new commit. Changes that later commits built on are kept, and named in `left`.
   * Throws `notFound` if there is no run to undo, `rolledBack` if nothing of it can be undone.
   */
  undo(options?: UndoOptions): Promise<UndoResult>
  /**
   * Removes the documents whose source below one of the folders is gone, each in a commit of its own. Throws `notFound` for
   * a folder that is not there.
   */
  prune(folders: string[], options?: PruneOptions): Promise<PruneResult>
  /**
   * Fetches, merges and pushes, and sets up what a clone needs. Throws `usage` without a remote, `rolledBack` for a conflict
   * that only a person can solve, `repositoryBusy` if it would overwrite files, `gitFailed` if the remote refuses.
   */
  sync(options?: SyncOptions): Promise<SyncResult>
  /**
   * Takes a document out of every commit of every branch and tag, and out of kbgit's own files: commits get new ids.
   * `document` is its exact name, now or earlier. Throws `notFound` if no commit has it, `repositoryBusy` if the history
   * cannot be rewritten; then nothing was changed.
   */
  purge(document: string, options?: PurgeOptions): Promise<PurgeResult>
  /** Compiles stored documents again; one commit per document. */
  recompile(options: RecompileOptions): Promise<RecompileResult>
  list(options?: AtRevision): Promise<ListResult>
  status(options?: AtRevision): Promise<StatusResult>
  /** @param page a path, a wikilink's target, or the name of a document or topic; anything else throws `notFound` */
  show(page: string, options?: AtRevision): Promise<ShowResult>
  /** The original as it was added, even if it is stored as a blob. Throws `notFound`. */
  showRaw(document: string, options?: AtRevision): Promise<Original>
  /** Lists ranked pages, one hit per page, with the best passage of each. */
  search(words: string, options?: SearchOptions): Promise<SearchResult>
  /** An answer with citations; without a model, the best passages. */
  query(question: string, options?: QueryOptions): Promise<QueryResult>
  readonly chat: Chat
  log(options?: LogOptions): Promise<LogResult>
  blame(page: string, options?: AtRevision): Promise<BlameResult>
  /**
   * Finds broken links, orphans, stale pages and the like, and writes a report page. With `fix`, fixes what can be
   * fixed.
   */
  lint(options?: { fix?: boolean | undefined } & Attended): Promise<LintResult>
  /** Watches a folder and adds new files, until `signal` aborts. Holds no lock while idle. */
  watch(options?: WatchOptions): Promise<WatchResult>
  /**
   * Drains the journal, removes the staging of dead runs, brings the sidecar in line with HEAD. `hook`: never waits.
   */
  recover(options?: { rebuild?: boolean; hook?: boolean }): Promise<RecoverResult>
  /** Checks every invariant. `blobs`: also rehashes the contents of blobs. */
  fsck(options?: AtRevision & { blobs?: boolean } & Attended): Promise<FsckResult>
  /** Drops sidecar rows and blobs that no ref and no reflog reaches. `answers`: also drops cached model answers. */
  gc(options?: { dryRun?: boolean; answers?: boolean }): Promise<GcResult>
  readonly hooks: Hooks
}

/** One file as git passes it to a merge driver: paths of three temporary files. The result is written to `ours`. */
export type MergeVersions = Surroundings & {
  ancestor: string
  ours: string
  theirs: string
  /** The file's path in the repository. */
  path: string
}

/** The functions of the package. */
export type Library = {
  openKb: (options: OpenOptions) => Promise<Kb>
  initKb: (options: InitOptions) => Promise<InitResult>
  useKb: (dir: string, surroundings: Surroundings) => Promise<{ dir: string }>
  mergeFiles: (versions: MergeVersions) => Promise<{ clean: boolean }>
}
