import type { StatusResult } from '../../index.ts'
import { command } from '../command.ts'
import { named, onlyHereLine, shortCommit } from '../outcome.ts'
import type { Style } from '../style.ts'
import { columns, counted, inline, size } from '../text.ts'
import { AT, atOf } from './list.ts'

export const status = command({
  name: 'status',
  options: { at: AT },
  examples: [
    ['kbgit status', 'counts, pending work and health'],
    ['kbgit status --json', 'the same for a script'],
  ],
  async run({ flags, kb, style }) {
    const result = await (await kb()).status(atOf(flags))
    return { value: result, text: sayStatus(result, style) }
  },
})

export function sayStatus(result: StatusResult, style: Style): string {
  const { root, head, branch, documents, concepts, entities, sidecar, hooks, pending, failed, overviewDue } = result
  const bad = (text: string) => style('yellow', text)
  const missing = Object.entries(hooks).filter(([, state]) => state !== 'installed')
  const rows = [
    ['base', `${inline(root)}${result.headless === true ? ', headless' : ''}`],
    ['branch', `${branch === null ? bad('detached') : inline(branch)} at ${shortCommit(head)}`],
    ['documents', String(documents)],
    ['concepts', String(concepts)],
    ['entities', String(entities)],
    [
      'sidecar',
      `${sidecar.ok ? 'ok' : bad('out of date: "kbgit recover" fixes it')}, ${counted(sidecar.documents, 'text')}, ${size(sidecar.bytes)}`,
    ],
    ...(result.vectors === undefined
      ? []
      : [
          [
            'vectors',
            `${result.vectors.passages} of ${counted(result.vectors.of, 'passage')}, by ${inline(result.vectors.model)}`,
          ],
        ]),
    ...(result.headless === true
      ? []
      : [
          [
            'hooks',
            missing.length === 0 ? 'installed' : bad(missing.map(([name, state]) => `${name} ${state}`).join(', ')),
          ],
        ]),
    ...(result.mergeDriver ? [] : [['merge driver', bad('absent: the next command that writes sets it up')]]),
    ...(result.inProgress === undefined ? [] : [['git', bad(`${result.inProgress} is in progress`)]]),
    ...(result.journal > 0
      ? [['journal', bad(`${counted(result.journal, 'unfinished transaction')}: "kbgit recover" finishes or undoes`)]]
      : []),
    ...(result.quarantined > 0
      ? [['quarantine', bad(`${result.quarantined} set aside: see "kbgit help recovery"`)]]
      : []),
    ...(result.displaced.length > 0
      ? [
          [
            'merged',
            bad(`${result.displaced.map(({ name }) => name).join(', ')} still to come in: "kbgit recover" does it`),
          ],
        ]
      : []),
    ...(result.staging > 0 ? [['staging', counted(result.staging, 'folder')]] : []),
    ...(result.waiting === undefined
      ? overviewDue.length > 0
        ? [['overviews', `${overviewDue.length} due: the next "kbgit add" writes them`]]
        : []
      : [['agents', waitingLine(result.waiting)]]),
  ]
  const lines = [columns(rows)]
  if (pending.length > 0)
    lines.push(
      '',
      ...named(
        'pending',
        pending.map(({ path }) => path),
      ),
    )
  if (failed.length > 0) {
    lines.push(
      '',
      ...named(
        'failed',
        failed.map(({ path, error }) => (error.message.includes(path) ? error.message : `${path}: ${error.message}`)),
      ),
    )
    lines.push('"kbgit add --retry-failed" retries them.')
  }
  const { worktree, sources, originals, next } = result
  const differing: [string, string[]][] = [
    ['deleted on disk', worktree?.deleted ?? []],
    ['edited', worktree?.edited ?? []],
    ['altered', worktree?.altered ?? []],
    ['original altered', (originals?.altered ?? []).map(({ name, path }) => `${name} (${path})`)],
    ['original missing', (originals?.missing ?? []).map(({ name, path }) => `${name} (${path})`)],
    ['source gone', (sources?.gone ?? []).map(({ name, path }) => `${name} (${path})`)],
    ['source moved', (sources?.moved ?? []).map(({ name, from, path }) => `${name} (${from} to ${path})`)],
    ['source changed', (sources?.changed ?? []).map(({ name, path }) => `${name} (${path})`)],
  ]
  for (const [what, paths] of differing) if (paths.length > 0) lines.push('', ...named(bad(what), paths))
  lines.push(...watchLines(result.watch, bad))
  const large = onlyHereLine(originals?.large)
  if (large.length > 0) lines.push('', ...large.map(bad))
  if (originals !== undefined && originals.absent > 0)
    lines.push('', `${counted(originals.absent, 'large original')} not in this clone: see "kbgit fsck"`)
  if (next !== undefined)
    lines.push('', `Next: ${[next.command, ...next.args].map(inline).join(' ')} (${inline(next.reason)})`)
  return lines.join('\n')
}

/** Sources by when they are due, and those in trouble with the reason. */
function watchLines(watch: StatusResult['watch'], bad: (text: string) => string): string[] {
  if (watch === undefined) return []
  const { running, sources, problem } = watch
  const isRunning = running.map(({ pid, host, since }) => `process ${pid} on ${inline(host)}, since ${since}`)
  const rows = sources.map(({ kind, url, name, lastVisit, nextVisit, failures, error, gone, pending }) => [
    `  ${kind}`,
    inline(name === undefined ? url : `${name} (${url})`),
    [
      lastVisit === undefined ? 'not visited yet' : `visited ${lastVisit}, next ${nextVisit ?? 'now'}`,
      ...(pending > 0 ? [`${counted(pending, 'entry', 'entries')} still to be added`] : []),
      ...(failures > 0
        ? [bad(`${gone ? 'gone' : 'failed'} (${counted(failures, 'visit')}): ${inline(error?.message ?? '')}`)]
        : []),
    ].join('; '),
  ])
  return [
    '',
    `watch: ${isRunning.length === 0 ? 'not running' : isRunning.join('; ')}`,
    ...(problem === undefined ? [] : [bad(inline(problem))]),
    ...(rows.length === 0 ? [] : [columns(rows)]),
  ]
}

function waitingLine({ documents, overviews, checks }: NonNullable<StatusResult['waiting']>): string {
  const parts = [
    ...(documents > 0 ? [counted(documents, 'document')] : []),
    ...(overviews > 0 ? [counted(overviews, 'overview')] : []),
    ...(checks > 0 ? [`${counted(checks, 'page')} to check`] : []),
  ]
  return parts.length === 0 ? 'nothing waits for them' : `${parts.join(', ')} waiting: "kbgit compile next"`
}
