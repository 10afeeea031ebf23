// Opens a knowledge base: wires the adapters to the stages. Each method loads what it needs when it is first called.
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Hooks, InitOptions, Kb, MergeVersions, OpenOptions, Surroundings } from './api.ts'
import { KbError } from './core/errors.ts'
import { packageFile } from './core/package-files.ts'
import type { HooksResult, InitResult } from './core/results.ts'
import { isHeadless, type Base, type Clock } from './io/base.ts'
import type { HookReport } from './io/git/hooks.ts'
import { systemClock } from './operations/base/make-base.ts'
import { openBase as open } from './operations/base/open.ts'
import type { BaseReader } from './read/base-reader.ts'

/** How git should call kbgit: with this Node and this installation, whatever is on the PATH then. */
const COMMAND = [process.execPath, fileURLToPath(packageFile('bin/kbgit.js'))]

/** Opens the base in `root`. Throws `KbError`: `noBase`, `config`, `gitMissing`, `repositoryBusy`. */
export async function openBase(root: string, options: OpenOptions): Promise<Kb> {
  const opened = await open({ ...surroundings(options), dir: root, driver: options.driver, branch: options.branch })
  const base: Base = { ...opened, held: options.held === true ? {} : undefined }
  const cwd = resolve(options.cwd ?? '.')
  const read = async <T>(work: (reader: BaseReader) => Promise<T>): Promise<T> => {
    const { openHistory } = await import('./io/open-history.ts')
    await using history = await openHistory(base)
    // git starts while modules are loaded.
    history.resolve('HEAD').catch(() => {})
    const listing = async (commit: string) =>
      (await import('./operations/maintain/status-sources.ts')).catalogListing(base, commit)
    const topicsNamed = async (commit: string, key: string) =>
      (await import('./operations/maintain/status-sources.ts')).catalogTopics(base, commit, key)
    return await work({ ...base, history, listing, topicsNamed })
  }
  /** For commands that write: without git they fail before looking anything up. */
  const nameOf = async (document: string, { exact = false } = {}): Promise<string> => {
    const { requireGit } = await import('./io/git/git.ts')
    requireGit(base)
    return read(async (reader) => {
      const { findDocument } = await import('./read/find-document.ts')
      const { commitAt } = await import('./read/base-reader.ts')
      return (await findDocument(reader, await commitAt(reader, {}), document, { exact })).record.name
    })
  }
  const setUp = async () => {
    await (await import('./operations/merge/set-up-clone.ts')).setUpClone(base, COMMAND)
    await (await import('./operations/merge/finish-merge.ts')).finishMerge(base)
  }
  const hooks = hooksOf(base)
  return {
    root: base.root,
    hooks,
    get chat() {
      return lazyChat(base)
    },
    add: async (inputs, how = {}) => {
      await setUp()
      const request = { ...how, cwd, command: COMMAND }
      if (how.push !== true) return (await import('./operations/ingest/add.ts')).add(base, inputs, request)
      return (await import('./operations/ingest/add-and-push.ts')).addAndPush(base, inputs, request)
    },
    remove: async (document, how = {}) => {
      await setUp()
      return (await import('./operations/remove.ts')).remove(base, await nameOf(document, how), how)
    },
    undo: async (how = {}) => {
      await setUp()
      return (await import('./operations/undo/undo.ts')).undo(base, how)
    },
    prune: async (folders, how = {}) => {
      await setUp()
      return (await import('./operations/prune.ts')).prune(base, folders, { ...how, cwd })
    },
    sync: async (how = {}) => {
      await setUp()
      return (await import('./operations/sync/sync.ts')).sync(base, { ...how, command: COMMAND })
    },
    purge: async (document, how = {}) => {
      await setUp()
      const backup = how.backup === undefined ? undefined : resolve(cwd, how.backup)
      return (await import('./operations/purge/purge.ts')).purge(base, document, { ...how, backup })
    },
    propose: async (proposal, how = {}) => {
      await setUp()
      return (await import('./operations/agents/propose.ts')).propose(base, proposal, how)
    },
    reviews: {
      list: async () => (await import('./operations/review/list.ts')).listReviews(base),
      show: async (number) => (await import('./operations/review/show.ts')).showReview(base, number),
      accept: async (number, how = {}) => {
        await setUp()
        return (await import('./operations/review/accept.ts')).acceptReview(base, number, how)
      },
      reject: async (number, reason) =>
        (await import('./operations/review/reject.ts')).rejectReview(base, number, reason),
    },
    tasks: {
      next: async (how = {}) => (await import('./operations/agents/next-task.ts')).nextTask(base, how),
      submit: async (id, answer, how = {}) => {
        await setUp()
        return (await import('./operations/agents/submit-task.ts')).submitTask(base, id, answer, how)
      },
    },
    recompile: async (how) => {
      await setUp()
      const names = how.document === undefined ? undefined : [await nameOf(how.document)]
      return (await import('./operations/ingest/recompile.ts')).recompile(base, names, how)
    },
    edit: async (page, how) => {
      await setUp()
      return (await import('./operations/edit-page.ts')).editPage(base, page, how)
    },
    list: (at = {}) => read(async (reader) => (await import('./read/list.ts')).list(reader, at)),
    status: (at = {}) =>
      read(async (reader) => {
        const { statusSources } = await import('./operations/maintain/status-sources.ts')
        using sources = statusSources(base, reader, async () => (isHeadless(base) ? {} : (await hooks.status()).hooks))
        return await (await import('./read/status.ts')).status(reader, sources, at)
      }),
    resolve: (at = {}) => read(async (reader) => (await import('./read/base-reader.ts')).commitAt(reader, at)),
    moment: (at = {}) => read(async (reader) => (await import('./read/files.ts')).moment(reader, at)),
    file: (path, at = {}) => read(async (reader) => (await import('./read/files.ts')).file(reader, path, at)),
    paths: (folder, at = {}) => read(async (reader) => (await import('./read/files.ts')).paths(reader, folder, at)),
    changed: (from, at = {}) => read(async (reader) => (await import('./read/files.ts')).changed(reader, from, at)),
    show: (page, at = {}) => read(async (reader) => (await import('./read/show.ts')).show(reader, page, at)),
    showRaw: async (document, at = {}) => (await import('./operations/show-raw.ts')).showRawOf(base, document, at),
    search: async (words, { at, limit, kinds } = {}) => {
      const { Searcher } = await import('./operations/ask/search.ts')
      await using searcher = await Searcher.open(base, at)
      return await searcher.search(words, {
        limit,
        kinds,
      })
    },
    query: async (question, how = {}) => (await import('./operations/ask/query.ts')).queryBase(base, question, how),
    context: async (task, how = {}) => (await import('./operations/ask/context.ts')).contextOf(base, task, how),
    eval: (how = {}) =>
      read(async (reader) => (await import('./operations/eval/eval.ts')).evaluate(base, reader, { ...how, cwd })),
    skill: async (how) => (await import('./operations/skill/skill.ts')).skill(base.root, how),
    verify: (text, at = {}) => read(async (reader) => (await import('./read/verify.ts')).verify(reader, text, at)),
    running: async () => (await import('./io/sidecar/running-work.ts')).runningWork(base),
    log: (how = {}) => read(async (reader) => (await import('./read/log.ts')).log(reader, how)),
    blame: (page, at = {}) => read(async (reader) => (await import('./read/blame.ts')).blame(reader, page, at)),
    versions: (how) => read(async (reader) => (await import('./read/versions.ts')).versions(reader, how)),
    timeline: (how = {}) => read(async (reader) => (await import('./read/timeline.ts')).timeline(reader, how)),
    changes: (since, at = {}) =>
      read(async (reader) => {
        const now = (): Date => new Date(base.clock.now().seconds * 1000)
        return (await import('./read/changes.ts')).changes(reader, since, { ...at, now })
      }),
    compare: (page, how) => read(async (reader) => (await import('./read/compare.ts')).compare(reader, page, how)),
    export: async (kind, target, how = {}) => {
      const to = resolve(cwd, target)
      if (kind !== 'site')
        return read(async (reader) => (await import('./operations/export/export.ts')).exportBase(reader, kind, to, how))
      // Many pages are read: all from one history.
      await using held = await openBase(root, { ...options, held: true })
      return await (await import('./export-site.ts')).exportSite(held, to, how)
    },
    graph: (how = {}) => read(async (reader) => (await import('./read/graph.ts')).graph(reader, how)),
    lint: async (how = {}) => (await import('./operations/maintain/lint.ts')).lint(base, how),
    watch: async (how = {}) => {
      await setUp()
      return (await import('./operations/watch/watch.ts')).watch(base, { ...how, cwd, command: COMMAND })
    },
    recover: async (how = {}) => {
      if (how.hook !== true) await (await import('./operations/merge/set-up-clone.ts')).setUpClone(base, COMMAND)
      return (await import('./operations/maintain/recover.ts')).recoverBase(base, { ...how, command: COMMAND })
    },
    fsck: (how = {}) =>
      read(async (reader) => {
        using sources = (await import('./operations/maintain/status-sources.ts')).fsckSources(base)
        return await (await import('./read/fsck.ts')).fsck(reader, sources, how)
      }),
    gc: async (how = {}) => (await import('./operations/maintain/gc.ts')).gc(base, how),
    [Symbol.asyncDispose]: async () => {
      if (base.held !== undefined) await (await import('./io/open-history.ts')).closeHeld(base)
    },
  }
}

