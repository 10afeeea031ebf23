import { KbError } from '../../core/errors.ts'
import type { AddResult, Kb, PruneResult, SkipReason } from '../../index.ts'
import { command, JOBS_OPTION, type Context, type Report } from '../command.ts'
import { exitCodeOf, lossesOf, modelLine, named, onlyHereLine, shortCommit, thousands, warningsOf } from '../outcome.ts'
import { counted, duration, inline } from '../text.ts'

export const add = command({
  name: 'add',
  usage: '<path|folder|url|->...',
  arity: [0, Infinity],
  details:
    'Each document becomes one git commit. Known documents are skipped; a file that has changed since it was\n' +
    'added is updated. Failed documents are reported and leave nothing behind; the rest are added (exit code 3).',
  options: {
    jobs: JOBS_OPTION,
    concurrency: {
      type: 'number',
      value: 'n',
      min: 1,
      max: 1000,
      describe: 'Model calls at once, over all documents (default: concurrency)',
    },
    queue: {
      type: 'text',
      value: 'url',
      describe: 'Have them prepared by workers at this Redis (default: KBGIT_QUEUE, else queue)',
    },
    'dry-run': { type: 'flag', describe: 'Show what would be done without writing anything' },
    limit: { type: 'number', value: 'n', min: 1, max: 1_000_000_000, describe: 'Add at most this many documents' },
    exclude: { type: 'list', value: 'glob', describe: 'Skip files that match; may be given several times' },
    encoding: {
      type: 'text',
      value: 'name',
      describe: 'Encoding of text files, e.g. windows-1252 (default: detected)',
    },
    prune: { type: 'flag', describe: 'Then remove documents whose source in a named folder is gone; asks first' },
    yes: { type: 'flag', alias: 'y', describe: 'With --prune: do not ask for confirmation' },
    'no-gitignore': { type: 'flag', describe: 'Also add files that git ignores' },
    name: { type: 'text', value: 'file', describe: 'With -: what to call the document, e.g. minutes.md' },
    type: {
      type: 'text',
      value: 'extension',
      describe: 'With -: its format, e.g. html (default: by name and content)',
    },
    'fail-fast': { type: 'flag', describe: 'Stop at the first document that fails' },
    'allow-private': { type: 'flag', describe: 'Fetch from private and local network addresses too' },
    push: { type: 'flag', describe: 'Then merge what others have pushed, and push; try again if somebody is faster' },
    review: { type: 'flag', describe: 'Commit onto a branch kbgit/review/<n>, to be accepted or rejected later' },
    'retry-failed': { type: 'flag', describe: 'Retry documents that failed in an earlier run' },
  },
  examples: [
    ['kbgit add paper.pdf notes/', 'add a file and a folder'],
    ['kbgit add https://example.org/article', 'add a web page'],
    ["kbgit add . --exclude 'drafts/**' -j 4", 'add this folder without drafts, four documents at a time'],
    ['kbgit add --dry-run papers/', 'see what would be done'],
    ['kbgit add --review papers/', 'let somebody look before they come in'],
    ['kbgit add --queue redis://host:6379 papers/', 'have them prepared by "kbgit worker" on other machines'],
    ['kbgit add --prune notes/', 'make the base follow a folder, deletions included'],
    ['curl … | kbgit add - --name minutes.md', 'add a document from standard input'],
    ['kbgit add -- -odd-name.md', 'add a file whose name begins with a dash'],
  ],
  async run({ args, flags, kb, host, signal, attended, confirm }) {
    if (args.length === 0 && !flags['retry-failed']) {
      throw new KbError('usage', 'kbgit add needs a file, a folder or a URL.', {
        hint: 'For example: kbgit add paper.pdf notes/',
      })
    }
    const empty = args.find((arg) => arg === '')
    if (empty !== undefined) throw new KbError('usage', 'An argument of kbgit add is empty: it does not name a file.')
    const fromStdin = args.includes('-')
    if (!fromStdin && (flags.name !== undefined || flags.type !== undefined)) {
      throw new KbError('usage', '--name and --type are for a document from standard input.', {
        hint: 'For example: kbgit add - --name minutes.md < text',
      })
    }
    const base = await kb()
    const result = await attended((onProgress) =>
      base.add(args, {
        signal,
        onProgress,
        jobs: flags.jobs,
        queue: flags.queue,
        concurrency: flags.concurrency,
        limit: flags.limit,
        encoding: flags.encoding,
        exclude: flags.exclude,
        dryRun: flags['dry-run'],
        noGitignore: flags['no-gitignore'],
        failFast: flags['fail-fast'],
        allowPrivate: flags['allow-private'],
        retryFailed: flags['retry-failed'],
        push: flags.push,
        ...(flags.review ? { review: true } : {}),
        ...(fromStdin ? { stdin: { bytes: host.stdin, name: flags.name, type: flags.type } } : {}),
      }),
    )
    const report = reportAdd(result)
    if (!flags.prune || result.stopped !== undefined) return report
    const folders = args.filter((arg) => arg !== '-' && !/^https?:/i.test(arg))
    try {
      const asked = flags.yes ? undefined : confirm
      const pruned = await prune(base, folders, { dryRun: flags['dry-run'], confirm: asked, signal })
      return {
        ...report,
        value: { ...result, removed: pruned.removed },
        message: [report.message, ...sayPruned(pruned)].join('\n'),
      }
    } catch (error) {
      if (!(error instanceof KbError)) throw error
      // What was added before is reported all the same.
      const { code, message, hint } = error
      return reportAdd({ ...result, stopped: { code, message, hint } })
    }
  },
})

