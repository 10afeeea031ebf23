// `kbgit eval`: how good a base is, in figures that a script can compare. Reads commits and writes nothing.
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseQuestions, QUESTIONS_FILE, type EvalQuestion } from '../../core/eval/questions.ts'
import { KbError, systemCode } from '../../core/errors.ts'
import type { EvalOptions } from '../../core/options.ts'
import type { Evaluation, EvalResult, Metric } from '../../core/results.ts'
import { readMessage } from '../../core/transaction/commit-message.ts'
import type { Base } from '../../io/base.ts'
import type { BaseReader } from '../../read/base-reader.ts'
import { measureWiki } from '../../read/eval-wiki.ts'
import { Searcher } from '../ask/search.ts'
import type { judgeAnswers } from './answers.ts'
import { measureKnownItems, measureQuestions } from './retrieval.ts'

const DOCUMENTS_DEFAULT = 100
const SEED_DEFAULT = 1
/** Misses and faults in the result. */
const SHOWN_MAX = 50

/** Throws `KbError`: `usage` for questions that cannot be read or a metric that does not exist, `notFound` for a revision. */
export async function evaluate(
  base: Base,
  reader: BaseReader,
  {
    at,
    baseline,
    questions: file,
    documents = DOCUMENTS_DEFAULT,
    seed = SEED_DEFAULT,
    min = {},
    judge = false,
    signal = new AbortController().signal,
    cwd,
    onProgress,
  }: EvalOptions & { cwd: string },
): Promise<EvalResult> {
  const questions = await questionsOf(base, file === undefined ? undefined : resolve(cwd, file))
  const measure = async (revision: string | undefined, earlier: number): Promise<Evaluation> => {
    await using searcher = await Searcher.open(base, revision)
    onProgress?.({ kind: 'eval', step: 'pages', earlier: earlier > 0 })
    const { commit } = searcher
    const { records, metrics, faults } = await measureWiki(reader, commit)
    onProgress?.({ kind: 'eval', step: 'search', earlier: earlier > 0 })
    const known = await measureKnownItems(searcher, records, { documents, seed })
    const own = await measureQuestions(searcher, questions)
    const judged = judge && earlier === 0 ? await judgedAnswers(base, searcher, records, questions, signal) : undefined
    return {
      at: commit,
      documents: records.length,
      metrics: [...known.metrics, ...own.metrics, ...(judged?.metrics ?? []), ...metrics, await cost(reader, commit)],
      missed: [...own.missed, ...known.missed].slice(0, SHOWN_MAX),
      faults: [...(judged?.faults ?? []), ...faults].slice(0, SHOWN_MAX),
    }
  }
  const now = await measure(at, 0)
  const before = baseline === undefined ? undefined : await measure(baseline, 1)
  return { ...now, seed, ...(before === undefined ? {} : { baseline: before }), below: below(now.metrics, min) }
}

/** Loaded only if it is asked for: it brings the model. */
const judgedAnswers: typeof judgeAnswers = async (...args) => (await import('./answers.ts')).judgeAnswers(...args)

/** The file named, or the base's own if there is one: as it is on disk, for a person who is writing it. */
async function questionsOf(base: Base, file: string | undefined): Promise<EvalQuestion[]> {
  const path = file ?? join(base.root, QUESTIONS_FILE)
  try {
    return parseQuestions(await readFile(path, 'utf8'), file ?? QUESTIONS_FILE)
  } catch (cause) {
    if (cause instanceof KbError) throw cause
    if (file === undefined && systemCode(cause) === 'ENOENT') return []
    throw new KbError('usage', `${path} cannot be read.`, { cause })
  }
}

/** Tokens that a model took for the documents, from the commits that say so. */
async function cost({ history }: BaseReader, commit: string): Promise<Metric> {
  let tokens = 0
  let of = 0
  for await (const batch of history.messages({ at: commit, paths: [''] }))
    for (const { message } of batch) {
      const [, prompt, completion] = /^Kbgit-Tokens: (\d+) prompt, (\d+) completion$/m.exec(message) ?? []
      if (prompt === undefined || !['add', 'update', 'recompile'].includes(readMessage(message).operation)) continue
      tokens += Number(prompt) + Number(completion)
      of++
    }
  return {
    name: 'cost.tokens',
    value: of === 0 ? null : Math.round(tokens / of),
    unit: 'number',
    better: 'less',
    of,
    about: 'tokens of a model for a document, mean',
  }
}

function below(metrics: readonly Metric[], min: Readonly<Record<string, number>>): EvalResult['below'] {
  return Object.entries(min).flatMap(([name, least]) => {
    const metric = metrics.find((one) => one.name === name)
    if (metric === undefined)
      throw new KbError('usage', `There is no metric "${name}".`, {
        hint: `Metrics are ${metrics.map((one) => one.name).join(', ')}.`,
      })
    const { value, better } = metric
    const isMet = value !== null && (better === 'less' ? value <= least : value >= least)
    return isMet ? [] : [{ name, min: least, value }]
  })
}
