// The health of a base: what `status` and `fsck` say, each with the command that mends it.
import type { FsckResult, StatusResult } from '../../core/results.ts'
import type { ViewSource } from '../source.ts'

/** One thing that is not in order. `command` mends it. */
export type Ailment = { what: string; details: string[]; command?: string | undefined }

export type HealthData = {
  status: StatusResult
  ailments: Ailment[]
  /** If it was asked for: it reads everything. */
  fsck?: FsckResult | undefined
  /** The newest report of `kbgit lint`. */
  lint?: { name: string } | undefined
}

export async function loadHealth(
  source: ViewSource,
  commit: string,
  { fsck = false, at }: { fsck?: boolean; at?: string | undefined },
): Promise<HealthData> {
  const [status, checked, { pages }] = await Promise.all([
    source.kb.status({ at }),
    fsck ? source.kb.fsck({ at }) : undefined,
    source.contents(commit),
  ])
  const report = pages.findLast((path) => path.startsWith('wiki/reports/'))
  return {
    status,
    ailments: ailmentsOf(status),
    fsck: checked,
    lint: report === undefined ? undefined : { name: report.slice('wiki/reports/'.length, -'.md'.length) },
  }
}

/** The most urgent first, as `status` has it. */
export function ailmentsOf(status: StatusResult): Ailment[] {
  const { worktree, sources, originals } = status
  const found: (Ailment | false)[] = [
    status.inProgress !== undefined && {
      what: `git: ${status.inProgress} is in progress`,
      details: [],
      command: 'git status',
    },
    status.quarantined > 0 && {
      what: `${status.quarantined} set aside for a person`,
      details: [],
      command: 'kbgit help recovery',
    },
    status.journal > 0 && {
      what: `${status.journal} unfinished ${status.journal === 1 ? 'transaction' : 'transactions'}`,
      details: [],
      command: 'kbgit recover',
    },
    listed(
      ['file of the base is missing on disk', 'files of the base are missing on disk'],
      worktree?.deleted,
      'git restore --',
      true,
    ),
    listed(
      ["kbgit's own file was changed on disk", "kbgit's own files were changed on disk"],
      worktree?.altered,
      'git diff --stat',
    ),
    listed(
      ['original was altered', 'originals were altered'],
      originals?.altered.map(({ path }) => path),
      'kbgit fsck',
    ),
    listed(
      ['document of an earlier run is pending', 'documents of an earlier run are pending'],
      status.pending.map(({ path }) => path),
      'kbgit add',
      true,
    ),
    listed(
      ['document failed', 'documents failed'],
      status.failed.map(({ path, error }) => `${path}: ${error.message}`),
      'kbgit add --retry-failed',
    ),
    listed(
      ['source has changed', 'sources have changed'],
      sources?.changed.map(({ path }) => path),
      'kbgit add',
      true,
    ),
    listed(
      ['source is gone', 'sources are gone'],
      sources?.gone.map(({ path }) => path),
      undefined,
    ),
    status.waiting === undefined
      ? listed(['overview is due', 'overviews are due'], status.overviewDue, 'kbgit recover')
      : waitingFor(status.waiting),
    !status.mergeDriver && { what: 'this clone is not set up yet', details: [], command: 'kbgit recover' },
    !status.sidecar.ok && { what: 'the search store is out of date', details: [], command: 'kbgit recover' },
  ]
  return found.filter((each) => each !== false)
}

const NAMED_MAX = 10

function listed(
  [one, many]: [string, string],
  paths: string[] | undefined,
  command: string | undefined,
  withPaths = false,
): Ailment | false {
  if (paths === undefined || paths.length === 0) return false
  const more = paths.length > NAMED_MAX ? [`and ${paths.length - NAMED_MAX} more`] : []
  const named = withPaths && command !== undefined ? `${command} ${paths.slice(0, 3).map(quoted).join(' ')}` : command
  return {
    what: `${paths.length} ${paths.length === 1 ? one : many}`,
    details: [...paths.slice(0, NAMED_MAX), ...more],
    command: named,
  }
}

/** As a shell reads it. */
function quoted(path: string): string {
  return /^[\w./@:+-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`
}

/** One line for the first page. */
export function healthSentence(ailments: readonly Ailment[]): string {
  const [first] = ailments
  if (first === undefined) return 'Everything is in order.'
  return ailments.length === 1
    ? `${capitalised(first.what)}.`
    : `${capitalised(first.what)}, and ${ailments.length - 1} more.`
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

/** For agents that compile. */
function waitingFor({ documents, overviews, checks }: NonNullable<StatusResult['waiting']>): Ailment | false {
  if (documents + overviews + checks === 0) return false
  const counts = { documents, overviews, 'pages to be checked for contradictions': checks }
  const details = Object.entries(counts).flatMap(([what, count]) => (count === 0 ? [] : [`${count} ${what}`]))
  return { what: 'Work waits for an agent', details, command: 'kbgit compile next --json' }
}
