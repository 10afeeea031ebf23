// kbgit as a library: `import { openKb } from 'kbgit'`. Everything heavy loads when it is first used.
import type { InitOptions, Kb, MergeVersions, OpenOptions, Surroundings } from './api.ts'
import type { InitResult } from './core/results.ts'

export type * from './api.ts'
export type * from './core/results.ts'
export type { Logger } from './core/logger.ts'
export type { ModelUsage } from './core/document/compiled.ts'
export type { DocumentWarning } from './core/document/prepared.ts'
export type { ErrorCode, Failure, FailureCode } from './core/errors.ts'
export { FAILURE_CODES, KbError } from './core/errors.ts'
export { PAGE_KINDS, type PageKind } from './core/page/page-kind.ts'

/** Opens the knowledge base that `options` leads to. Throws `KbError`: `noBase`, `gitMissing`, `config`, … */
export async function openKb(options: OpenOptions): Promise<Kb> {
  const [{ findBase }, { openBase }] = await Promise.all([import('./operations/base/find.ts'), import('./kb.ts')])
  return openBase(await findBase(options), options)
}

/** Makes a knowledge base, or adopts a folder of an existing repository; its own files alone are committed. Twice is harmless. */
export async function initKb(options: InitOptions): Promise<InitResult> {
  const { initBase } = await import('./kb.ts')
  return initBase(options)
}

/** Remembers `dir` as the base to use where nothing else names one. Throws `KbError` (`noBase`) where it is none. */
export async function useKb(dir: string, surroundings: Surroundings): Promise<{ dir: string }> {
  const { rememberBase } = await import('./operations/base/find.ts')
  return rememberBase(dir, surroundings)
}

/** git's merge driver for kbgit's files. `clean: false` leaves conflict marks for a person. */
export async function mergeFiles(versions: MergeVersions): Promise<{ clean: boolean }> {
  const { mergeVersions } = await import('./kb.ts')
  return mergeVersions(versions)
}
