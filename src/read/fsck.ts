// `kbgit fsck`: every invariant of a base, at one commit. Reads, takes no lock, changes nothing.
import type { AtRevision } from '../core/options.ts'
import { readdir } from 'node:fs/promises'
import { KbError, messageOf, systemCode } from '../core/errors.ts'
import { DOCUMENTS, RAW } from '../core/layout.ts'
import { pathFault } from '../core/safe-path.ts'
import { pageKind } from '../core/page/page-kind.ts'
import type { FsckProblem, FsckResult } from '../core/results.ts'
import { collisionKey } from '../core/page/slug.ts'
import type { TreeEntry } from '../io/git/objects.ts'
import { commitAt, type BaseReader } from './base-reader.ts'
import { checkOriginals } from './fsck-originals.ts'
import type { KnownDigests } from './originals.ts'
import { PageCheck } from './fsck-pages.ts'
import type { FsckRun } from './fsck-run.ts'
import { sidecarPath } from '../io/sidecar/paths.ts'
import { StaleTextCheck } from './fsck-stale.ts'
import { checkTexts } from './fsck-texts.ts'
import { checkRegistry, type CheckedRegistry } from './fsck-registry.ts'

export type FsckOptions = AtRevision & {
  /**
   * Rehash every original, known to be sound or not, and let git check every object. Time grows with the bytes in the
   * base.
   */
  blobs?: boolean | undefined
  signal?: AbortSignal | undefined
}

/** State supplied by other parts. */
export type FsckSources = {
  /** Of the given pages and page texts, those that the sidecar has not indexed. */
  unindexed?: (files: { path: string; oid: string }[]) => Promise<{ path: string }[]>
  /** Whether another kbgit is writing right now: then its intent in the journal is not left over. */
  writing?: () => Promise<boolean>
  /** What is known from earlier checks. Without it, every original is read. */
  digests?: KnownDigests
}

/** Maximum number of problems in a result; the rest is counted. */
export const PROBLEMS_MAX = 1_000
/** Larger pages are not searched for links. */
const PAGE_BYTES_MAX = 16 * 1024 ** 2
const INDEX_BATCH = 500
const GIT_LINES_MAX = 20
const FETCH = 'Run "git fsck", and fetch what is missing from another clone.'

export async function fsck(base: BaseReader, sources: FsckSources, options: FsckOptions = {}): Promise<FsckResult> {
  const commit = await commitAt(base, options)
  const problems: FsckProblem[] = []
  const checked: Record<string, number> = {}
  const absent: NonNullable<FsckResult['absent']> = []
  let unlisted = 0
  const files = new Map<string, string>()
  const run: FsckRun = {
    base,
    commit,
    files,
    report: (problem) => void (problems.length < PROBLEMS_MAX ? problems.push(problem) : unlisted++),
    miss: (original) => {
      run.count('absent')
      if (absent.length < PROBLEMS_MAX) absent.push(original)
    },
    count: (what, by = 1) => (checked[what] = (checked[what] ?? 0) + by),
    goOn: () => {
      if (options.signal?.aborted === true)
        throw new KbError('interrupted', 'The check was stopped before it was complete.')
    },
  }
  await checkStore(run, options.blobs === true)
  try {
    await checkPaths(run, files)
    const registry = await checkRegistry(run)
    const known = options.blobs === true ? undefined : sources.digests
    await checkOriginals(run, registry.documents, { known, kept: sources.digests })
    await checkTexts(run, registry.documents)
    await checkPages(run, registry)
    if (sources.unindexed !== undefined) await checkIndexed(run, sources.unindexed)
  } catch (error) {
    if (!(error instanceof KbError) || error.code !== 'gitFailed') throw error
    run.report({ code: 'unreadable', path: '', message: messageOf(error), fix: FETCH })
  }
  await checkLeftovers(run, sources.writing)
  if (unlisted > 0) problems.push({ code: 'more', path: '', message: `${unlisted} more problems are not listed.` })
  return { ok: problems.length === 0, checked, problems, ...(absent.length === 0 ? {} : { absent }) }
}

/**
 * Whether git has every commit behind this one and every object of it; with `full`, whether every object of the
 * repository matches its id.
 */
