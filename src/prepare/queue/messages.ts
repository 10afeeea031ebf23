// What a writer and the workers at a queue send each other. Both sides check what they get: a queue may have been filled
// by anybody who reaches Redis.
import type { Limits } from '../../core/config.ts'
import type { CompileReply, Compiled } from '../../core/document/compiled.ts'
import { isPrepared, type Prepared } from '../../core/document/prepared.ts'
import { PLACE } from '../../core/document/record.ts'
import { FAILURE_CODES, type Failure, type FailureCode } from '../../core/errors.ts'
import { fields, fits, integer, list, oneOf, shapeOf, text, type Shape } from '../../core/shape.ts'
import { STORED, type Stored } from '../../io/queue/exchange.ts'
import type { PrepareReply, PrepareTask } from '../protocol.ts'

/** The part of a task that does not name places on the writer's machine. */
type SentTask = Pick<
  PrepareTask,
  'label' | 'extension' | 'sha256' | 'encoding' | 'longPages' | 'limits' | 'url' | 'scansMax' | 'named'
>

/** One document to prepare; its bytes are in the exchange. */
export type Job = {
  /** kbgit's version. */
  version: string
  /** Of the writer, in the presence notes. */
  writer: string
  original: Stored
  task: SentTask
  /** What the analysis takes besides the prepared document; absent if the writer compiles. */
  analysis?: Analysis | undefined
}

export type Analysis = { entityTypes: string[]; fallbackTitle: string }

/** `reply` is in the exchange: JSON of a `StagedReply`. */
export type JobResult = { version: string; worker: string; reply: Stored }

/** What a worker made, and the files of the text that `prepared` names without a digest. */
export type StagedReply = { reply: PrepareReply; text?: Stored | undefined; tree?: Stored | undefined }

const ITEMS_MAX = 1_000_000
const CHARS_MAX = 16 * 1024 ** 2
const line = text('one line', 64 * 1024)
const anyText = text('a text', CHARS_MAX)
const number: Shape<number> = (value, field) =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? undefined : { field, expected: 'a number' }

const LIMITS = shapeOf<Limits>()(
  fields(
    {
      sourceBytesMax: integer(0),
      convertTimeoutMs: integer(0),
      convertMemoryBytes: integer(0),
      archiveEntriesMax: integer(0),
      archiveBytesMax: integer(0),
      fetchBytesMax: integer(0),
      fetchTimeoutMs: integer(0),
      redirectsMax: integer(0),
    },
    {},
  ),
)

const JOB = shapeOf<Job>()(
  fields(
    {
      version: text('a version', 100),
      writer: text('an id', 40, /^[0-9a-f-]{36}$/),
      original: STORED,
      task: shapeOf<SentTask>()(
        fields(
          {
            label: line,
            extension: text('an extension', 300),
            sha256: text('a SHA-256', 64, /^[0-9a-f]{64}$/),
            longPages: integer(1),
            limits: LIMITS,
            named: oneOf(true, false),
          },
          { encoding: text('an encoding', 100), url: line, scansMax: integer(0) },
        ),
      ),
    },
    { analysis: shapeOf<Analysis>()(fields({ entityTypes: list(line, 1_000), fallbackTitle: line }, {})) },
  ),
)

const RESULT = shapeOf<JobResult>()(
  fields({ version: text('a version', 100), worker: text('a name', 300), reply: STORED }, {}),
)

const FAILURE = shapeOf<Failure>()(
  fields({ code: oneOf(...FAILURE_CODES), message: line }, { hint: line }),
) as Shape<Failure>

const QUOTE = fields({ text: anyText }, { place: PLACE })
const COMPILED = shapeOf<Omit<Compiled, 'model' | 'summary' | 'nodeSummaries' | 'usage'>>()(
  fields(
    {
      compiler: text('a compiler without a model', 100, /^builtin@\d+$/),
      title: anyText,
      description: anyText,
      keyPoints: list(QUOTE, ITEMS_MAX),
      outline: list(
        fields({ title: anyText, level: integer(0) }, { startPage: integer(0), endPage: integer(0) }),
        ITEMS_MAX,
      ),
      contributions: list(
        fields(
          {
            kind: oneOf('concept', 'entity'),
            name: line,
            key: line,
            aliases: list(line, ITEMS_MAX),
            weight: number,
            says: anyText,
            quotes: list(QUOTE, ITEMS_MAX),
          },
          { type: line, description: anyText },
        ),
        ITEMS_MAX,
      ),
    },
    { language: text('a language', 100) },
  ),
)

const COMPILE_OK = fields({ ok: oneOf(true), compiled: COMPILED }, {})
const FAILED = fields({ ok: oneOf(false), failure: FAILURE }, { needsFolder: oneOf(true) })
const COMPILE_REPLY: Shape<CompileReply> = (value, field) =>
  fits(COMPILE_OK, value) || fits(fields({ ok: oneOf(false), failure: FAILURE }, {}), value)
    ? undefined
    : { field, expected: 'what an analysis returns' }

const PREPARED: Shape<Prepared> = (value, field) =>
  isPrepared(value) && isPlain(value.properties, PROPERTY_DEPTH_MAX)
    ? undefined
    : { field, expected: 'a prepared document' }
const PREPARED_OK = fields(
  { ok: oneOf(true), prepared: PREPARED, elapsedMs: number },
  { compiled: fields({ reply: COMPILE_REPLY, elapsedMs: number }, {}) },
)
const REPLY: Shape<PrepareReply> = (value, field) =>
  fits(PREPARED_OK, value) || fits(FAILED, value) ? undefined : { field, expected: 'what a worker returns' }

const STAGED = shapeOf<StagedReply>()(fields({ reply: REPLY }, { text: STORED, tree: STORED }))

const PROPERTY_DEPTH_MAX = 20

/** Failures that speak of the writer's files or of the worker's machine: a worker has no business to report them. */
const NOT_OF_WORKERS = new Set<FailureCode>([
  'notFound',
  'unreadable',
  'notRegular',
  'changedWhileRead',
  'fetchFailed',
  'fetchRefused',
  'modelUnavailable',
  'modelAnswerRejected',
  'nameConflict',
  'internal',
])

export function isJob(value: unknown): value is Job {
  return fits(JOB, value)
}

export function isJobResult(value: unknown): value is JobResult {
  return fits(RESULT, value)
}

/** Whether a worker's answer is one to this job. What is not is as good as no answer. */
export function isReplyTo(value: unknown, { original, analysis }: Job): value is StagedReply {
  if (!fits(STAGED, value)) return false
  const { reply, text, tree } = value
  if (!reply.ok) return reply.needsFolder === true || !NOT_OF_WORKERS.has(reply.failure.code)
  const { prepared, compiled } = reply
  return (
    prepared.sha256 === original.sha256 &&
    prepared.size === original.size &&
    text?.size === prepared.textSize &&
    (tree === undefined) === (prepared.tree === undefined) &&
    (prepared.kind === 'long') === (prepared.text === 'source.json') &&
    (compiled === undefined || analysis !== undefined)
  )
}

/** Texts, finite numbers, booleans, and lists and maps of them. */
function isPlain(value: unknown, depth: number): boolean {
  if (value === undefined || ['string', 'number', 'boolean'].includes(typeof value)) return true
  return depth > 0 && typeof value === 'object' && value !== null
    ? Object.values(value).every((one) => isPlain(one, depth - 1))
    : false
}

/** A queue for one version of kbgit and one way to exchange bytes: others do not meet. */
export function queueName(version: string, exchange: string): string {
  return `documents-${version}-${exchange}`.replaceAll(':', '-')
}
