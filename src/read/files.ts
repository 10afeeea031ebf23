// The commit that a revision names, and the files of the base in it.
import type { AtRevision } from '../core/options.ts'
import type { Moment } from '../core/results.ts'
import { commitAt, type BaseReader } from './base-reader.ts'

/** The revision's commit, and when it was written. */
export async function moment(base: BaseReader, options: AtRevision): Promise<Moment> {
  const at = await commitAt(base, options)
  for await (const { date } of base.history.commitsNamed([at])) return { commit: at, date }
  return { commit: at, date: '' }
}

/** Undefined if there is no such file; a path that leads out of the base never is one. */
export async function file(base: BaseReader, path: string, options: AtRevision): Promise<Buffer | undefined> {
  if (path.split('/').some((part) => part === '' || part === '.' || part === '..')) return undefined
  return base.history.page(await commitAt(base, options), path)
}

/** Sorted. */
export async function paths(base: BaseReader, folder: string, options: AtRevision): Promise<string[]> {
  return (await base.history.paths(await commitAt(base, options), folder)).sort()
}

/** Files of the base that differ between two commits, one of them perhaps without the file. Sorted. */
export async function changed(base: BaseReader, from: string, options: AtRevision): Promise<string[]> {
  const [before, after] = [await commitAt(base, { at: from }), await commitAt(base, options)]
  const paths: string[] = []
  for await (const { path } of base.history.diff(before, after)) paths.push(path)
  return paths.sort()
}
