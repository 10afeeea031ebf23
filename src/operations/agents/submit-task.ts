// `kbgit compile submit`: checks an agent's answer like a model's, says what does not hold, and commits it.
import { compileAnswers } from '../../compile/agent/document-task.ts'
import {
  checkedVersion,
  contradictionQuestion,
  FINDING_CHARACTERS_MAX,
  FINDINGS_MAX,
  type Findings,
} from '../../compile/llm/contradictions.ts'
import { acceptOverview, cited, OVERVIEW_CHARACTERS_MAX, overviewQuestion } from '../../compile/llm/overview.ts'
import { Refusals } from '../../compile/llm/refusals.ts'
import { openWriter, type OpenWriter } from '../../commit/open-writer.ts'
import type { Session } from '../../commit/session.ts'
import type { WorkItem } from '../../commit/work.ts'
import { KbError } from '../../core/errors.ts'
import type { SubmitOptions } from '../../core/options.ts'
import { parsePage } from '../../core/page/page.ts'
import type { CompileSubmitResult, Problem } from '../../core/results.ts'
import { needsReview } from '../../core/review.ts'
import { fields, misfitText, shapeOf, type Shape } from '../../core/shape.ts'
import { headRevision, type Base } from '../../io/base.ts'
import { answerFiles } from '../../io/model/answer-cache.ts'
import { checkAnswer } from '../../io/model/answer-schema.ts'
import type { SchemaOf } from '../../io/model/schema.ts'
import { readLeases, writeLeases, type Lease } from '../../io/sidecar/leases.ts'
import { recompileWork } from '../ingest/document-work.ts'
import { fingerprint, overviewPage } from '../ingest/from-base.ts'
import { writtenOverviews, type WrittenOverview } from '../ingest/overviews.ts'
import { stageStored } from '../ingest/stored-document.ts'
import { lint } from '../maintain/lint.ts'
import { newReview, openReviews, reviewOf } from '../review/branches.ts'
import { answeredInReviews, modelOf, pageAt, refuseOtherCompilers, versionOf, whatWaits } from './waiting.ts'

const anyAnswers: Shape<Record<string, unknown>> = (value, field) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : { field, expected: 'an object' }
const ANSWER = shapeOf<{ answers: Record<string, unknown> }>()(fields({ answers: anyAnswers }, {}))

/**
 * Throws `KbError`: `usage` for a value that is not `{"answers": {…}}`, `notFound` for a lease that was never given, or that
 * has ended and gone to somebody else.
 */
export async function submitTask(
  base: Base,
  id: string,
  answer: unknown,
  { signal }: SubmitOptions = {},
): Promise<CompileSubmitResult> {
  refuseOtherCompilers(base)
  const misfit = ANSWER(answer, '')
  if (misfit !== undefined)
    throw new KbError('usage', `This is not an answer: ${misfitText(misfit)}.`, {
      hint: 'It is {"answers": {"<id of a question>": …}}.',
    })
  const { client } = await leaseOf(base, id)
  const made = await submitLocked(base, id, answer as { answers: Record<string, unknown> }, { client, signal })
  const { kind, problems } = made
  if (kind !== 'check' || problems.length > 0 || (await readLeases(base)).checks?.length !== 0) return made
  // The last one: the report has the findings.
  const { commit } = await lint(base, { agent: client, signal })
  return { ...made, commit }
}

async function submitLocked(
  base: Base,
  id: string,
  { answers }: { answers: Record<string, unknown> },
  { client, signal }: { client: string; signal: AbortSignal | undefined },
): Promise<CompileSubmitResult> {
  const branch = await reviewBranchOf(base, client)
  await using tools = await openWriter({ base, command: 'compile', agent: client, branch, signal })
  return await tools.writer.locked(async (session) => {
    const lease = await leaseOf(base, id)
    const head = (await session.head()).commit ?? ''
    const submission = new Submission(base, tools, lease, head)
    const result = await submission.run(session, answers)
    if (branch === undefined || result.commit === null) return result
    const ref = await tools.branch()
    const stored = await readLeases(base)
    const others = stored.reviews.filter((review) => review.client !== client)
    writeLeases(base, { ...stored, reviews: [...others, { client, branch: ref }] })
    return { ...result, review: reviewOf(ref) }
  })
}

