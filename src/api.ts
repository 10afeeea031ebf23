// The public API: what a knowledge base can be asked and told. The command line uses nothing else.
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
  /** What relative paths are relative to. Default: the process's current folder. */
  cwd?: string
  /** The time, for what is written where `SOURCE_DATE_EPOCH` is not set. Default: the system's clock. */
  clock?: () => Date
  /** Default: silence. */
  logger?: Logger | undefined
}

export type OpenOptions = Surroundings & {
  /** The base's folder. Default: `KBGIT_DIR`, else the folder at or above `cwd` with a `kbgit.yaml`, else the one set by `useKb`. */
  dir?: string | undefined
  /**
   * What reads history. `in-process` starts no program to read, if the repository can be read so: SHA-1, no linked
   * worktree, shallow or partial clone, packs of at most 16 MiB. It is used anyway if no git is found. Default: `git`.
   */
  driver?: 'git' | 'in-process'
}

export type InitOptions = Surroundings & {
  /** Default: `cwd`. Made where it is missing. */
  dir?: string | undefined
  /** `builtin` (default) or `provider/model`. */
  model?: string | undefined
  /** BCP 47, of the wiki. Default: `en`. */
  language?: string | undefined
  /** Whether to put git hooks in place. Default: true. */
  hooks?: boolean | undefined
}

/** For work that lasts. After `signal` aborts, the document in hand is finished or undone. */
export type Attended = {
  signal?: AbortSignal | undefined
  onProgress?: ((progress: Progress) => void) | undefined
}

export type AddOptions = Attended & {
  /** Documents prepared at once. Default: `file_processing_jobs`. */
  jobs?: number | undefined
  /** Model calls at once, over all documents. Default: `concurrency`. */
  concurrency?: number | undefined
  /** Tells what would be done and writes nothing. */
  dryRun?: boolean
  /** Documents to take in at most. */
  limit?: number | undefined
  /** Globs of paths that are left out. */
  exclude?: string[]
  /** Of text files, e.g. `windows-1252`. Default: found out for each. */
  encoding?: string | undefined
  /** Stops at the first document that fails; those before it are in. */
  failFast?: boolean
  /** Fetches from private and local addresses too. */
  allowPrivate?: boolean
  /** Takes the documents that failed in earlier runs as further inputs. */
  retryFailed?: boolean
}

export type RemoveOptions = {
  dryRun?: boolean
  /** The original stays in `raw/`. */
  keepRaw?: boolean
  /** Concept and entity pages stay that have no source any more. */
  keepEmpty?: boolean
  signal?: AbortSignal | undefined
}

export type UndoOptions = {
  /** How many runs. Default: 1, the last. */
  runs?: number | undefined
  dryRun?: boolean
  signal?: AbortSignal | undefined
}

export type RecompileOptions = Attended & {
  /** One document, named as for `remove`. Either this or `all`. */
  document?: string
  all?: boolean
  dryRun?: boolean
}

export type SearchOptions = AtRevision & {
  /** Hits at most. Default: 10. */
  limit?: number | undefined
  /** Default: all. */
  kinds?: PageKind[] | undefined
  signal?: AbortSignal | undefined
}

export type QueryOptions = AtRevision & {
  /** Writes the answer as a page under `wiki/explorations/`, in a commit of its own. */
  save?: boolean
  /** The answer as it comes, piece by piece, before its citations are checked. Not called without a model. */
  onText?: ((text: string) => void) | undefined
  signal?: AbortSignal | undefined
}

export type WatchOptions = {
  /** Default: `raw/inbox/` of the base. */
  folder?: string | undefined
  jobs?: number | undefined
  /** Ends the watch. Without one it never ends. */
  signal?: AbortSignal | undefined
  onProgress?: ((progress: Progress) => void) | undefined
  onEvent?: (event: WatchEvent) => void
}

/** `error` is of one round: the watch goes on. */
export type WatchEvent =
  { kind: 'watching'; folder: string } | { kind: 'added'; result: AddResult } | { kind: 'error'; error: KbError }

