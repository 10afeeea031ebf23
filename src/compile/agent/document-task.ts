// The questions about a document for whoever answers them by hand, as an agent does: the same prompts, the same schemas and
// the same acceptance as for a model, but what a model's answer would silently lose is refused with a reason.
import type { Compiled } from '../../core/document/compiled.ts'
import { LINE_CHARACTERS_MAX, readPart } from '../llm/accept.ts'
import type { CompileInput } from '../compiler.ts'
import { compileBy } from '../llm/compiler.ts'
import { readDocument, type DocumentText } from '../llm/document-text.ts'
import type { DocumentAnswer, PartAnswer, WholeAnswer, Wiki } from '../llm/prompts.ts'
import { SECTION_CHARACTERS_MAX, SUMMARY_CHARACTERS_MAX, type Asker } from '../llm/questions.ts'
import { Refusals } from '../llm/refusals.ts'
import type { Problem, TaskQuestion } from '../../core/results.ts'
import { checkAnswer, jsonSchemaOf } from '../../io/model/answer-schema.ts'

type Request = Parameters<Asker>[0]
/** `part`: its position among the parts; undefined for the question about the whole. */
type Question = { id: string; request: Request; part: number | undefined }

const WHOLE = `Answer this one last: its notes are your own answers about the parts, of which only the page ranges are shown here.\n\n`

/** What every question has in common, and the questions. */
export async function documentTask(
  input: CompileInput,
  wiki: Wiki,
): Promise<{ instructions: string; questions: TaskQuestion[] }> {
  const text = await readDocument(input.prepared, input.staging)
  const questions = await questionsOf(input, wiki)
  return {
    instructions: questions[0]?.request.system ?? '',
    questions: await Promise.all(
      questions.map(async ({ id, request, part }): Promise<TaskQuestion> => {
        const pages = part === undefined ? undefined : text.parts[part]?.pages
        return {
          id,
          prompt: part === undefined ? WHOLE + request.prompt : request.prompt,
          hints: request.hints,
          ...(pages === undefined ? {} : { pages }),
          schema: await jsonSchemaOf(request.schema),
        }
      }),
    ),
  }
}

/** `answers` by question. `by`: who answers, as the record names it. */
export async function compileAnswers(
  input: CompileInput,
  wiki: Wiki,
  { answers, by }: { answers: Readonly<Record<string, unknown>>; by: string },
): Promise<{ compiled: Compiled } | { problems: Problem[] }> {
  const text = await readDocument(input.prepared, input.staging)
  const questions = await questionsOf(input, wiki)
  const problems: Problem[] = []
  const accepted = new Map<string, unknown>()
  for (const id of Object.keys(answers))
    if (!questions.some((question) => question.id === id))
      problems.push({ code: 'schema', at: `answers.${id}`, message: 'This was not asked.' })
  for (const question of questions) {
    const checked = await checkOne(question, answers[question.id], text, wiki)
    problems.push(...checked.problems)
    accepted.set(question.id, checked.answer)
  }
  if (problems.length > 0) return { problems }
  let asked = 0
  const ask = async (): Promise<never> => accepted.get(questions[asked++]?.id ?? '') as never
  return { compiled: await compileBy(input, { wiki, model: by, ask }) }
}

/** Runs through the questions with placeholder answers, which every reader of answers accepts, and notes them in order. */
async function questionsOf(input: CompileInput, wiki: Wiki): Promise<Question[]> {
  const requests: Request[] = []
  const ask = async <T>(request: Request): Promise<T> => {
    requests.push(request)
    return { title: '', description: '', summary: '', keyPoints: [], topics: [], sections: [] } as T
  }
  await compileBy(input, { wiki, model: '', ask: ask as Asker })
  const parts = requests.filter(({ schemaName }) => schemaName !== 'whole').length
  return requests.map((request, index) =>
    request.schemaName === 'whole'
      ? { id: 'whole', request, part: undefined }
      : { id: parts === 1 ? request.schemaName : `${request.schemaName}-${index + 1}`, request, part: index },
  )
}

async function checkOne(
  { id, request, part }: Question,
  value: unknown,
  text: DocumentText,
  { entityTypes }: Wiki,
): Promise<{ problems: Problem[]; answer?: unknown }> {
  const at = `answers.${id}`
  if (value === undefined) return { problems: [{ code: 'schema', at, message: 'It is missing.' }] }
  const checked = await checkAnswer(request.schema, value)
  if ('faults' in checked)
    return {
      problems: checked.faults.map(({ field, message }) => ({
        code: 'schema',
        at: field === '' ? at : `${at}.${field}`,
        message,
      })),
    }
  const refusals = new Refusals(at)
  const refused = request.refuse?.(checked.answer as never)
  if (refused !== undefined) refusals.report('empty', '', `${refused.charAt(0).toUpperCase()}${refused.slice(1)}.`)
  const answer = checked.answer as Partial<DocumentAnswer & PartAnswer> & Partial<Pick<WholeAnswer, 'description'>>
  if (answer.description !== undefined) refusals.text('description', answer.description, LINE_CHARACTERS_MAX)
  if (answer.summary !== undefined) refusals.text('summary', answer.summary, SUMMARY_CHARACTERS_MAX)
  const found = part === undefined ? undefined : text.parts[part]
  if (answer.sections !== undefined)
    refusals.sections(answer.sections, found?.nodes ?? text.spanning, SECTION_CHARACTERS_MAX)
  if (found !== undefined) {
    const reading = readPart(found)
    refusals.keyPoints(answer.keyPoints ?? [], reading)
    refusals.topics(answer.topics ?? [], reading, entityTypes)
  }
  return { problems: refusals.problems, answer: checked.answer }
}