/** Creates a base; see `initKb`. */
export async function initBase(options: InitOptions): Promise<InitResult> {
  const { initBase: make } = await import('./operations/init.ts')
  const { model, language, hooks, adopt, bare, branch } = options
  return make({
    ...surroundings(options),
    dir: resolve(options.cwd ?? '.', options.dir ?? '.'),
    command: COMMAND,
    model,
    language,
    hooks,
    adopt,
    bare,
    branch,
  })
}

export async function mergeVersions(versions: MergeVersions): Promise<{ clean: boolean }> {
  return (await import('./operations/merge/driver.ts')).mergeFiles(versions)
}

function hooksOf(base: Base): Hooks {
  const io = () => import('./io/git/hooks.ts')
  const toResult = ({ notes, ...report }: HookReport): HooksResult => ({
    ...report,
    notes: notes.map(
      ({ hook, reason, line }) =>
        `${hook}: ${reason}${line === undefined ? '' : ` Add this line to it yourself: ${line}`}`,
    ),
  })
  const how = { command: COMMAND, base: base.root }
  if (isHeadless(base)) return headlessHooks(base)
  const writable = async (): Promise<void> => (await import('./io/sidecar/writable.ts')).ensureWritable(base)
  return {
    install: async () => {
      await writable()
      return toResult(await (await io()).installHooks(base.git, base.repository, how))
    },
    uninstall: async () => {
      await writable()
      return toResult(await (await io()).uninstallHooks(base.git, base.repository))
    },
    status: async () =>
      toResult(
        await (await io()).hooksStatus(base.driver === 'in-process' ? undefined : base.git, base.repository, how),
      ),
  }
}

