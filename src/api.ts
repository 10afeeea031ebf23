// The public API: everything that a program can ask of a knowledge base. The command line uses nothing else.
import type {
  Surroundings,
  OpenOptions,
  InitOptions,
  Attended,
  AddOptions,
  RemoveOptions,
  PruneOptions,
  UndoOptions,
  SyncOptions,
  PurgeOptions,
  RecompileOptions,
  AtRevision,
  LogOptions,
  GraphOptions,
  TimelineOptions,
  CompareOptions,
  VersionsOptions,
  ExportOptions,
  SearchOptions,
  QueryOptions,
  ContextOptions,
  EvalOptions,
  WorkerOptions,
  MergeVersions,
  EditPageOptions,
  RunningViewer,
  ViewOptions,
  AcceptOptions,
  NextTaskOptions,
  Proposal,
  ProposeOptions,
  SubmitOptions,
} from './core/options.ts'
import type {
  AddResult,
  BlameResult,
  ChangesResult,
  ChatSummary,
  ContextResult,
  EvalResult,
  Comparison,
  CompileNextResult,
  CompileSubmitResult,
  ExportKind,
  ExportResult,
  FsckResult,
  GcResult,
  Graph,
  HooksResult,
  InitResult,
  LintResult,
  ListResult,
  LogResult,
  Moment,
  ProposeResult,
  PageEdit,
  PageVersions,
  PruneResult,
  PurgeResult,
  QueryResult,
  RecompileResult,
  RunningWork,
  RecoverResult,
  RemoveResult,
  ReviewAcceptResult,
  ReviewListResult,
  ReviewRejectResult,
  ReviewShowResult,
  SearchResult,
  ShowResult,
  SkillResult,
  StatusResult,
  SyncResult,
  Timeline,
  UndoResult,
  VerifyResult,
  WatchResult,
  WorkerResult,
} from './core/results.ts'
import type { McpOptions, RunningMcp } from './core/mcp-options.ts'
import type { WatchOptions } from './core/watch-options.ts'
import type { SkillOptions } from './operations/skill/skill.ts'
import type { Original } from './read/show.ts'

export type * from './core/mcp-options.ts'
export type * from './core/watch-options.ts'
export type * from './core/options.ts'
export type { Original, SkillOptions }

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

/** Changes that wait on branches of their own, `kbgit/review/<number>`. A number that is not open throws `notFound`. */
export interface Reviews {
  /** Open ones, oldest first. */
  list(): Promise<ReviewListResult>
  /** What would come in, in words. */
  show(number: number): Promise<ReviewShowResult>
  /**
   * Merges a review, or some of its documents, into the current branch, and closes it once nothing is left. Throws
   * `rolledBack` for a conflict that only a person can solve, `repositoryBusy` if it would overwrite files.
   */
  accept(number: number, options?: AcceptOptions): Promise<ReviewAcceptResult>
  /** Deletes the branch and records why. */
  reject(number: number, reason: string): Promise<ReviewRejectResult>
}

