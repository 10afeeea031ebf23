// `kbgit status`: counts at a commit, and pending work in the sidecar.
import type { AtRevision } from '../core/options.ts'
import { readdir } from 'node:fs/promises'
import { entryAt } from '../core/document/base-entry.ts'
import { systemCode } from '../core/errors.ts'
import { CONCEPTS, DOCUMENTS, ENTITIES } from '../core/layout.ts'
import type { StatusResult } from '../core/results.ts'
import { commitAt, type BaseReader } from './base-reader.ts'
import { sidecarPath } from '../io/sidecar/paths.ts'
import { nextStep } from './next-step.ts'

/** State supplied by other parts. */
export type StatusSources = {
  sidecar: (commit: string) => Promise<StatusResult['sidecar']>
  /** Undefined for a base without `embeddings`. */
  vectors: (commit: string) => Promise<StatusResult['vectors']>
  hooks: () => Promise<StatusResult['hooks']>
  unfinished: () => Promise<Pick<StatusResult, 'pending' | 'failed'>>
  overviewDue: (commit: string) => Promise<string[]>
  /** Undefined if agents do not compile this base. */
  waiting: (commit: string) => Promise<StatusResult['waiting']>
  displaced: (commit: string) => Promise<StatusResult['displaced']>
  git: () => Pick<StatusResult, 'mergeDriver' | 'inProgress' | 'headless'>
  /** What differs on disk, if git can be asked. */
  disk: () => Promise<Pick<StatusResult, 'worktree' | 'sources'>>
  watch: () => Promise<StatusResult['watch']>
  originals: (commit: string) => Promise<StatusResult['originals']>
  /** Undefined if the sidecar's data for this commit is incomplete; then the documents and topics are counted. */
  counts: (commit: string) => Counts | undefined
}

type Counts = Pick<StatusResult, 'documents' | 'concepts' | 'entities'>

/** `head` is the requested commit; the sidecar's contents are reported as they are now. */
export async function status(
  base: BaseReader,
  sources: StatusSources,
  options: AtRevision = {},
): Promise<StatusResult> {
  // git looks for hooks while the commit is looked up.
  const hooks = sources.hooks()
  hooks.catch(() => {})
  const commit = await commitAt(base, options)
  const [
    head,
    counts,
    journal,
    quarantined,
    staging,
    sidecar,
    vectors,
    hookStates,
    unfinished,
    overviewDue,
    waiting,
    disk,
    originals,
    displaced,
    watch,
  ] = await Promise.all([
    base.history.head(),
    sources.counts(commit) ?? countEntries(base, commit),
    countFiles(sidecarPath(base, 'journal')),
    countFiles(sidecarPath(base, 'quarantine')),
    countFiles(sidecarPath(base, 'staging')),
    sources.sidecar(commit),
    sources.vectors(commit),
    hooks,
    sources.unfinished(),
    sources.overviewDue(commit),
    sources.waiting(commit),
    options.at === undefined ? sources.disk() : {},
    sources.originals(commit),
    sources.displaced(commit),
    options.at === undefined ? sources.watch() : undefined,
  ])
  const result: Omit<StatusResult, 'next'> = {
    root: base.root,
    head: commit,
    branch: head.branch,
    ...counts,
    journal,
    quarantined,
    staging,
    sidecar,
    ...(vectors === undefined ? {} : { vectors }),
    hooks: hookStates,
    ...sources.git(),
    ...unfinished,
    overviewDue,
    ...(waiting === undefined ? {} : { waiting }),
    displaced,
    ...disk,
    ...(originals === undefined ? {} : { originals }),
    ...(watch === undefined ? {} : { watch }),
  }
  return { ...result, next: nextStep(result) }
}

async function countEntries({ history }: BaseReader, commit: string): Promise<Counts> {
  const counts = { documents: 0, concepts: 0, entities: 0 }
  for await (const { path } of history.list(commit, [DOCUMENTS, CONCEPTS, ENTITIES])) {
    const entry = entryAt(path)
    if (entry?.kind === 'document') counts.documents++
    else if (entry?.kind === 'topic' && entry.part === 1) counts[entry.topic === 'concept' ? 'concepts' : 'entities']++
  }
  return counts
}

/** Complete entries of a folder of the sidecar: a file that is still being written ends in `.tmp`. */
async function countFiles(folder: string): Promise<number> {
  try {
    return (await readdir(folder)).filter((name) => !name.endsWith('.tmp')).length
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return 0
    throw error
  }
}
