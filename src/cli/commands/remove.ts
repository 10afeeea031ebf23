import type { RemoveOptions, RemoveResult } from '../../index.ts'
import { command } from '../command.ts'
import { named, shortCommit } from '../outcome.ts'
import { counted, inline } from '../text.ts'

export const remove = command({
  name: 'remove',
  usage: '<doc>',
  arity: [1, 1],
  details:
    'Removes a document, its sections on concept and entity pages, and pages that have no other source, in one git\n' +
    'commit. "git revert" of that commit restores everything. <doc> is a name as in "kbgit list", a file name, or a\n' +
    'unique part of either; with -y it must be the complete name. The document stays in the history.',
  options: {
    'dry-run': { type: 'flag', describe: 'Show what would be done without writing anything' },
    yes: { type: 'flag', alias: 'y', describe: 'Do not ask for confirmation' },
    'keep-raw': { type: 'flag', describe: 'Keep the original in raw/' },
    'keep-empty': { type: 'flag', describe: 'Keep concept and entity pages without a remaining source' },
  },
  examples: [
    ['kbgit remove attention-is-all-you-need', 'remove a document after asking'],
    ['kbgit remove report.pdf --dry-run', 'see what would be deleted'],
    ['kbgit remove report.pdf -y', 'remove without asking'],
  ],
  async run({ args, flags, kb, signal, confirm }) {
    const base = await kb()
    const options: RemoveOptions = { keepRaw: flags['keep-raw'], keepEmpty: flags['keep-empty'], signal }
    const asked = args[0] ?? ''
    if (flags['dry-run']) {
      const plan = await base.remove(asked, { ...options, dryRun: true })
      return { value: plan, text: sayRemove(plan) }
    }
    if (flags.yes) {
      const result = await base.remove(asked, { ...options, exact: true })
      return { value: result, message: sayRemove(result) }
    }
    const plan = await base.remove(asked, { ...options, dryRun: true })
    const effect = `It deletes ${counted(plan.deleted.length, 'file')} and changes ${counted(plan.changed.length, 'page')}.`
    await confirm(`Remove ${inline(plan.name)}? ${effect}`, 'Nothing was removed.')
    const result = await base.remove(plan.name, options)
    return { value: result, message: sayRemove(result) }
  },
})

function sayRemove({ name, commit, deleted, changed, dryRun }: RemoveResult): string {
  if (dryRun) return [...named('would delete', deleted), ...named('would change', changed)].join('\n')
  const at = commit === null ? '' : ` (commit ${shortCommit(commit)})`
  const files = `${counted(deleted.length, 'file')} deleted, ${counted(changed.length, 'page')} changed`
  return `Removed ${inline(name)}: ${files}${at}.\nIt is still in the history: "kbgit undo" restores it.`
}
