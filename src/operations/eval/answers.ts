// Asks the questions of a base's owner as `kbgit query` does, and has the model judge each answer by the documents that
// should answer it.
import { judgementQuestion } from '../../compile/llm/judgement.ts'
import type { EvalQuestion } from '../../core/eval/questions.ts'
import type { DocumentRecord } from '../../core/document/document.ts'
import { KbError } from '../../core/errors.ts'
import type { EvalFault, Metric } from '../../core/results.ts'
import type { Base } from '../../io/base.ts'
import { share, textOf } from '../../read/eval-wiki.ts'
import { queryBase } from '../ask/query.ts'
import type { Searcher } from '../ask/search.ts'
import { openModelOf } from '../open-model.ts'

/** Questions that are put to the model: each costs a few calls. */
const QUESTIONS_MAX = 50

/** Throws `KbError`: `config` for a base without a model, or as `queryBase` does. */
export async function judgeAnswers(
  base: Base,
  searcher: Searcher,
  records: readonly DocumentRecord[],
  questions: readonly EvalQuestion[],
  signal: AbortSignal,
): Promise<{ metrics: Metric[]; faults: EvalFault[] }> {
  const model = await openModelOf(base, { signal })
  if (model === undefined)
    throw new KbError('config', 'Answers are judged by a model, and kbgit.yaml names none.', {
      hint: 'Set model in kbgit.yaml, or leave out --judge.',
    })
  const asked = questions.slice(0, QUESTIONS_MAX)
  const faults: EvalFault[] = []
  let right = 0
  let cited = 0
  for (const { question, documents } of asked) {
    const { answer, citations } = await queryBase(base, question, { at: searcher.commit, signal })
    if (citations.length > 0) cited++
    const texts = await Promise.all(
      records
        .filter(({ name }) => documents.includes(name))
        .map(async (record) => textOf(record, (await searcher.page(record.source)) ?? '')),
    )
    const { verdict, reason } = await model.object({
      ...judgementQuestion(question, answer, texts.join('\n\n')),
      label: question,
      signal,
    })
    if (verdict === 'right') right++
    else faults.push({ metric: 'answers.right', page: question, detail: `${verdict}: ${reason}`.slice(0, 200) })
  }
  return {
    metrics: [
      share('answers.right', right, asked.length, 'answers to your questions that the model finds right'),
      share('answers.cited', cited, asked.length, 'answers with a citation that holds'),
    ],
    faults,
  }
}