async function leaseOf(base: Base, id: string): Promise<Lease> {
  const lease = (await readLeases(base)).leases.find((one) => one.id === id)
  if (lease !== undefined) return lease
  throw new KbError('notFound', `There is no task ${JSON.stringify(id.slice(0, 80))}.`, {
    hint: 'It was answered already, or its lease ended and somebody else has it. Ask for another: kbgit compile next.',
  })
}

/** Answers of one client go to one review, while it is open. */
async function reviewBranchOf(base: Base, client: string) {
  if (!needsReview(base.config, { agent: true, model: true })) return undefined
  const { reviews } = await readLeases(base)
  const known = reviews.find((review) => review.client === client)?.branch
  const isOpen = (await openReviews(base)).some(({ ref }) => ref === known)
  return known !== undefined && isOpen ? { branch: known, from: headRevision(base) } : newReview(base)
}

class Submission {
  readonly #base: Base
  readonly #tools: OpenWriter
  readonly #lease: Lease
  readonly #head: string

  constructor(base: Base, tools: OpenWriter, lease: Lease, head: string) {
    this.#base = base
    this.#tools = tools
    this.#lease = lease
    this.#head = head
  }

  async run(session: Session, answers: Record<string, unknown>): Promise<CompileSubmitResult> {
    const { id, kind, subjects } = this.#lease
    if (kind === 'check')
      return { id, kind, subject: subjects[0] ?? '', commit: null, problems: await this.#checks(answers) }
    const made = kind === 'document' ? await this.#document(answers) : await this.#overviews(answers)
    const result = { id, kind, subject: subjects[0] ?? '' }
    if ('problems' in made) {
      // An answer to what is no longer asked cannot be corrected.
      if (made.problems.some(({ code }) => code === 'stale')) await this.#end()
      return { ...result, commit: null, problems: made.problems }
    }
    const { outcomes, unfinished } = await session.commit([made.work])
    const [outcome] = outcomes
    if (outcome?.kind === 'failed') {
      await this.#end()
      const { message, hint } = outcome.failure
      return { ...result, commit: null, problems: [{ code: 'stale', at: subjects[0] ?? '', message, hint }] }
    }
    await this.#end()
    if (unfinished !== undefined) throw unfinished
    if (kind === 'document' && outcome?.kind === 'committed') await this.#finish(session)
    return { ...result, commit: outcome?.kind === 'committed' ? outcome.commit : null, problems: [] }
  }

  /** The front page and the themes follow with the overviews; after the last document without any, they follow at once. */
  async #finish(session: Session): Promise<void> {
    const answered = await answeredInReviews(this.#base, this.#tools, this.#head)
    const { counts } = whatWaits(this.#tools, { ...(await readLeases(this.#base)), leases: [] }, answered)
    if (counts.documents + counts.overviews > 0) return
    const model = modelOf(this.#lease.client)
    const { unfinished } = await session.commit([
      writtenOverviews(this.#base, { paths: [], written: new Map(), model }),
    ])
    if (unfinished !== undefined) throw unfinished
  }

  async #end(): Promise<void> {
    const stored = await readLeases(this.#base)
    const { id, kind, subjects } = this.#lease
    const again = (stored.again ?? []).filter((name) => kind !== 'document' || !subjects.includes(name))
    writeLeases(this.#base, { ...stored, again, leases: stored.leases.filter((lease) => lease.id !== id) })
  }

  async #document(answers: Record<string, unknown>): Promise<{ work: WorkItem } | { problems: Problem[] }> {
    const [name = ''] = this.#lease.subjects
    const record = this.#tools.catalog.documentByName(name)
    if (record === undefined) return stale(name, `The document "${name}" was removed.`)
    if (versionOf(record) !== this.#lease.version)
      return stale(name, `The document "${name}" changed since the task was given.`)
    const { language, entityTypes } = this.#base.config
    const staging = this.#tools.staging.folder()
    const prepared = await stageStored(this.#base, this.#tools.objects, this.#head, record, staging)
    const input = { prepared, staging, fallbackTitle: record.title, label: name }
    const by = modelOf(this.#lease.client)
    const made = await compileAnswers(input, { language, entityTypes }, { answers, by })
    if ('problems' in made) return made
    return { work: recompileWork(this.#base, { record, staging, prepared, compiled: made.compiled }) }
  }

  /** Findings are kept for the report; a page that changed meanwhile is asked about again. */
  async #checks(answers: Record<string, unknown>): Promise<Problem[]> {
    const { subjects, version } = this.#lease
    const versions = version.split(' ')
    const problems: Problem[] = this.#notAsked(answers)
    const checked = new Map<string, Findings>()
    for (const [index, path] of subjects.entries()) {
      const page = await pageAt(this.#base, this.#tools, this.#head, path)
      const answer = await this.#answer(answers, path, contradictionQuestion(path, page ?? '').schema, problems)
      if (answer === undefined) continue
      const refusals = new Refusals(`answers.${path}`)
      for (const list of ['contradictions', 'gaps'] as const) {
        refusals.count(list, answer[list].length, FINDINGS_MAX)
        for (const [at, text] of answer[list].entries()) refusals.text(`${list}[${at}]`, text, FINDING_CHARACTERS_MAX)
      }
      problems.push(...refusals.problems)
      if (page !== undefined && checkedVersion(path, page) === versions[index]) checked.set(path, answer)
    }
    if (problems.length > 0) return problems
    const kept = answerFiles(this.#base.sidecarDir)
    for (const [path, findings] of checked) await kept.put(versions[subjects.indexOf(path)] ?? '', findings)
    const stored = await readLeases(this.#base)
    const left = stored.checks?.filter((path) => !checked.has(path))
    const leases = stored.leases.filter(({ id }) => id !== this.#lease.id)
    writeLeases(this.#base, { ...stored, leases, ...(left === undefined ? {} : { checks: left }) })
    return []
  }

  #notAsked(answers: Record<string, unknown>): Problem[] {
    return Object.keys(answers)
      .filter((id) => !this.#lease.subjects.includes(id))
      .map((id) => ({ code: 'schema', at: `answers.${id}`, message: 'This was not asked.' }))
  }

  /** The answer about a page; undefined if it does not fit, which is reported. */
  async #answer<T>(
    answers: Record<string, unknown>,
    path: string,
    schema: SchemaOf<T>,
    problems: Problem[],
  ): Promise<T | undefined> {
    const at = `answers.${path}`
    if (answers[path] === undefined) {
      problems.push({ code: 'schema', at, message: 'It is missing.' })
      return undefined
    }
    const checked = await checkAnswer(schema, answers[path])
    if ('answer' in checked) return checked.answer
    for (const { field, message } of checked.faults)
      problems.push({ code: 'schema', at: field === '' ? at : `${at}.${field}`, message })
    return undefined
  }

  /** Pages that changed meanwhile are left due. */
  async #overviews(answers: Record<string, unknown>): Promise<{ work: WorkItem } | { problems: Problem[] }> {
    const problems: Problem[] = this.#notAsked(answers)
    const written = new Map<string, WrittenOverview>()
    for (const path of this.#lease.subjects) {
      const text = await pageAt(this.#base, this.#tools, this.#head, path)
      if (text === undefined) continue
      const page = parsePage(text)
      const { schema } = overviewQuestion(this.#base.config, overviewPage(page))
      const answer = await this.#answer(answers, path, schema, problems)
      if (answer === undefined) continue
      const refusals = new Refusals(`answers.${path}`)
      refusals.text('overview', answer.overview, OVERVIEW_CHARACTERS_MAX)
      refusals.overview('overview', answer.overview, cited(overviewPage(page)).length)
      problems.push(...refusals.problems)
      written.set(path, { sections: fingerprint(page), text: acceptOverview(answer, overviewPage(page)) })
    }
    if (problems.length > 0) return { problems }
    const model = modelOf(this.#lease.client)
    return { work: writtenOverviews(this.#base, { paths: this.#lease.subjects, written, model }) }
  }
}

function stale(at: string, message: string): { problems: Problem[] } {
  return { problems: [{ code: 'stale', at, message, hint: 'Ask for another task.' }] }
}
