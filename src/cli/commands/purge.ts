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
      const { commits, deleted, changed } = await run(true)
      const effect = `It rewrites ${commits.rewritten} of ${counted(commits.total, 'commit')}, deletes ${counted(deleted.length, 'file')} and changes ${counted(changed.length, 'other file')}.`
      const way = flags.backup === undefined ? ' There is no way back without a backup.' : ''
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

function sayDone({ name, commit, commits, proof, remotes, map }: PurgeResult): string {
  const lines = [
    `Purged ${inline(name)}: ${commits.rewritten} of ${counted(commits.total, 'commit')} rewritten (commit ${shortCommit(commit ?? '')}).`,
    `Something of it is in ${proof?.found.length ?? 0} of ${(proof?.objects ?? 0).toLocaleString('en')} objects.`,
    `Old and new commit ids: ${map ?? ''}`,
  ]
  if (remotes.length > 0)
    lines.push(
      `Remotes still have it (${remotes.join(', ')}). Replace their history: git push --force --all, git push --force --tags;`,
      'ask the host to collect garbage. Every other clone has to be made again: a pull there would bring the old history back.',
    )
  return lines.join('\n')
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
    ...others.map(
      (other) => `${inline(other)} was called ${inline(name)} in another clone, and is another document: it stays.`,
    ),
    ...copies.map((path) => `${inline(path)} has the same content and was not committed by kbgit: it stays.`),
    ...sources.map((path) => `${inline(path)}, where it came from, stays on this disk.`),
  ]
}
