// Checks that need a reader: documents that contradict each other on a topic, and gaps in a page. One question per
// page, for a bounded number of pages, those with the most sources first; answers are cached. A model is asked at once; an
// agent gets the pages as tasks.
import type { OpenWriter } from '../../commit/open-writer.ts'
import { checkedVersion, contradictionQuestion, problemsOf, type Findings } from '../../compile/llm/contradictions.ts'
import { DocumentError } from '../../core/errors.ts'
import type { LintProblem } from '../../core/results.ts'
import { list, shapeOf, fields, fits, text } from '../../core/shape.ts'
import { answerFiles } from '../../io/model/answer-cache.ts'
import { headRevision, repoPathOf, type Base } from '../../io/base.ts'
import { openModelOf } from '../open-model.ts'

/** Maximum number of pages that are read per lint. */
const PAGES_MAX = 40

/** `waiting`: paths of pages that an agent is to check; undefined if this base is not compiled by agents. */
export type Opinions = { problems: LintProblem[]; waiting?: string[] | undefined }

type Tools = Pick<OpenWriter, 'catalog' | 'objects'>

/** Nothing without a model. A page that the model fails on is skipped and logged. Throws `KbError`. */
export async function findContradictions(base: Base, tools: Tools, signal: AbortSignal): Promise<Opinions> {
  if (base.config.model === 'agent') return answersOfAgents(base, tools)
  const model = await openModelOf(base, { signal, answers: answerFiles(base.sidecarDir) })
  if (model === undefined) return { problems: [] }
  const found = await Promise.all(
    (await pagesToCheck(base, tools)).map(async ({ path, title, page }): Promise<LintProblem[]> => {
      try {
        const question = contradictionQuestion(title, page)
        return problemsOf(path, await model.object<Findings>({ ...question, label: path, signal }))
      } catch (error) {
        if (!(error instanceof DocumentError)) throw error
        base.logger.warn({ path, error: error.failure.message }, 'the model failed on a page')
        return []
      }
    }),
  )
  return { problems: found.flat() }
}

const FINDINGS = shapeOf<Findings>()(
  fields(
    { contradictions: list(text('a text', 1_000_000), 10_000), gaps: list(text('a text', 1_000_000), 10_000) },
    {},
  ),
)

async function answersOfAgents(base: Base, tools: Tools): Promise<Opinions> {
  const answers = answerFiles(base.sidecarDir)
  const problems: LintProblem[] = []
  const waiting: string[] = []
  for (const { path, page } of await pagesToCheck(base, tools)) {
    const answer = await answers.get(checkedVersion(path, page))
    if (fits(FINDINGS, answer)) problems.push(...problemsOf(path, answer))
    else waiting.push(path)
  }
  return { problems, waiting }
}

type CheckedPage = { path: string; title: string; page: string }

/** Pages with several sources, in the newest commit. */
async function pagesToCheck(base: Base, { catalog, objects }: Tools): Promise<CheckedPage[]> {
  const topics = [...catalog.topics('concept'), ...catalog.topics('entity')].filter(({ sources }) => sources > 1)
  const pages = topics.toSorted((a, b) => b.sources - a.sources || (a.path < b.path ? -1 : 1)).slice(0, PAGES_MAX)
  const read = await Promise.all(
    pages.map(async ({ path, title }): Promise<CheckedPage[]> => {
      const page = (await objects.read(`${headRevision(base)}:${repoPathOf(base, path)}`))?.toString()
      return page === undefined ? [] : [{ path, title, page }]
    }),
  )
  return read.flat()
}
