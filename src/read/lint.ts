// `kbgit lint` looks at a commit with uncommitted changes on top, so that the effect of fixes is known before they are
// written.
import { KbError } from '../core/errors.ts'
import { DOCUMENTS, RAW } from '../core/layout.ts'
import type { FsckProblem } from '../core/results.ts'
import type { BaseReader } from './base-reader.ts'
import { PageCheck } from './fsck-pages.ts'
import { checkRegistry } from './fsck-registry.ts'
import type { KnownDocument } from './fsck-run.ts'
import { LintCheck, type TopicPages } from './lint-pages.ts'

/** Larger pages are skipped. */
const PAGE_BYTES_MAX = 16 * 1024 ** 2
/** Placeholder object id for a text that git does not have yet. */
const PLANNED = 'planned:'

export type WikiState = {
  problems: FsckProblem[]
  files: ReadonlyMap<string, string>
  documents: KnownDocument[]
  /** Summaries of documents with unusable records. */
  broken: ReadonlySet<string>
  /** First pages of topics, by kind and key. */
  topics: ReadonlyMap<string, TopicPages[]>
  /** The listing pages that have an entry, by its link target. */
  entries: ReadonlyMap<string, string[]>
}

export type LookOptions = {
  /** Texts by path that differ from the commit; null if they are to be deleted. */
  planned?: ReadonlyMap<string, string | null>
  signal?: AbortSignal | undefined
  onPage?: (pages: number, bytes: number) => void
}

/** Everything that is wrong with the wiki and its registry. Throws `KbError` (`interrupted`). */
export async function lookAtWiki(base: BaseReader, commit: string, options: LookOptions = {}): Promise<WikiState> {
  const { planned = new Map(), signal, onPage } = options
  const files = new Map<string, string>()
  for await (const { path, oid } of base.history.list(commit, [DOCUMENTS, RAW, 'wiki'])) files.set(path, oid)
  for (const [path, text] of planned) {
    if (text === null) files.delete(path)
    else files.set(path, `${PLANNED}${path}`)
  }
  const contents: BaseReader['history']['contents'] = async function* (items, oidOf, how) {
    const committed = []
    for await (const item of items) {
      const oid = oidOf(item)
      if (oid.startsWith(PLANNED)) yield { item, body: Buffer.from(planned.get(oid.slice(PLANNED.length)) ?? '') }
      else committed.push(item)
    }
    yield* base.history.contents(committed, oidOf, how)
  }
  const problems: FsckProblem[] = []
  const run = {
    base: { history: { contents } },
    files,
    report: (problem: FsckProblem) => void problems.push(problem),
    count: () => {},
    goOn: () => {
      if (signal?.aborted === true)
        throw new KbError('interrupted', 'Lint was stopped before it was complete. Nothing was changed.')
    },
  }
  const registry = await checkRegistry(run)
  const checks = [new PageCheck(run, registry), new LintCheck(run, registry)] as const
  const pages = [...files].filter(([path]) => path.startsWith('wiki/') && path.endsWith('.md'))
  let read = 0
  let bytes = 0
  for await (const {
    item: [path],
    body,
  } of contents(pages, ([, oid]) => oid, { bytesMax: PAGE_BYTES_MAX, skipLarger: true })) {
    run.goOn()
    onPage?.(++read, (bytes += body.length))
    for (const check of checks) check.page(path, body.toString())
  }
  for (const check of checks) check.finish()
  const [, { topics, entries }] = checks
  return { problems, files, ...registry, topics, entries }
}
