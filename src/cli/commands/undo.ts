import { EXIT_SOME_FAILED, KbError } from '../../core/errors.ts'
import type { UndoResult } from '../../index.ts'
import { command } from '../command.ts'
import { named, shortCommit } from '../outcome.ts'
import { counted, inline } from '../text.ts'

const RUNS_MAX = 1_000
/** Documents named for each run. */
const NAMES_SHOWN_MAX = 5

export const undo = command({
  name: 'undo',
  usage: '[n]',
  arity: [0, 1],
  details:
    'Undoes the last run of kbgit, or the last <n>, in one new git commit: history keeps both. Changes that later commits\n' +
    'built on are kept and named. A second "kbgit undo" undoes the run before. It asks before it undoes the run of somebody\n' +
    'else. To restore everything, use "git revert" on the new commit. A purge cannot be undone.',
  options: {
    yes: {
      type: 'flag',
      alias: 'y',
      describe: 'Do not ask before a run of somebody else, or one before a purge, is undone',
    },
    'dry-run': { type: 'flag', describe: 'Show what would be done without writing anything' },
  },
  examples: [
    ['kbgit undo --dry-run', 'see what the last run did, and what would be undone'],
    ['kbgit undo', 'undo the last run'],
    ['kbgit undo 3', 'undo the last three runs'],
  ],
  async run({ args, flags, kb, signal, confirm }) {
    const runs = Number(args[0] ?? 1)
    if (!Number.isInteger(runs) || runs < 1 || runs > RUNS_MAX) {
      throw new KbError('usage', `"${args[0]}" is not a number of runs from 1 to ${RUNS_MAX}.`, {
        hint: 'For example: kbgit undo 2. See "kbgit help history" for undoing single commits.',
      })
    }
    const base = await kb()
    const run = (dryRun: boolean): Promise<UndoResult> => base.undo({ runs, dryRun, anyway: true, signal })
    if (flags['dry-run']) {
      const plan = await run(true)
      return {
        value: plan,
        text: describe(plan),
        warnings: [...sayConcerns(plan), ...sayKept(plan)],
        exitCode: exitOf(plan),
      }
    }
    if (!flags.yes) {
      const plan = await run(true)
      const [concern] = sayConcerns(plan)
      if (concern !== undefined) {
        const what = plan.runs.map(runLine).join('; ')
        await confirm(`${concern} Undo ${what}?`, `${concern} Nothing was undone.`)
      }
    }
    const result = await run(false)
    return { value: result, message: describe(result), warnings: sayKept(result), exitCode: exitOf(result) }
  },
})

function describe({ runs, commit, deleted, changed, dryRun }: UndoResult): string {
  const at = commit === null ? '' : ` (commit ${shortCommit(commit)})`
  const files = `${counted(deleted.length, 'file')} ${dryRun ? 'would be deleted' : 'deleted'}, ${changed.length} changed`
  return [...named(dryRun ? 'would undo' : 'undone', runs.map(runLine)), `${files}${at}.`].join('\n')
}

/** `add of a, b and 4 more, 2026-01-02 10:20 by Ada`. */
function runLine({ date, author, commits }: UndoResult['runs'][number]): string {
  const operations = Map.groupBy(commits.toReversed(), ({ operation }) => operation)
  const what = [...operations].flatMap(([operation, ones]) => {
    const names = [...new Set(ones.flatMap(({ documents }) => documents))]
    if (operation === 'overview' && operations.size > 1) return []
    const more = names.length > NAMES_SHOWN_MAX ? ` and ${names.length - NAMES_SHOWN_MAX} more` : ''
    return `${operation}${names.length === 0 ? '' : ` of ${names.slice(0, NAMES_SHOWN_MAX).join(', ')}${more}`}`
  })
  return `${what.join(' and ')}, ${date.slice(0, 16).replace('T', ' ')} by ${author}`
}

function sayConcerns({ others, purged }: UndoResult): string[] {
  const [one] = others
  return [
    ...(purged.length > 0
      ? [`The purge of ${purged.map(inline).join(', ')} cannot be undone, only what was done before it.`]
      : []),
    ...(one === undefined ? [] : [`This is the work of ${others.map(inline).join(', ')}, not yours.`]),
  ]
}

function sayKept({ left }: UndoResult): string[] {
  return left.map(
    ({ operation, documents, reason }) =>
      `${operation} ${documents.map(inline).join(', ')} was kept: ${inline(reason)}.`,
  )
}

function exitOf({ left }: UndoResult): number {
  return left.length > 0 ? EXIT_SOME_FAILED : 0
}
