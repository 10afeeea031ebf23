import type { LintResult } from '../../index.ts'
import { command } from '../command.ts'
import { shortCommit } from '../outcome.ts'
import type { Style } from '../style.ts'
import { block, counted, inline } from '../text.ts'

export const lint = command({
  name: 'lint',
  details:
    'Finds broken links, orphans, missing and stale pages, invalid front matter, outdated contents pages and duplicate\n' +
    'concepts; with a model also contradictions and gaps, which agents look for as tasks ("model: agent").\n' +
    'The report is a page in wiki/reports/.',
  options: { fix: { type: 'flag', describe: 'Fix what can be fixed, in a commit' } },
  examples: [
    ['kbgit lint', 'check and write the report'],
    ['kbgit lint --fix', 'also fix what can be fixed'],
  ],
  async run({ flags, kb, signal, attended, style }) {
    const base = await kb()
    const result = await attended((onProgress) => base.lint({ fix: flags.fix, signal, onProgress }))
    return { value: result, text: sayLint(result, style) }
  },
})

export function sayLint({ problems, report, commit, waiting }: LintResult, style: Style): string {
  const lines = problems.map(({ code, path, message, fixed, fix }) => {
    const mark = fixed ? style('green', 'fixed') : style('yellow', 'found')
    const way = fixed || fix === undefined ? '' : `\n      ${block(fix)}`
    return `${mark} ${inline(path)}: ${block(message)} (${code})${way}`
  })
  const fixed = problems.filter((problem) => problem.fixed).length
  const counts = `${counted(problems.length, 'problem')}${fixed > 0 ? `, ${fixed} fixed` : ''}.`
  const written =
    report === null ? [] : [`Report: ${inline(report)}${commit === null ? '' : ` (commit ${shortCommit(commit)})`}`]
  const asked =
    waiting === undefined
      ? []
      : [`${counted(waiting, 'page')} to be checked for contradictions by an agent: kbgit compile next`]
  return [...lines, counts, ...written, ...asked].join('\n')
}
