import { EXIT_ROLLED_BACK } from '../../core/errors.ts'
import type { Problem, Proposal, ProposeResult } from '../../index.ts'
import { command } from '../command.ts'
import { jsonInput } from '../json-input.ts'
import { shortCommit } from '../outcome.ts'
import { counted, inline } from '../text.ts'

export const propose = command({
  name: 'propose',
  usage: '<file.json|->',
  arity: [1, 1],
  details:
    'Commits page edits of an agent as one change, in its name, if all of it holds: links lead somewhere, quotes are in the\n' +
    'documents, front matter and text are what kbgit would write. Otherwise nothing is changed, and what does not hold is\n' +
    'named (exit code 14). The JSON: {"reason": "…", "agent": "…", "edits": [{"page": "wiki/concepts/tea.md",\n' +
    '"base": "<object id or commit that was read, null for a new page>", "text": "…", "section"?: "<heading>"}],\n' +
    '"sources"?: [{"document": "<name>", "quote": "…", "page"?: 3}]}',
  options: {
    'dry-run': { type: 'flag', describe: 'Check it and show the difference without writing anything' },
    review: { type: 'flag', describe: 'Commit onto a branch kbgit/review/<n>, to be accepted or rejected later' },
  },
  examples: [
    ['kbgit propose edits.json', 'check and commit'],
    ['kbgit propose - --dry-run < edits.json', 'see what would change, and what does not hold'],
    ['kbgit propose --review edits.json', 'let somebody look first'],
  ],
  async run({ args, flags, kb, host, signal }) {
    const proposal = (await jsonInput(host, args[0] ?? '-')) as Proposal
    const result = await (
      await kb()
    ).propose(proposal, {
      dryRun: flags['dry-run'],
      signal,
      ...(flags.review ? { review: true } : {}),
    })
    return {
      value: result,
      ...(result.dryRun ? { text: result.diff } : {}),
      message: say(result),
      warnings: sayProblems(result.problems),
      exitCode: result.problems.length > 0 ? EXIT_ROLLED_BACK : 0,
    }
  },
})

function say({ commit, review, changed, problems, dryRun }: ProposeResult): string {
  if (problems.length > 0) return `${counted(problems.length, 'thing')} did not hold. Nothing was changed.`
  const pages = counted(changed.length, 'page')
  if (dryRun || commit === null) return `It would change ${pages}.`
  const where = review === undefined ? '' : ` It waits on ${review.branch}: see "kbgit review show ${review.number}".`
  return `Changed ${pages} (commit ${shortCommit(commit)}).${where}`
}

/** One line each, with the hint. */
export function sayProblems(problems: readonly Problem[]): string[] {
  return problems.map(({ at, message, hint }) =>
    inline([at === '' ? '' : `${at}: `, message, hint === undefined ? '' : ` ${hint}`].join('')),
  )
}