/** Work for agents that compile, with `model: agent` in kbgit.yaml. */
export interface Tasks {
  /** Leases one task, for a time: then it is handed out again. */
  next(options?: NextTaskOptions): Promise<CompileNextResult>
  /**
   * Checks an answer like one of a model and commits it. What does not hold is in `problems`, and nothing was changed.
   * Throws `notFound` for a lease that was never given or has ended and gone to somebody else, or whose document changed.
   * @param answer as the task's schemas say: `{"answers":{"<id>":…}}`
   */
  submit(id: string, answer: unknown, options?: SubmitOptions): Promise<CompileSubmitResult>
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
  /**
   * Commits page edits of an agent as one change, in its name. Refused as a whole if anything does not hold: see `problems`
   * and, for pages that changed since they were read, `stale`.
   */
  propose(proposal: Proposal, options?: ProposeOptions): Promise<ProposeResult>
  /** Commits an edit of a page under the user's name. Throws `usage` for a page that is not for editing, `notFound`. */
  edit(page: string, options: EditPageOptions): Promise<PageEdit>
  readonly reviews: Reviews
  readonly tasks: Tasks
  /** Compiles stored documents again; one commit per document. */
  recompile(options: RecompileOptions): Promise<RecompileResult>
  list(options?: AtRevision): Promise<ListResult>
  status(options?: AtRevision): Promise<StatusResult>
  /** The commit that a revision names, HEAD by default. Throws `notFound`. */
  resolve(options?: AtRevision): Promise<string>
  /** The same with its author date. */
  moment(options?: AtRevision): Promise<Moment>
  /** A file of the base as it is in the commit; undefined if there is none at this path, relative to the base. */
  file(path: string, options?: AtRevision): Promise<Buffer | undefined>
  /** The paths, relative to the base, of all committed files below a folder, sorted. */
  paths(folder: string, options?: AtRevision): Promise<string[]>
  /** The paths, relative to the base, of all files that differ between two commits, sorted. Throws `notFound`. */
  changed(from: string, options?: AtRevision): Promise<string[]>
  /** @param page a path, a wikilink's target, or the name of a document or topic; anything else throws `notFound` */
  show(page: string, options?: AtRevision): Promise<ShowResult>
  /** The original as it was added, even if it is stored as a blob. Throws `notFound`. */
  showRaw(document: string, options?: AtRevision): Promise<Original>
  /** Lists ranked pages, one hit per page, with the best passage of each. */
  search(words: string, options?: SearchOptions): Promise<SearchResult>
  /** An answer with citations; without a model, the best passages. */
  query(question: string, options?: QueryOptions): Promise<QueryResult>
  /**
   * What the base has to say about a task, within a budget of tokens: passages, pages around them, sections of long
   * documents. Needs no model. Throws `usage` for an empty task or a budget out of bounds.
   */
  context(task: string, options?: ContextOptions): Promise<ContextResult>
  /**
   * Measures a base: search, citations, links, topics, coverage, cost. Throws `usage` for questions that cannot be read and
   * for a metric that does not exist, `notFound` for a revision.
   */
  eval(options?: EvalOptions): Promise<EvalResult>
  /**
   * Whether the quotes and citations of a text, JSON or Markdown, are on the pages that it names. Throws `usage` for a text
   * over 32 MiB.
   */
  verify(text: string, options?: AtRevision): Promise<VerifyResult>
  /**
   * Teaches agents that work in a project to use the base: a section in a file that their client reads. Throws `usage` if text
   * of the user would be lost.
   */
  skill(options: SkillOptions): Promise<SkillResult>
  readonly chat: Chat
  /** What runs are doing at the moment, in any process. Those that take less than a second may be missed. */
  running(): Promise<RunningWork[]>
  log(options?: LogOptions): Promise<LogResult>
  blame(page: string, options?: AtRevision): Promise<BlameResult>
  /** The history in entries: one per run of kbgit, and the work of people between them. */
  timeline(options?: TimelineOptions): Promise<Timeline>
  /**
   * What changed since a commit, a tag or a day (`2026-11-01`, `yesterday`, `3 weeks ago`): documents, topics, and what
   * people wrote. Throws `notFound` if `since` is neither.
   */
  changes(since: string, options?: AtRevision): Promise<ChangesResult>
  /** A page in two commits, with the differences in words. Throws `notFound` if neither has it. */
  compare(page: string, options: CompareOptions): Promise<Comparison>
  /** Who changed the files below some folders, and when, by path: for many pages at once. */
  versions(options: VersionsOptions): Promise<ReadonlyMap<string, PageVersions>>
  /** Documents, topics, themes, and what joins them; `of`: around one page. Throws `notFound`. */
  graph(options?: GraphOptions): Promise<Graph>
  /**
   * Writes the base in another format into a folder, or a graph into a file. The same commit gives the same bytes. Throws
   * `usage`, and writes nothing, if something other than an earlier export is there.
   */
  export(kind: ExportKind, target: string, options?: ExportOptions): Promise<ExportResult>
  /**
   * Finds broken links, orphans, stale pages and the like, and writes a report page. With `fix`, fixes what can be
   * fixed.
   */
  lint(options?: { fix?: boolean | undefined } & Attended): Promise<LintResult>
  /**
   * Watches folders and adds new files, and visits the sources of `sources.yaml`, until `signal` aborts or, with `once`,
   * all that is due is done. Holds no lock while idle. Throws `KbError` (`config`) if `sources.yaml` cannot be read.
   */
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

/** The functions of the package. */
export type Library = {
  openKb: (options: OpenOptions) => Promise<Kb>
  initKb: (options: InitOptions) => Promise<InitResult>
  useKb: (dir: string, surroundings: Surroundings) => Promise<{ dir: string }>
  serveKb: (kb: Kb, options?: ViewOptions) => Promise<RunningViewer>
  serveMcp: (kb: Kb, options: McpOptions) => Promise<RunningMcp>
  mergeFiles: (versions: MergeVersions) => Promise<{ clean: boolean }>
  runWorker: (options: WorkerOptions) => Promise<WorkerResult>
}
