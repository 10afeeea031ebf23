// Everything that a mutating command needs, opened once and closed in order.
import { join } from 'node:path'
import type { BaseContent } from '../core/document/base-content.ts'
import { messageOf } from '../core/errors.ts'
import { StepTimes } from '../core/logger.ts'
import { headRevision, isHeadless, snapshotKey, type Base } from '../io/base.ts'
import { sidecarPath } from '../io/sidecar/paths.ts'
import { LargeStore } from '../io/sidecar/large-store.ts'
import { AttributesTree } from '../io/attributes-tree.ts'
import { CatalogStore } from '../io/catalog/store.ts'
import { requireGit } from '../io/git/git.ts'
import { FastImport } from '../io/git/fast-import.ts'
import { baseContent } from '../io/git/base-content.ts'
import { ObjectReader } from '../io/git/objects.ts'
import { tryAcquire } from '../io/sidecar/lock.ts'
import { ensureWritable } from '../io/sidecar/writable.ts'
import { PageIndexer } from '../io/search/indexer.ts'
import { CheckedOut } from './checked-out.ts'
import { Filters } from './filters.ts'
import { findIdentity, type Identity } from './identity.ts'
import { Journal } from './journal.ts'
import { OtherBranch, type BranchChoice } from './other-branch.ts'
import type { Target } from './target.ts'
import { Staging } from './staging.ts'
import { deferred, type Defer } from '../core/deferred.ts'
import { privateRef } from './private-ref.ts'
import { HeadCache } from './head-cache.ts'
import { Writer } from './writer.ts'
import type { WriterTools } from './writer-tools.ts'

export type WriterOptions = {
  base: Base
  /** Shown to other processes that wait for the lock. */
  command: string
  signal?: AbortSignal | undefined
  /** Allows a base that is not committed yet. */
  unborn?: boolean
  /** Default: the branch of the base. */
  branch?: BranchChoice | undefined
  /** The agent or program on whose behalf: `Kbgit-Agent`. */
  agent?: string | undefined
  defer?: Defer | undefined
}

export type OpenWriter = AsyncDisposable & {
  /** Its transactions are `<run>-1`, `<run>-2`, …; `undo` takes them back together. */
  run: string
  writer: Writer
  objects: ObjectReader
  catalog: CatalogStore
  identity: Identity
  times: StepTimes
  staging: Staging
  content: BaseContent
  /** Aligns the catalog with a commit. */
  align: (commit: string) => Promise<void>
  /** Number of commits made so far. */
  commits: () => number
  /** The newest commit of the branch that this run commits to; undefined if there is none. */
  tip: () => Promise<string | undefined>
  /** The full name of that branch. */
  branch: () => Promise<string>
}

/** Throws `KbError` if the sidecar cannot be used or git is missing. Leaving its scope ends everything it started. */
export async function openWriter({
  base,
  command,
  signal,
  unborn,
  branch: asked,
  agent,
  defer,
}: WriterOptions): Promise<OpenWriter> {
  await using stack = new AsyncDisposableStack()
  requireGit(base)
  ensureWritable(base)
  const branch = asked ?? (base.branch === undefined ? undefined : { branch: base.branch, from: 'HEAD' })
  const times = new StepTimes()
  const run = base.clock.random()
  const reading = readSettings(base)
  const roles = reading.then(({ hasRoles }) => hasRoles)
  const [identity, settings] = await Promise.all([findIdentity(base, roles), reading])
  const staging = stack.use(await Staging.open(base, run, defer))
  const objects = stack.use(new ObjectReader(base.git))
  const fastImport = stack.use(new FastImport(base.git, base.repository.gitDir))
  const catalog = stack.use(new CatalogStore(sidecarPath(base, 'catalog'), { access: 'write', key: snapshotKey(base) }))
  const indexer = PageIndexer.open({
    store: sidecarPath(base, 'pageIndex'),
    times,
    logger: base.logger,
    signal,
  })
  stack.defer(() => deferred(indexer[Symbol.asyncDispose](), defer))
  const filters = stack.use(new Filters(base.git, settings.filters, attributesOf(base, staging)))
  const content = baseContent(base, objects)
  const blobs = new LargeStore(base)
  const target: Target =
    branch === undefined
      ? new CheckedOut({ base, objects, blobs, discard: (folder) => staging.discard(folder) })
      : new OtherBranch(base, objects, branch)
  const tools: WriterTools = {
    base,
    objects,
    fastImport,
    catalog,
    identity,
    times,
    run,
    command,
    unborn: unborn ?? false,
    commits: 0,
    journal: new Journal(base.sidecarDir, base.config.durability),
    blobs,
    target,
    agent,
    pages: new HeadCache(),
    indexer,
    filters,
    sign: settings.sign,
    scratch: staging.path,
    align: (commit) => catalog.align(commit, content),
    signal,
  }
  const owned = stack.move()
  return {
    run,
    writer: new Writer(tools),
    objects,
    catalog,
    identity,
    times,
    staging,
    content,
    align: tools.align,
    commits: () => tools.commits,
    tip: async () => (branch === undefined ? objects.resolve('HEAD') : ((await target.head()).commit ?? undefined)),
    branch: async () => (await target.head()).branch,
    [Symbol.asyncDispose]: async () => {
      if (asked !== undefined || (branch !== undefined && !isHeadless(base))) await returnToHead(base, tools)
      await owned[Symbol.asyncDispose]()
      if (fastImport.used) await dropPrivateRef(base, run)
    },
  }
}

/** Of the branch of a headless base. */
function attributesOf(base: Base, staging: Staging): AttributesTree | undefined {
  if (!isHeadless(base)) return undefined
  return new AttributesTree(base, headRevision(base), join(staging.path, 'attributes'))
}

/**
 * Brings the catalog back to the checked-out branch, or to that of a headless base, unless somebody else is writing. If it fails, the next reader takes
 * longer.
 */
async function returnToHead(base: Base, { objects, align }: WriterTools): Promise<void> {
  try {
    using lock = tryAcquire(sidecarPath(base, 'lock'), 'exclusive')
    if (lock === undefined) return
    const head = await objects.resolve(isHeadless(base) ? headRevision(base) : 'HEAD')
    if (head !== undefined) await align(head)
  } catch (error) {
    base.logger.debug({ error: messageOf(error) }, 'could not bring the catalog back to HEAD')
  }
}

/** Committed work stays, even if a git process of the user has the refs locked: the next command drops the ref then. */
async function dropPrivateRef(base: Base, run: string): Promise<void> {
  await base.git.run(['update-ref', '-d', privateRef(run)]).catch((error: unknown) => {
    base.logger.debug({ error: messageOf(error) }, 'could not drop the private ref')
  })
}

/** git's configuration of how commits are made. */
async function readSettings(base: Base): Promise<{ filters: boolean; sign: boolean; hasRoles: boolean }> {
  const found = await base.git.run(
    [
      'config',
      '-z',
      '--get-regexp',
      '^(filter\\..*\\.(clean|process)|commit\\.gpgsign|(author|committer)\\.(name|email))$',
    ],
    { ok: [0, 1] },
  )
  const entries = found.stdout
    .toString()
    .split('\0')
    .map((entry) => entry.split('\n'))
  const sign = entries.findLast(([key]) => key?.toLowerCase() === 'commit.gpgsign')
  return {
    filters: entries.some(([key]) => key?.startsWith('filter.') === true),
    hasRoles: entries.some(([key]) => /^(?:author|committer)\./i.test(key ?? '')),
    sign: sign !== undefined && !['false', 'no', 'off', '0', ''].includes((sign[1] ?? 'true').toLowerCase()),
  }
}