/** git runs these hooks when a work tree changes. */
function headlessHooks({ repository }: Base): Hooks {
  const refuse = async (): Promise<never> => {
    throw new KbError('usage', 'A headless base has no work tree, and needs no hooks.', {
      hint: 'Clones get theirs by the first command that writes there.',
    })
  }
  const status = async () => ({ path: join(repository.gitDir, 'hooks'), hooks: {}, notes: [] })
  return { install: refuse, uninstall: refuse, status }
}

function lazyChat(base: Base): Kb['chat'] {
  const load = async (): Promise<Kb['chat']> => (await import('./operations/ask/chat.ts')).chatOf(base)
  return {
    list: async () => (await load()).list(),
    start: async () => (await load()).start(),
    resume: async (id) => (await load()).resume(id),
    delete: async (id) => (await load()).delete(id),
  }
}

function surroundings({ env, clock, logger }: Surroundings): {
  env: NodeJS.ProcessEnv
  clock: Clock
  logger?: NonNullable<Surroundings['logger']> | undefined
} {
  const system = systemClock(env)
  const fixed = env['SOURCE_DATE_EPOCH']
  const now =
    clock === undefined || (fixed !== undefined && fixed !== '')
      ? system.now
      : () => ({ seconds: Math.floor(clock().getTime() / 1000), zone: '+0000' })
  return { env, clock: { ...system, now }, logger }
}
