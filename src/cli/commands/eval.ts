import { EXIT_SOME_FAILED, KbError } from '../../core/errors.ts'
import type { EvalResult, Metric } from '../../index.ts'
import { command } from '../command.ts'
import { shortCommit } from '../outcome.ts'
import type { Style } from '../style.ts'
import { counted, cut, inline } from '../text.ts'
import { AT, atOf } from './list.ts'

const BAR = 20
const SHOWN_MAX = 5
const LINE_COLUMNS = 110

export const evaluate = command({
  name: 'eval',
  details:
    'Measures the base at a commit: does search find documents again by queries made from them and by questions of yours, do\n' +
    'quotes hold and links lead somewhere, are topics one, how much of the documents was kept. Needs no model.\n' +
    'Your questions are in eval/questions.yaml, a list of entries such as\n' +
    '- question: Who built the bridge?\n' +
    '  documents: [bridge-report]',
  options: {
    at: AT,
    baseline: { type: 'text', value: 'rev', describe: 'Measure this revision too, and show the difference' },
    min: {
      type: 'list',
      value: 'metric=value',
      describe: 'Exit with 3 if a metric is worse; may be given several times',
    },
    questions: { type: 'text', value: 'file', describe: 'Questions to ask (default: eval/questions.yaml of the base)' },
    judge: { type: 'flag', describe: 'Ask the questions, and have the model judge the answers (some calls each)' },
    documents: {
      type: 'number',
      value: 'n',
      min: 1,
      max: 100_000,
      describe: 'Documents that queries are made from (default: 100)',
    },
    seed: {
      type: 'number',
      value: 'n',
      min: 0,
      max: 2 ** 31 - 1,
      describe: 'Choose other documents and words (default: 1)',
    },
  },
  examples: [
    ['kbgit eval', 'a report of one page'],
    ['kbgit eval --baseline v1.0', 'what has changed since'],
    ['kbgit eval --min retrieval.top3=0.9 --min topics.twins=0', 'in a pipeline'],
  ],
  async run({ flags, kb, style, attended, signal }) {
    const base = await kb()
    const { baseline, questions, documents, seed, judge } = flags
    const how = { ...atOf(flags), baseline, questions, documents, seed, judge, signal, min: minimums(flags.min) }
    const result = await attended((onProgress) => base.eval({ ...how, onProgress }))
    return {
      value: result,
      text: report(result, style),
      warnings: result.below.map(
        ({ name, min, value }) => `${name} is ${value ?? 'not known'}, and ${min} is asked for.`,
      ),
      exitCode: result.below.length === 0 ? 0 : EXIT_SOME_FAILED,
    }
  },
})

function minimums(given: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    given.map((text) => {
      const [, name, value] = /^([\w.-]+)=(\d+(?:\.\d+)?)$/.exec(text) ?? []
      if (name === undefined || value === undefined)
        throw new KbError('usage', `--min ${inline(text)} is not <metric>=<number>.`, {
          hint: 'For example: --min retrieval.mrr=0.8',
        })
      return [name, Number(value)]
    }),
  )
}

function report({ at, documents, metrics, baseline, missed, faults }: EvalResult, style: Style): string {
  const before = new Map(baseline?.metrics.map((metric) => [metric.name, metric]))
  const names = Math.max(...metrics.map(({ name }) => name.length))
  const since = baseline === undefined ? '' : `, compared with ${shortCommit(baseline.at)}`
  return [
    style('bold', `${counted(documents, 'document')} at ${shortCommit(at)}${since}`),
    '',
    ...metrics.map((metric) => row(metric, before.get(metric.name), names, style)),
    ...section(
      'Not among the first three',
      missed.map(({ query, expected, found }) => [
        `${query} → ${expected.join(', ')}`,
        found.length === 0 ? 'nothing was found' : `found: ${found.join(', ')}`,
      ]),
      style,
    ),
    ...section(
      'To look at',
      faults.map(({ metric, page, detail }) => [`${page}: ${detail}`, metric]),
      style,
    ),
  ].join('\n')
}

function row(metric: Metric, before: Metric | undefined, names: number, style: Style): string {
  const { name, value, unit, of, about } = metric
  const bar =
    unit === 'share' && value !== null ? '█'.repeat(Math.round(value * BAR)).padEnd(BAR, '░') : ' '.repeat(BAR)
  const size = of === 0 ? '' : `  (${of.toLocaleString('en')})`
  const text = `${name.padEnd(names)}  ${figure(metric).padStart(7)}  ${bar}`
  return `${text}${changeOf(metric, before, style)}  ${style('dim', `${about}${size}`)}`
}

function figure({ value, unit }: Pick<Metric, 'value' | 'unit'>): string {
  if (value === null) return '–'
  return unit === 'share' ? value.toFixed(3) : value.toLocaleString('en')
}

function changeOf({ value, unit, better }: Metric, before: Metric | undefined, style: Style): string {
  if (before === undefined) return ''
  if (value === null || before.value === null) return ' '.repeat(9)
  const change = value - before.value
  const text = (change > 0 ? '+' : '') + (unit === 'share' ? change.toFixed(3) : change.toLocaleString('en'))
  const isWorse = better === 'less' ? change > 0 : change < 0
  if (change === 0 || better === 'none') return text.padStart(9)
  return style(isWorse ? 'red' : 'green', text.padStart(9))
}

function section(title: string, items: [line: string, note: string][], style: Style): string[] {
  if (items.length === 0) return []
  const shown = items
    .slice(0, SHOWN_MAX)
    .map(([line, note]) => `- ${cut(inline(line), LINE_COLUMNS)}  ${style('dim', inline(note))}`)
  const more = items.length > SHOWN_MAX ? [style('dim', `  and ${items.length - SHOWN_MAX} more: --json`)] : []
  return ['', style('bold', title), ...shown, ...more]
}
