// `eval/questions.yaml`: what the owner of a base wants it to answer.
import { parse } from 'yaml'
import { KbError, messageOf } from '../errors.ts'
import { fields, fits, list, misfitText, text, type TypeOf } from '../shape.ts'

export const QUESTIONS_FILE = 'eval/questions.yaml'
const QUESTIONS_MAX = 2_000

const QUESTIONS = list(
  fields({ question: text('a question', 1_000, /\S/), documents: list(text('the name of a document', 1_000), 20) }, {}),
  QUESTIONS_MAX,
)

export type EvalQuestion = TypeOf<typeof QUESTIONS>[number]

const EXAMPLE = '- question: Who built the bridge?\n  documents: [bridge-report]'

/** Throws `KbError` (`usage`) for anything but a list of questions with their documents. */
export function parseQuestions(source: string, path: string): EvalQuestion[] {
  let value: unknown
  try {
    value = parse(source, { maxAliasCount: 0 })
  } catch (cause) {
    throw new KbError('usage', `${path}: ${messageOf(cause).split('\n')[0]}`, { cause })
  }
  const given: unknown = value ?? []
  if (fits(QUESTIONS, given)) return given
  const misfit = QUESTIONS(given, '')
  throw new KbError('usage', `${path}: ${misfit === undefined ? 'it is no list' : misfitText(misfit)}.`, {
    hint: `Each entry names a question and the documents that answer it, for example:\n${EXAMPLE}`,
  })
}
