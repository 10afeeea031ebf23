// kbgit as a library: `import { openKb } from 'kbgit'`. Heavy modules are loaded on first use.
import type {
  InitOptions,
  Kb,
  McpOptions,
  MergeVersions,
  OpenOptions,
  RunningMcp,
  RunningViewer,
  Surroundings,
  ViewOptions,
  WorkerOptions,
} from './api.ts'
import type { InitResult, UseResult, WorkerResult } from './core/results.ts'

export type * from './api.ts'
export type * from './core/results.ts'
export type { Logger } from './core/logger.ts'
export type { ModelUsage } from './core/document/compiled.ts'
export type { DocumentWarning } from './core/document/prepared.ts'
export type { ErrorCode, Failure, FailureCode } from './core/errors.ts'
export { FAILURE_CODES, KbError } from './core/errors.ts'
export type { Sampler, SamplingAnswer, SamplingQuestion } from './core/sampling.ts'
export { SKILL_CLIENTS, type SkillClient } from './core/skill/text.ts'
export { PAGE_KINDS, type PageKind } from './core/page/page-kind.ts'

/** Opens the knowledge base that `options` select. Throws `KbError`: `noBase`, `gitMissing`, `config`, … */
export async function openKb(options: OpenOptions): Promise<Kb> {
  const [{ findBase }, { openBase }] = await Promise.all([import('./operations/base/find.ts'), import('./kb.ts')])
  return openBase(await findBase(options), options)
}

/** Creates a knowledge base, or adopts a folder of an existing repository; commits only its own files. Idempotent. */
export async function initKb(options: InitOptions): Promise<InitResult> {
  const { initBase } = await import('./kb.ts')
  return initBase(options)
}

/** Saves `dir` as the default base, for when no other is named. Throws `KbError` (`noBase`) if it is not a base. */
export async function useKb(dir: string, surroundings: Surroundings): Promise<UseResult> {
  const { rememberBase } = await import('./operations/base/find.ts')
  return rememberBase(dir, surroundings)
}

/**
 * Shows the base to browsers until it is closed. Throws `KbError`: `usage` if the port cannot be had, `notFound` for an
 * unknown revision. Open the base with `held`, so that pages are made from one history.
 */
export async function serveKb(kb: Kb, options: ViewOptions = {}): Promise<RunningViewer> {
  const { serveView } = await import('./view/server/serve.ts')
  return serveView(kb, options)
}

/**
 * Serves the base to agents over the Model Context Protocol until it is closed. Throws `KbError`: `usage` for unknown tools or
 * a port that cannot be had, `notFound` for a root that is not there. Open the base with `held`.
 */
export async function serveMcp(kb: Kb, options: McpOptions): Promise<RunningMcp> {
  const { startMcp } = await import('./mcp/serve.ts')
  return startMcp(kb, options)
}

/** git's merge driver for kbgit's files. `clean: false` means that conflict markers are left for a person. */
export async function mergeFiles(versions: MergeVersions): Promise<{ clean: boolean }> {
  const { mergeVersions } = await import('./kb.ts')
  return mergeVersions(versions)
}

/**
 * Prepares documents for writers elsewhere, which reach it by a queue on Redis, until `signal` aborts. Needs no base. Throws
 * `KbError`: `usage` without a queue, `config`, `queueUnavailable`.
 */
export async function runWorker(options: WorkerOptions): Promise<WorkerResult> {
  const { work } = await import('./operations/queue/work.ts')
  return work(options)
}
