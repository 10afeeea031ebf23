// An agent that compiles by the answers of the test model, and corrects what is refused.
import type { CompileSubmitResult, CompileTask, Kb, TaskQuestion } from '../../src/index.ts'
import { answer, type Asked, type Manner } from './model-answers.ts'

type Answers = Record<string, Record<string, unknown>>
type Topics = { quotes: string[]; says: string }[]

export function answersTo({ instructions, questions }: CompileTask, manner: Manner = 'good'): Answers {
  return Object.fromEntries(questions.map((question) => [question.id, answerTo(instructions, question, manner)]))
}

function answerTo(system: string, { prompt, hints, schema }: TaskQuestion, manner: Manner): Record<string, unknown> {
  const text = hints === undefined ? prompt : `${prompt}\n\n${hints}`
  const asked: Asked = { system, turns: [{ role: 'user', text }], tools: [], schema, outputTokensMax: 8_000 }
  const said = answer(asked, manner)
  return JSON.parse('text' in said ? said.text : '{}') as Record<string, unknown>
}

/** Without the quotes, the links and the numbers of sections that were refused. */
export function corrected(answers: Answers, { problems }: CompileSubmitResult): Answers {
  const copy = structuredClone(answers)
  for (const { at, code, message } of problems) {
    const page = /^answers\.(.+)\.overview$/.exec(at)?.[1] ?? ''
    const overview = copy[page]?.['overview']
    if (code === 'source' && typeof overview === 'string' && copy[page] !== undefined)
      copy[page]['overview'] = overview.replace(/\[\d+\]/.exec(message)?.[0] ?? '', '')
    if (code === 'brokenLink' && typeof overview === 'string' && copy[page] !== undefined)
      copy[page]['overview'] = overview.replace(/\[\[(?:[^[\]|]*\|)?([^[\]]*)\]\]/g, '$1')
    const [, id = '', index = '0', field, quote] =
      /^answers\.([\w-]+)\.topics\[(\d+)\]\.(quotes|says)(?:\[(\d+)\])?$/.exec(at) ?? []
    const topic = (copy[id]?.['topics'] as Topics | undefined)?.[Number(index)]
    if (topic === undefined) continue
    if (field === 'quotes' && code === 'quote') topic.quotes[Number(quote)] = ''
    if (field === 'says') topic.says = topic.says.replace(/^See \[\[Ghost Page\]\] and \[the plan\]\([^)]*\)\. /, '')
  }
  for (const { topics = [] } of Object.values(copy) as { topics?: Topics }[])
    for (const topic of topics) topic.quotes = topic.quotes.filter((quote) => quote !== '')
  return copy
}

/** Hands in an answer, and once more what is left of it. Returns both results. */
export async function submitCorrecting(kb: Kb, task: CompileTask, answers: Answers): Promise<CompileSubmitResult[]> {
  const first = await kb.tasks.submit(task.id, { answers })
  if (first.problems.length === 0) return [first]
  return [first, await kb.tasks.submit(task.id, { answers: corrected(answers, first) })]
}
