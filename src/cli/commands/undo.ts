import { EXIT_SOME_FAILED, KbError } from '../../core/errors.ts'
import type { UndoResult } from '../../index.ts'
import { command } from '../command.ts'
import { named, shortCommit } from '../outcome.ts'
import { counted, inline } from '../text.ts'

const RUNS_MAX = 1_000

export const undo = command({
  name: 'undo',
  usage: '[n]',
  arity: [0, 1],
  details:
    'Undoes the last run of kbgit, or the last <n>, in one new git commit: history keeps both. Changes that later commits\n' +
    'built on are kept and named. A second "kbgit undo" undoes the run before. To restore everything,\n' +
    'use "git revert" on the new commit.',
  options: { 'dry-run': { type: 'flag', describe: 'Show what would be done without writing anything' } },
  examples: [
    ['kbgit undo --dry-run', 'see what the last run did, and what would be undone'],
    ['kbgit undo', 'undo the last run'],
    ['kbgit undo 3', 'undo the last three runs'],
  ],
  async run({ args, flags, kb, signal }) {
    const runs = Number(args[0] ?? 1)
    if (!Number.isInteger(runs) || runs < 1 || runs > RUNS_MAX) {
      throw new KbError('usage', `"${args[0]}" is not a number of runs from 1 to ${RUNS_MAX}.`, {
        hint: 'For example: kbgit undo 2. See "kbgit help history" for undoing single commits.',
      })
    }
    const result = await (await kb()).undo({ runs, dryRun: flags['dry-run'], signal })
    const warnings = result.left.map(
      ({ operation, documents, reason }) =>
        `${operation} ${documents.map(inline).join(', ')} was kept: ${inline(reason)}.`,
    )
    const exitCode = result.left.length > 0 ? EXIT_SOME_FAILED : 0
    return flags['dry-run']
      ? { value: result, text: describe(result), warnings, exitCode }
      : { value: result, message: describe(result), warnings, exitCode }
  },
})

function describe({ runs, commit, deleted, changed, dryRun }: UndoResult): string {
  const commits = runs.flatMap((run) => run.commits)
  const would = dryRun ? 'would undo' : 'undone'
  const documents = commits.flatMap(({ operation, documents: names }) => names.map((name) => `${operation} ${name}`))
  const at = commit === null ? '' : ` (commit ${shortCommit(commit)})`
  const files = `${counted(deleted.length, 'file')} deleted, ${counted(changed.length, 'file')} changed`
  return [
    ...named(would, documents),
    `${dryRun ? 'Would undo' : 'Undid'} ${counted(commits.length, 'commit')}: ${files}${at}.`,
  ].join('\n')
}
