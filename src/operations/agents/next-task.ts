// `kbgit compile next`: leases one task to an agent.
import { documentTask } from '../../compile/agent/document-task.ts'
import { checkedVersion, contradictionQuestion } from '../../compile/llm/contradictions.ts'
import { overviewQuestion } from '../../compile/llm/overview.ts'
import { openWriter, type OpenWriter } from '../../commit/open-writer.ts'
import type { DocumentRecord } from '../../core/document/document.ts'
import { KbError } from '../../core/errors.ts'
import type { NextTaskOptions } from '../../core/options.ts'
import { parsePage } from '../../core/page/page.ts'
import type { CompileNextResult, CompileTask, TaskQuestion } from '../../core/results.ts'
import { integer, misfitText } from '../../core/shape.ts'
import type { Base } from '../../io/base.ts'
import { AGENTS_PAGE } from '../../core/layout.ts'
import { jsonSchemaOf } from '../../io/model/answer-schema.ts'
import type { ObjectRequest } from '../../io/model/model.ts'
import type { SchemaOf } from '../../io/model/schema.ts'
import { readLeases, writeLeases, type Lease } from '../../io/sidecar/leases.ts'
import { houseRules } from '../house-rules.ts'
import { overviewPage } from '../ingest/from-base.ts'
import { knownTopics, stagedText } from '../ingest/known-topics.ts'
import { stageStored } from '../ingest/stored-document.ts'
import { AGENT_NAME } from './propose.ts'
import {
  answeredInReviews,
  pageAt,
  pageTitle,
  refuseOtherCompilers,
  versionOf,
  whatWaits,
  type Waiting,
} from './waiting.ts'

/** Seconds. */
const LEASE_SECONDS = 900
const LEASE_SECONDS_MAX = 24 * 3600

/** Throws `KbError`: `usage` if agents do not compile this base, or for a client or a lease that is none. */
export async function nextTask(base: Base, options: NextTaskOptions = {}): Promise<CompileNextResult> {
  const { client = 'agent', lease: seconds = LEASE_SECONDS, kinds = ['document', 'overview', 'check'] } = options
  const misfit = AGENT_NAME(client, 'client') ?? integer(1, LEASE_SECONDS_MAX)(seconds, 'lease')
  if (misfit !== undefined) throw new KbError('usage', `For a task ${misfitText(misfit)}.`)
  refuseOtherCompilers(base)
  await using tools = await openWriter({ base, command: 'compile', signal: options.signal })
  return await tools.writer.locked(async (session) => {
    const head = (await session.head()).commit ?? ''
    const stored = await readLeases(base)
    const now = Date.now()
    const live = stored.leases.filter(({ until }) => until > now)
    const answered = await answeredInReviews(base, tools, head)
    const waiting = whatWaits(tools, { ...stored, leases: live }, answered)
    const until = now + seconds * 1000
    const leasing = new Leasing(base, tools, head, { id: base.clock.random(), client, until })
    const made = await leasing.make(waiting, kinds)
    const { counts } = waiting
    const leased = live.length
    if (made === undefined) return { task: null, waiting: counts, leased }
    // A lease that has ended stays good for its answer until somebody else takes the task.
    const others = stored.leases.filter(({ subjects }) => !subjects.some((one) => made.lease.subjects.includes(one)))
    writeLeases(base, { ...stored, leases: [...others.filter(({ until: ends }) => ends > now - DAY_MS), made.lease] })
    return { task: made.task, waiting: counts, leased: leased + 1 }
  })
}

const DAY_MS = 24 * 3600 * 1000

type Made = { lease: Lease; task: CompileTask }

class Leasing {
  readonly #base: Base
  readonly #tools: OpenWriter
  readonly #head: string
  readonly #lease: Pick<Lease, 'id' | 'client' | 'until'>

  constructor(base: Base, tools: OpenWriter, head: string, lease: Pick<Lease, 'id' | 'client' | 'until'>) {
    this.#base = base
    this.#tools = tools
    this.#head = head
    this.#lease = lease
  }

