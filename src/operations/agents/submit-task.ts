// `kbgit compile submit`: checks an agent's answer like a model's, says what does not hold, and commits it.
import { compileAnswers } from '../../compile/agent/document-task.ts'
import { acceptOverview, OVERVIEW_CHARACTERS_MAX, overviewQuestion } from '../../compile/llm/overview.ts'
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
import type { Base } from '../../io/base.ts'
import { checkAnswer } from '../../io/model/answer-schema.ts'
import { readLeases, writeLeases, type Lease } from '../../io/sidecar/leases.ts'
import { recompileWork } from '../ingest/document-work.ts'
import { fingerprint, overviewPage } from '../ingest/from-base.ts'
import { writtenOverviews, type WrittenOverview } from '../ingest/overviews.ts'
import { stageStored } from '../ingest/stored-document.ts'
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
  const branch = await reviewBranchOf(base, client)
  await using tools = await openWriter({ base, command: 'compile', agent: client, branch, signal })
  return await tools.writer.locked(async (session) => {
    const lease = await leaseOf(base, id)
    const head = (await session.head()).commit ?? ''
    const submission = new Submission(base, tools, lease, head)
    const result = await submission.run(session, (answer as { answers: Record<string, unknown> }).answers)
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
  return known !== undefined && isOpen ? { branch: known, from: 'HEAD' } : newReview(base)
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
    const { documents, overviews } = whatWaits(this.#tools, { leases: [], answered })
    if (documents + overviews > 0) return
    const model = modelOf(this.#lease.client)
    const { unfinished } = await session.commit([
      writtenOverviews(this.#base, { paths: [], written: new Map(), model }),
    ])
    if (unfinished !== undefined) throw unfinished
  }

  async #end(): Promise<void> {
    const stored = await readLeases(this.#base)
    writeLeases(this.#base, { ...stored, leases: stored.leases.filter(({ id }) => id !== this.#lease.id) })
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

  /** Pages that changed meanwhile are left due. */
  async #overviews(answers: Record<string, unknown>): Promise<{ work: WorkItem } | { problems: Problem[] }> {
    const problems: Problem[] = []
    const written = new Map<string, WrittenOverview>()
    for (const id of Object.keys(answers))
      if (!this.#lease.subjects.includes(id))
        problems.push({ code: 'schema', at: `answers.${id}`, message: 'This was not asked.' })
    for (const path of this.#lease.subjects) {
      const at = `answers.${path}`
      const text = await pageAt(this.#base, this.#tools, this.#head, path)
      if (text === undefined) continue
      const page = parsePage(text)
      const checked = await checkAnswer(overviewQuestion(this.#base.config, overviewPage(page)).schema, answers[path])
      if ('faults' in checked) {
        const missing = answers[path] === undefined
        for (const { field, message } of missing ? [{ field: '', message: 'It is missing.' }] : checked.faults)
          problems.push({ code: 'schema', at: field === '' ? at : `${at}.${field}`, message })
        continue
      }
      const refusals = new Refusals(at)
      refusals.text('overview', checked.answer.overview, OVERVIEW_CHARACTERS_MAX)
      problems.push(...refusals.problems)
      written.set(path, { sections: fingerprint(page), text: acceptOverview(checked.answer) })
    }
    if (problems.length > 0) return { problems }
    const model = modelOf(this.#lease.client)
    return { work: writtenOverviews(this.#base, { paths: this.#lease.subjects, written, model }) }
  }
}

function stale(at: string, message: string): { problems: Problem[] } {
  return { problems: [{ code: 'stale', at, message, hint: 'Ask for another task.' }] }
}
