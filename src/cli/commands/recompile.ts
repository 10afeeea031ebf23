import { KbError } from '../../core/errors.ts'
import type { RecompileOptions, RecompileResult } from '../../index.ts'
import { command, type Report } from '../command.ts'
import { exitCodeOf, modelLine, named, thousands, warningsOf } from '../outcome.ts'
import { counted, duration } from '../text.ts'

export const recompile = command({
  name: 'recompile',
  usage: '[doc]',
  arity: [0, 1],
  details:
    'Rewrites the summary, concept and entity pages of a document from the stored text, e.g. after changing the\n' +
    'model or wiki/AGENTS.md. One commit per document. Cached model answers cost nothing. With\n' +
    '"model: agent" the documents wait for an agent again.',
  options: {
    all: { type: 'flag', describe: 'All documents' },
    'dry-run': { type: 'flag', describe: 'Show what would be done and what it would cost, without writing anything' },
    yes: { type: 'flag', alias: 'y', describe: 'Do not ask for confirmation' },
  },
  examples: [
    ['kbgit recompile report', 'rewrite the pages of one document'],
    ['kbgit recompile --all --dry-run', 'see what recompiling everything would cost'],
    ['kbgit recompile --all -y', 'recompile everything without asking'],
  ],
  async run({ args, flags, kb, signal, attended, confirm }) {
    const document = args[0]
    if ((document === undefined) === !flags.all) {
      throw new KbError('usage', 'kbgit recompile needs either a document or --all.', {
        hint: 'For example: kbgit recompile --all --dry-run',
      })
    }
    const base = await kb()
    const what: RecompileOptions = document === undefined ? { all: true } : { document }
    const recompiled = (dryRun: boolean) =>
      attended((onProgress) => base.recompile({ ...what, dryRun, signal, onProgress }))
    if (!flags.yes && !flags['dry-run']) {
      const plan = await recompiled(true)
      const question =
        plan.waiting === undefined
          ? `Recompile ${counted(plan.recompiled.length, 'document')}?${cost(plan)}`
          : `Have agents compile ${counted(plan.waiting.length, 'document')} again?`
      await confirm(question, 'Nothing was recompiled.')
    }
    return reportRecompile(await recompiled(flags['dry-run']))
  },
})

function cost({ estimatedTokens }: RecompileResult): string {
  return estimatedTokens === undefined ? '' : ` This takes about ${thousands(estimatedTokens)} model tokens.`
}

function reportRecompile(result: RecompileResult): Report {
  if (result.waiting !== undefined) return reportWaiting(result, result.waiting)
  const would = result.dryRun === true ? 'would be ' : ''
  const counts = [
    `${result.recompiled.length} ${would}recompiled`,
    ...(result.unchanged.length > 0 ? [`${result.unchanged.length} unchanged`] : []),
    ...(result.failed.length > 0 ? [`${result.failed.length} failed`] : []),
  ]
  const lines = [
    ...named(
      `${would}recompiled`,
      result.recompiled.map((document) => document.name),
    ),
    `${counts.join(', ')}, in ${duration(result.elapsedMs)}.${cost(result)}`,
    ...modelLine(result.model),
  ]
  return {
    value: result,
    message: lines.join('\n'),
    failures: result.failed,
    warnings: warningsOf(result),
    exitCode: exitCodeOf(result),
  }
}

function reportWaiting(result: RecompileResult, waiting: string[]): Report {
  const wait = result.dryRun === true ? 'would wait' : waiting.length === 1 ? 'waits' : 'wait'
  const pages = waiting.length === 1 ? 'its pages stay' : 'their pages stay'
  return {
    value: result,
    message: `${counted(waiting.length, 'document')} ${wait} for an agent ("kbgit compile next"); ${pages} until it has answered.`,
  }
}
