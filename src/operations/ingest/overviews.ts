// Rewrites overviews of topic pages whose sources changed: once per batch, in a commit of their own.
import type { OpenWriter } from '../../commit/open-writer.ts'
import type { Session } from '../../commit/session.ts'
import type { WorkItem } from '../../commit/work.ts'
import { BUILTIN_COMPILER } from '../../compile/builtin/version.ts'
import { LLM_COMPILER } from '../../compile/llm/version.ts'
import { composeOverview, planOverviews, type ComposeOverview } from '../../wiki/overviews.ts'
import { emptyUsage, tokensTrailer, type ModelUsage } from '../../core/document/compiled.ts'
import { namesModel } from '../../core/config.ts'
import { KbError, messageOf } from '../../core/errors.ts'
import type { AddResult, Progress } from '../../core/results.ts'
import { timestamp, type Base } from '../../io/base.ts'
import type { OpenCompiler } from './compiler-types.ts'
import { fingerprint } from './from-base.ts'

/** Maximum number of pages per overview commit. */
const PAGES_MAX = 1_000

export type OverviewOptions = {
  base: Base
  signal: AbortSignal
  onProgress?: ((progress: Progress) => void) | undefined
}

export type OverviewWork = WorkItem & {
  /** Number of pages whose overview was written. */
  pages: () => number
}

type Composing = {
  paths: () => string[]
  compose?: ComposeOverview | undefined
  usage?: (() => Pick<ModelUsage, 'calls' | 'promptTokens' | 'completionTokens'>) | undefined
}

type Author = Pick<OpenCompiler, 'id' | 'model'>

function overviewWork(compiler: Author, base: Base, { paths, compose, usage }: Composing): OverviewWork {
  let pages = 0
  return {
    label: 'overviews',
    pages: () => pages,
    plan: async (snapshot) => {
      const due = paths()
      const planned = await planOverviews(due, snapshot, {
        date: timestamp(base.clock),
        compose,
      })
      const { edits } = planned
      pages = planned.pages
      if (edits.length === 0) return undefined
      const model: [string, string][] = compiler.model === undefined ? [] : [['Kbgit-Model', compiler.model]]
      return {
        label: 'overviews',
        subject: `overview: ${pages} ${pages === 1 ? 'page' : 'pages'}`,
        trailers: [['Kbgit-Compiler', compiler.id], ...model, ...tokensTrailer(usage?.() ?? emptyUsage())],
        changes: edits.map(({ path, content }) => ({ path, content: content === null ? null : { bytes: content } })),
      }
    },
  }
}

/**
 * The overviews that are due after the given works, for the last group of a run, so that they need no transaction of
 * their own. Undefined if a model writes them: other commands must not wait for a model while the lock is held.
 */
export function lastOverviews(
  tools: OpenWriter,
  compiler: OpenCompiler,
  options: OverviewOptions,
): OverviewWork | undefined {
  if (compiler.composeOverviews !== undefined) return undefined
  return overviewWork(compiler, options.base, {
    paths: () => duePaths(tools, options),
    compose: options.base.config.model === 'agent' ? unlessAgents(tools) : undefined,
  })
}

/** Overviews of pages on which an agent's words are: an agent writes these, too. Until then they are due. */
function unlessAgents({ catalog }: OpenWriter): ComposeOverview {
  return async (page) => {
    const sources = Array.isArray(page.front['sources']) ? page.front['sources'].map(String) : []
    const byAgents = sources.some((name) => catalog.documentByName(name)?.model !== undefined)
    return byAgents ? undefined : composeOverview(page)
  }
}

/** Overviews that are written already; a page that changed since stays due. Without any: what follows from all documents. */
export function writtenOverviews(
  base: Base,
  { paths, written, model }: { paths: string[]; written: ReadonlyMap<string, WrittenOverview>; model: string },
): OverviewWork {
  return overviewWork({ id: LLM_COMPILER, model }, base, {
    paths: () => paths,
    compose: async (page, path) => {
      const overview = written.get(path)
      return overview?.sections === fingerprint(page) ? overview.text : undefined
    },
  })
}

/**
 * What follows from documents that were picked from another branch: front page, themes and overviews, in a commit of their own; overviews
 * that a model or an agent writes stay due. Returns the number of pages. Call it with the lock held and the catalog at HEAD. Throws
 * `KbError`.
 */
export async function followDocuments(base: Base, tools: OpenWriter, session: Session): Promise<number> {
  const paths = namesModel(base.config) ? [] : tools.catalog.overviewsDue(PAGES_MAX).map(({ path }) => path)
  const work = overviewWork({ id: BUILTIN_COMPILER, model: undefined }, base, {
    paths: () => paths,
    compose: base.config.model === 'agent' ? unlessAgents(tools) : undefined,
  })
  const { outcomes, unfinished } = await session.commit([work])
  if (unfinished !== undefined) throw unfinished
  return outcomes[0]?.kind === 'committed' ? work.pages() : 0
}

/** `sections`: the fingerprint of what it was written from. */
export type WrittenOverview = { sections: string; text: string }

function duePaths({ catalog }: OpenWriter, { onProgress }: OverviewOptions): string[] {
  const paths = catalog.overviewsDue(PAGES_MAX).map(({ path }) => path)
  if (paths.length > 0) onProgress?.({ kind: 'overview', pages: paths.length })
  return paths
}

/**
 * Writes the overviews that are due. On failure the documents stay committed and the pages stay due for the next run.
 * Throws `KbError` if nothing more can be committed.
 */
export async function commitOverviews(
  tools: OpenWriter,
  compiler: OpenCompiler,
  options: OverviewOptions,
): Promise<AddResult['overview']> {
  const done: AddResult['overview'] = { pages: 0 }
  try {
    while (!options.signal.aborted) {
      const paths = duePaths(tools, options)
      const before = compiler.usage?.() ?? emptyUsage()
      const composed = await compiler.composeOverviews?.(paths, tools, options.signal)
      const work = overviewWork(compiler, options.base, {
        paths: () => paths,
        usage: () => between(before, compiler.usage?.() ?? emptyUsage()),
        compose: composed?.compose ?? (options.base.config.model === 'agent' ? unlessAgents(tools) : undefined),
      })
      const { outcomes, unfinished } = await tools.writer.locked((session) => session.commit([work]))
      if (unfinished !== undefined) throw unfinished
      const outcome = outcomes[0]
      if (outcome?.kind === 'failed') return { ...done, error: outcome.failure }
      if (outcome?.kind === 'committed') {
        done.pages += work.pages()
        done.commit = outcome.commit
      }
      if (composed?.failure !== undefined) return { ...done, error: composed.failure }
      if (outcome?.kind !== 'committed') return done
    }
  } catch (error) {
    // A model failure affects only the overviews; a failure of the disk or git would affect whatever comes next.
    if (error instanceof KbError && !error.code.startsWith('model')) throw error
    return {
      ...done,
      error: {
        code: 'internal',
        message: `Overviews were not written: ${messageOf(error)}`,
        hint: 'They remain due; the next run writes them.',
      },
    }
  }
  return done
}

/** Model usage between the two counts. */
function between(
  before: ModelUsage,
  after: ModelUsage,
): Pick<ModelUsage, 'calls' | 'promptTokens' | 'completionTokens'> {
  return {
    calls: after.calls - before.calls,
    promptTokens: after.promptTokens - before.promptTokens,
    completionTokens: after.completionTokens - before.completionTokens,
  }
}