type Pruning = { dryRun: boolean; confirm: Context['confirm'] | undefined; signal: AbortSignal }

/** What the documents came from may be gone by mistake: a person sees the names first. */
async function prune(base: Kb, folders: string[], { dryRun, confirm, signal }: Pruning): Promise<PruneResult> {
  const plan = await base.prune(folders, { dryRun: true, signal })
  if (dryRun || plan.removed.length === 0) return plan
  if (confirm !== undefined) {
    const names = plan.removed.slice(0, PRUNED_SHOWN_MAX).map(({ name }) => inline(name))
    const more = plan.removed.length - names.length
    await confirm(
      `Remove ${counted(plan.removed.length, 'document')} whose source is gone: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}?`,
      'Nothing was removed.',
    )
  }
  return base.prune(folders, { signal })
}

function sayPruned({ removed, dryRun }: PruneResult): string[] {
  return named(
    dryRun ? 'would be removed' : 'removed',
    removed.map(({ name }) => name),
  )
}

const PRUNED_SHOWN_MAX = 12

export function reportAdd(result: AddResult): Report {
  const would = result.dryRun === true ? 'would be ' : ''
  const { added, updated, skipped, edits } = result
  const lines = [
    ...named(
      `${would}added  `,
      added.map((document) => document.name),
    ),
    ...named(
      `${would}updated`,
      updated.map((document) => document.name),
    ),
    ...named(
      `${would}restored`,
      skipped.filter(({ restored }) => restored === true).map(({ name, path }) => `${name ?? path} (its original)`),
    ),
    ...named(
      'unsupported',
      skipped.filter(({ reason }) => reason === 'unsupported').map(({ path }) => path),
    ),
    ...(edits === undefined || edits.commits.length === 0
      ? []
      : [`Your own edits were committed first (${counted(edits.commits.length, 'commit')}).`]),
    ...(edits?.kept ?? []).map((path) => `Left unchanged: ${inline(path)}`),
    summary(result, would),
    ...(result.review === undefined
      ? []
      : [`They wait on ${result.review.branch}: see "kbgit review show ${result.review.number}".`]),
    ...(result.push === undefined
      ? []
      : [`Pushed to ${inline(result.push.remote)}/${inline(result.push.branch)} (${shortCommit(result.push.head)}).`]),
    ...onlyHereLine(result.large),
    ...modelLine(result.model),
    ...(result.estimatedTokens === undefined ? [] : [`model: about ${thousands(result.estimatedTokens)} tokens`]),
  ]
  return {
    value: result,
    message: lines.join('\n'),
    failures: result.failed,
    warnings: [...lossesOf([...added, ...updated]), ...warningsOf(result)],
    exitCode: exitCodeOf(result),
  }
}

/** Why files and folders were left out, as the summary counts them. */
const LEFT_OUT: readonly (readonly [string, string])[] = [
  ['gitignored', 'ignored by git'],
  ['excluded', 'excluded'],
  ['packages', 'folders of packages left out'],
  ['bundle', 'lists of a bundle left out'],
  ['base', 'left out as another knowledge base'],
  ['hidden', 'hidden'],
  ['special', 'links or special files'],
]

function summary(
  { added, updated, skipped, failed, leftOut = {}, elapsedMs, stopped }: AddResult,
  would: string,
): string {
  const restored = skipped.filter((source) => source.restored === true).length
  const reasons: SkipReason[] = ['duplicate', 'unchanged', 'unsupported']
  const why = reasons.map((reason) => [skipped.filter((source) => source.reason === reason).length, reason] as const)
  const parts = [
    ...(added.length > 0 ? [`${added.length} ${would}added`] : []),
    ...(updated.length > 0 ? [`${updated.length} ${would}updated`] : []),
    ...(restored > 0 ? [`${counted(restored, 'original')} ${would}restored`] : []),
    ...why.filter(([count]) => count > 0).map(([count, reason]) => `${count} skipped (${reason})`),
    ...(failed.length > 0 ? [`${failed.length} failed`] : []),
    ...LEFT_OUT.flatMap(([reason, words]) => (leftOut[reason] === undefined ? [] : [`${leftOut[reason]} ${words}`])),
  ]
  return `${parts.length === 0 ? (stopped === undefined ? 'Nothing to do' : 'Nothing was done') : parts.join(', ')}, in ${duration(elapsedMs)}.`
}