async function checkStore({ base, commit, report, count }: FsckRun, full: boolean): Promise<void> {
  const cheap = [
    ['rev-list', '--quiet', commit],
    ['rev-list', '--objects', '--no-walk', '--quiet', commit],
  ]
  for (const args of full ? [['fsck', '--full', '--no-dangling', '--no-progress']] : cheap) {
    // git fsck's exit code is a bit set; 128 is a broken object that ended it.
    const { code, stdout, stderr } = await base.git.run(args, { ok: [...Array(64).keys(), 128] })
    count('store')
    if (code === 0) continue
    const lines = `${stdout.toString()}\n${stderr}`.split('\n').filter((line) => line.trim() !== '')
    for (const line of lines.slice(0, GIT_LINES_MAX)) {
      report({ code: 'gitObjects', path: '', message: `git reports: ${line.replace(/[.]?$/, '.')}`, fix: FETCH })
    }
  }
}

async function checkPaths({ base, commit, report, count, goOn }: FsckRun, files: Map<string, string>): Promise<void> {
  const keys = new Map<string, string>()
  for await (const entry of base.history.list(commit, [DOCUMENTS, RAW, 'wiki'])) {
    goOn()
    count('files')
    const wrong = wrongWith(entry)
    if (wrong !== undefined)
      report({
        code: 'illegalPath',
        path: entry.path,
        message: `${JSON.stringify(entry.path)} ${wrong}.`,
        fix: 'Remove or rename it with git.',
      })
    const key = collisionKey(entry.path)
    const other = keys.get(key)
    if (other !== undefined) {
      report({
        code: 'pathCollision',
        path: entry.path,
        message: `${entry.path} and ${other} are one file on a file system that ignores case or Unicode form.`,
        fix: 'Rename one of them with git.',
      })
    }
    keys.set(key, entry.path)
    files.set(entry.path, entry.oid)
  }
}

function wrongWith({ path, mode }: TreeEntry): string | undefined {
  if (mode === '120000') return 'is a symbolic link'
  if (mode === '160000') return 'is a submodule'
  if (path.includes('\uFFFD')) return 'is not UTF-8'
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f\\]/.test(path)) return 'has a control character or a backslash'
  return pathFault(path)
}

async function checkPages(run: FsckRun, registry: CheckedRegistry): Promise<void> {
  const check = new PageCheck(run, registry)
  const stale = await StaleTextCheck.of(run, registry.documents)
  const pages = [...run.files].filter(([path]) => path.startsWith('wiki/') && path.endsWith('.md'))
  for await (const {
    item: [path],
    body,
  } of run.base.history.contents(pages, ([, oid]) => oid, { bytesMax: PAGE_BYTES_MAX, skipLarger: true })) {
    run.goOn()
    run.count('pages')
    check.page(path, body.toString())
    if (/^(?:summary|concept|entity)$/.test(pageKind(path) ?? '')) stale.page(path, body.toString())
  }
  check.finish()
  await stale.finish()
}

async function checkIndexed(
  { files, report, count, goOn }: FsckRun,
  unindexed: NonNullable<FsckSources['unindexed']>,
): Promise<void> {
  const texts = [...files].filter(([path]) => pageKind(path) !== undefined)
  for (let index = 0; index < texts.length; index += INDEX_BATCH) {
    goOn()
    const batch = texts.slice(index, index + INDEX_BATCH).map(([path, oid]) => ({ path, oid }))
    count('indexed', batch.length)
    for (const { path } of await unindexed(batch)) {
      report({
        code: 'notIndexed',
        path,
        message: `${path} is not in the sidecar: search does not find it.`,
        fix: 'Run "kbgit recover".',
      })
    }
  }
}

async function checkLeftovers({ base, report, count }: FsckRun, writing: FsckSources['writing']): Promise<void> {
  const journal = (await namesIn(sidecarPath(base, 'journal'))).filter((name) => !name.endsWith('.tmp'))
  const active = journal.length > 0 && (await writing?.()) === true
  count('journal', journal.length)
  for (const name of active ? [] : journal) {
    report({
      code: 'journalLeft',
      path: sidecarPath(base, 'journal', name),
      message: `The transaction ${name} is unfinished.`,
      fix: 'Run "kbgit recover".',
    })
  }
  for (const name of await namesIn(sidecarPath(base, 'quarantine'))) {
    const path = sidecarPath(base, 'quarantine', name)
    report({
      code: 'quarantined',
      path,
      message: `The transaction ${name} could not be recovered and was set aside.`,
      fix: `Look at it, then delete ${path}.`,
    })
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort()
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw error
  }
}