/** One conversation, kept in the sidecar. */
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
  /** Throws `notFound` where there is no such session. @param id default: the newest */
  resume(id?: string): Promise<ChatSession>
  /** Throws `notFound`. */
  delete(id: string): Promise<void>
}

export interface Hooks {
  /** Puts kbgit's shims beside hooks that exist, never instead of them. Twice is harmless. */
  install(): Promise<HooksResult>
  /** Takes away kbgit's shims alone. */
  uninstall(): Promise<HooksResult>
  status(): Promise<HooksResult>
}

/**
 * An open knowledge base. Every method may throw `KbError`; its `code`, `hint` and `exitCode` say what state things
 * are in. One document's failure is no throw: it is told in the result. Methods that write first drain the journal,
 * then wait up to `lock_wait` for other writers (`locked`), and refuse while a merge or rebase is under way
 * (`repositoryBusy`). Methods that read look at a commit and wait for nobody.
 */
export interface Kb extends AsyncDisposable {
  /** Absolute. */
  readonly root: string
  /**
   * Takes in files, folders and http(s) URLs, each document as one commit, in scan order. What is known by content is
   * skipped; what is known by path and has changed is updated.
   */
  add(inputs: string[], options?: AddOptions): Promise<AddResult>
  /** @param document its exact name, its file name, or a unique part of either; else throws `notFound` */
  remove(document: string, options?: RemoveOptions): Promise<RemoveResult>
  /**
   * Takes back the last runs of kbgit in one new commit. What later commits built on stays, and is named in `left`.
   * Throws `notFound` if there is no run to take back, `rolledBack` if nothing of it can be taken back.
   */
  undo(options?: UndoOptions): Promise<UndoResult>
  /** Compiles again from what is stored; one commit a document. */
  recompile(options: RecompileOptions): Promise<RecompileResult>
  list(options?: AtRevision): Promise<ListResult>
  status(options?: AtRevision): Promise<StatusResult>
  /** @param page a path, a wikilink's target, or a document's or topic's name; else throws `notFound` */
  show(page: string, options?: AtRevision): Promise<ShowResult>
  /** The original as it was added, also where it is kept as a blob. Throws `notFound`. */
  showRaw(document: string, options?: AtRevision): Promise<Original>
  /** Lists ranked pages, one hit per page, with the best passage of each. */
  search(words: string, options?: SearchOptions): Promise<SearchResult>
  /** An answer with citations; without a model, the best passages. */
  query(question: string, options?: QueryOptions): Promise<QueryResult>
  readonly chat: Chat
  log(options?: LogOptions): Promise<LogResult>
  blame(page: string, options?: AtRevision): Promise<BlameResult>
  /** Looks for broken links, orphans, stale pages and the like, and writes a report page. With `fix`, mends what can be. */
  lint(options?: { fix?: boolean | undefined } & Attended): Promise<LintResult>
  /** Takes in what is put into a folder, until `signal` aborts. Holds no lock while idle. */
  watch(options?: WatchOptions): Promise<WatchResult>
  /** Drains the journal, reaps dead staging, brings the sidecar in line with HEAD. `hook`: waits for nobody. */
  recover(options?: { rebuild?: boolean; hook?: boolean }): Promise<RecoverResult>
  /** Checks every invariant. `blobs`: hashes blob contents again. */
  fsck(options?: AtRevision & { blobs?: boolean } & Attended): Promise<FsckResult>
  /** Drops sidecar rows and blobs that no ref and no reflog reaches. `answers`: and the kept answers of models. */
  gc(options?: { dryRun?: boolean; answers?: boolean }): Promise<GcResult>
  readonly hooks: Hooks
}

/** One file as git hands it to a merge driver: paths of three temporary files. The result goes into `ours`. */
export type MergeVersions = Surroundings & {
  ancestor: string
  ours: string
  theirs: string
  /** The file's place in the repository. */
  path: string
}

/** The functions of the package. */
export type Library = {
  openKb: (options: OpenOptions) => Promise<Kb>
  initKb: (options: InitOptions) => Promise<InitResult>
  useKb: (dir: string, surroundings: Surroundings) => Promise<{ dir: string }>
  mergeFiles: (versions: MergeVersions) => Promise<{ clean: boolean }>
}