  async make({ next, due, unchecked }: Waiting, kinds: readonly Lease['kind'][]): Promise<Made | undefined> {
    if (next !== undefined && kinds.includes('document')) return this.#document(next)
    if (due.length > 0 && kinds.includes('overview')) return this.#overviews(due)
    return unchecked.length > 0 && kinds.includes('check') ? this.#checks(unchecked) : undefined
  }

  async #document(record: DocumentRecord): Promise<Made> {
    const { language, entityTypes } = this.#base.config
    const staging = this.#tools.staging.folder()
    const prepared = await stageStored(this.#base, this.#tools.objects, this.#head, record, staging)
    const input = { prepared, staging, fallbackTitle: record.title, label: record.name }
    const known = await knownTopics(await stagedText(input), {
      catalog: this.#tools.catalog,
      page: (path) => pageAt(this.#base, this.#tools, this.#head, path),
    })
    const asked = await documentTask({ ...input, known }, { language, entityTypes, house: await this.#house() })
    this.#tools.staging.discard(staging)
    const lease: Lease = { ...this.#lease, kind: 'document', subjects: [record.name], version: versionOf(record) }
    return {
      lease,
      task: {
        ...this.#describe(lease, record.title),
        ...asked,
        known: known.map(({ kind, name }) => ({ kind, name })),
      },
    }
  }

  async #overviews(paths: string[]): Promise<Made | undefined> {
    const wiki = { ...this.#base.config, house: await this.#house() }
    const made = await this.#pages(paths, (page) => overviewQuestion(wiki, overviewPage(parsePage(page))))
    if (made === undefined) return undefined
    const lease: Lease = { ...this.#lease, kind: 'overview', subjects: made.subjects, version: '' }
    return { lease, task: { ...this.#describe(lease, titleOf(made.subjects, 'overviews')), ...made.asked } }
  }

  async #checks(paths: string[]): Promise<Made | undefined> {
    const versions: string[] = []
    const made = await this.#pages(paths, (page, path) => {
      versions.push(checkedVersion(path, page))
      return contradictionQuestion(pageTitle(page, path), page)
    })
    if (made === undefined) return undefined
    const lease: Lease = { ...this.#lease, kind: 'check', subjects: made.subjects, version: versions.join(' ') }
    return { lease, task: { ...this.#describe(lease, titleOf(made.subjects, 'pages to check')), ...made.asked } }
  }

  async #house(): Promise<string | undefined> {
    return houseRules(this.#base, await pageAt(this.#base, this.#tools, this.#head, AGENTS_PAGE))
  }

  /** One question per page that is there, named by its path. */
  async #pages(
    paths: string[],
    ask: (
      page: string,
      path: string,
    ) => Pick<ObjectRequest<never>, 'system' | 'prompt'> & { schema: SchemaOf<unknown> },
  ): Promise<{ subjects: string[]; asked: Pick<CompileTask, 'instructions' | 'questions' | 'known'> } | undefined> {
    const questions: TaskQuestion[] = []
    let instructions = ''
    for (const path of paths) {
      const page = await pageAt(this.#base, this.#tools, this.#head, path)
      if (page === undefined) continue
      const { system, prompt, schema } = ask(page, path)
      instructions = system
      questions.push({ id: path, prompt, schema: await jsonSchemaOf(schema) })
    }
    if (questions.length === 0) return undefined
    return { subjects: questions.map(({ id }) => id), asked: { instructions, questions, known: [] } }
  }

  #describe(
    { id, kind, subjects, until }: Lease,
    title: string,
  ): Pick<CompileTask, 'id' | 'kind' | 'subject' | 'title' | 'until'> {
    return { id, kind, subject: subjects[0] ?? '', title, until: new Date(until).toISOString() }
  }
}

function titleOf(subjects: readonly string[], many: string): string {
  return subjects.length === 1 ? (subjects[0] ?? '') : `${subjects.length} ${many}`
}
