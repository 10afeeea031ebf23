import { EXIT_SOME_FAILED } from '../../core/errors.ts'
import type { PurgeResult } from '../../index.ts'
import { command } from '../command.ts'
import { named, shortCommit } from '../outcome.ts'
import { counted, inline } from '../text.ts'

export const purge = command({
  name: 'purge',
  usage: '<doc>',
  arity: [1, 1],
  details:
    'Takes a document out of the present and the past: every commit of every branch and tag is written again without its\n' +
    'original, text, images, sections and quotes, and kept model answers, conversations, reflogs and unreachable objects go.\n' +
    'Commits get new ids; messages, authors, dates and order stay, signatures do not. Then every object that is left is\n' +
    'searched, and the result is shown. <doc> is the complete name, now or in the past. Only a backup can undo it.',
  options: {
    'dry-run': { type: 'flag', describe: 'Show what would be done without writing anything' },
    yes: { type: 'flag', alias: 'y', describe: 'Do not ask for confirmation' },
    digest: {
      type: 'text',
      value: 'sha256',
      describe: 'Of several documents that had the name: the one whose original has this digest, or all',
    },
    backup: { type: 'text', value: 'file', describe: 'First save the whole history to a git bundle' },
  },
  examples: [
    ['kbgit purge contract --dry-run', 'see which files and how many commits it changes'],
    ['kbgit purge contract', 'purge a document after asking'],
    ['kbgit purge contract --backup ../before.bundle', 'keep the old history in a file that git can clone'],
  ],
  async run({ args, flags, kb, signal, attended, confirm }) {
    const base = await kb()
    const name = args[0] ?? ''
    const run = async (dryRun: boolean): Promise<PurgeResult> =>
      attended((onProgress) =>
        base.purge(name, { dryRun, digest: flags.digest, backup: flags.backup, signal, onProgress }),
      )
    if (flags['dry-run']) {
      const plan = await run(true)
      return { value: plan, text: sayPlan(plan), warnings: sayKept(plan) }
    }
    if (!flags.yes) {
      const plan = await run(true)
      const { commits, deleted, changed } = plan
      const effect = `It rewrites ${commits.rewritten} of ${counted(commits.total, 'commit')}, deletes ${counted(deleted.length, 'file')} and changes ${counted(changed.length, 'other file')}.`
      const way =
        flags.backup === undefined
          ? ' There is no way back without a backup.'
          : isLarge(plan)
            ? ' A backup does not have large originals: copy them first.'
            : ''
      await confirm(`Purge ${inline(name)} from the whole history? ${effect}${way}`, 'Nothing was purged.')
    }
    const result = await run(false)
    const clean = result.proof?.found.length === 0
    return {
      value: result,
      message: sayDone(result),
      warnings: [...sayFound(result), ...sayKept(result)],
      exitCode: clean ? 0 : EXIT_SOME_FAILED,
    }
  },
})

function sayPlan({ deleted, changed, commits }: PurgeResult): string {
  return [
    ...named('would delete', deleted),
    ...named('would change', changed),
    `Would rewrite ${commits.rewritten} of ${counted(commits.total, 'commit')}.`,
  ].join('\n')
}

/** Whether git-lfs has an original of the document. */
function isLarge({ deleted }: PurgeResult): boolean {
  return deleted.some((path) => /(?:^|\/)raw\/large\//.test(path))
}

function sayDone(result: PurgeResult): string {
  const { name, commit, commits, proof, map } = result
  const found = proof?.found.length ?? 0
  const objects = (proof?.objects ?? 0).toLocaleString('en')
  return [
    `Purged ${inline(name)}: ${commits.rewritten} of ${counted(commits.total, 'commit')} rewritten (commit ${shortCommit(commit ?? '')}).`,
    `Proof: traces of it are in ${found} of the ${objects} objects that are left.`,
    `The new ids of the commits are in ${map ?? ''}.`,
    ...sayElsewhere(result),
  ].join('\n')
}

/** What remotes and clones must do. */
function sayElsewhere(result: PurgeResult): string[] {
  const { remotes } = result
  const clones = 'Every other clone and every backup still has it too. Clone again; do not pull or merge there.'
  if (remotes.length === 0) return ['Clones and backups made before still have it: delete them, and clone again.']
  return [
    `${remotes.map(inline).join(', ')} still ${remotes.length === 1 ? 'has' : 'have'} it. Replace the history there:`,
    ...remotes.map(
      (remote) => `  git push --force --all ${inline(remote)} && git push --force --tags ${inline(remote)}`,
    ),
    'Then ask the host to delete commits that no branch has (garbage collection, pull requests, caches).',
    ...(isLarge(result) ? ['Its large original is in the git-lfs store of the host, too, which no push clears.'] : []),
    clones,
  ]
}

function sayFound({ proof }: PurgeResult): string[] {
  return (proof?.found ?? []).map(
    ({ oid, path }) =>
      `Something of it is still in ${path === '' ? 'the object' : inline(path)} (${shortCommit(oid)}).`,
  )
}

/** What is the user's own stays. */
function sayKept({ name, copies, others, sources }: PurgeResult): string[] {
  return [
    ...others.map((other) => `${inline(other)}, another document that was once called ${inline(name)}, was kept.`),
    ...copies.map((path) => `${inline(path)} has the same content. It is not kbgit's, so it was kept.`),
    ...sources.map((path) => `The file that it came from is still on this disk: ${inline(path)}`),
  ]
}
