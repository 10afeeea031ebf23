// Makes one document ready for the writer: prepares and compiles it, then the attachments that become documents with
// it.
import { join, extname, basename } from 'node:path'
import type { OpenWriter } from '../../commit/open-writer.ts'
import { addUsage, type Compiled, type CompileReply, type ModelUsage } from '../../core/document/compiled.ts'
import type { Prepared, PreparedAttachment } from '../../core/document/prepared.ts'
import type { Failure, FailureCode } from '../../core/errors.ts'
import type { Progress } from '../../core/results.ts'
import type { Base } from '../../io/base.ts'
import type { Preparer } from '../../prepare/protocol.ts'
import type { OpenCompiler } from './compiler-types.ts'
import { stagedText } from './known-topics.ts'
import type { ReadyDocument } from './plan-files.ts'
import type { Semaphore } from './pipeline.ts'
import type { RunNames } from './run-names.ts'
import { prepareCandidate } from './prepare-candidate.ts'
import { withPictures } from './with-pictures.ts'
import type { Candidate } from './url-candidate.ts'

export type MakeTools = {
  base: Base
  tools: OpenWriter
  pool: Preparer
  compiler: OpenCompiler
  semaphore: Semaphore
  /** Only with a model. */
  names?: RunNames | undefined
  signal: AbortSignal
  encoding?: string | undefined
  onProgress?: ((progress: Progress) => void) | undefined
}

/** Reasons that are not in the document: the same attachment may be readable the next time. */
const WILL_PASS: FailureCode[] = ['internal', 'modelUnavailable', 'modelAnswerRejected']

/** `isPrepare`: it failed before it was compiled. */
export type Made = { ready: ReadyDocument } | { failure: Failure; isPrepare: boolean }

/** Throws only `KbError` and the signal's reason. */
export async function makeDocument(candidate: Candidate, name: string, make: MakeTools): Promise<Made> {
  const made = await makeOne(candidate, name, make)
  if ('failure' in made || made.ready.prepared.attachments === undefined) return made
  return withAttachments(made.ready, candidate, make)
}

async function makeOne(candidate: Candidate, name: string, make: MakeTools): Promise<Made> {
  const { base, tools, pool, compiler, signal, encoding } = make
  const staging = tools.staging.folder()
  const made = await make.semaphore.run((worker) => {
    signal.throwIfAborted()
    make.onProgress?.({ kind: 'prepare', path: candidate.origin, worker })
    const scansMax = compiler.pictures?.picturesMax
    return prepareCandidate(candidate, staging, {
      base,
      pool,
      compiler,
      times: tools.times,
      signal,
      encoding,
      scansMax,
    })
  })
  if ('failure' in made) return { failure: made.failure, isPrepare: true }
  const looked = await withPictures(candidate, { prepared: made.prepared, staging }, make)
  const { prepared } = looked
  const reply = made.compiled ?? (await compile(candidate, prepared, looked.staging, make))
  if (!reply.ok) return { failure: reply.failure, isPrepare: false }
  const { extension, context, previousDigest, force } = candidate
  const origin = identityOf(candidate, prepared.url)
  const compiled = withUsage(reply.compiled, looked.usage)
  return {
    ready: { origin, extension, name, staging: looked.staging, prepared, compiled, context, previousDigest, force },
  }
}

function withUsage(compiled: Compiled, looked: ModelUsage | undefined): Compiled {
  if (looked === undefined) return compiled
  const usage = { ...looked }
  addUsage(usage, compiled.usage ?? {})
  return { ...compiled, usage }
}

async function compile(
  { origin, stem, position }: Candidate,
  prepared: Prepared,
  staging: string,
  { base, tools, compiler, names, signal, onProgress }: MakeTools,
): Promise<CompileReply> {
  const known =
    position === undefined ? undefined : await names?.known(await stagedText({ prepared, staging }), position, signal)
  onProgress?.({ kind: 'compile', path: origin, worker: 0 })
  const start = performance.now()
  const reply = await compiler.compile({ prepared, staging, fallbackTitle: stem, label: origin, known }, signal)
  const ms = performance.now() - start
  tools.times.add('compile', ms)
  base.logger.debug({ path: origin, ms: Math.round(ms) }, 'compiled')
  return reply
}

/**
 * The message with its attachments, each in a worker and a staging folder of its own. If one cannot be converted, the
 * message is still added, and says so; if this machine or the model was the reason, the message fails with it.
 */
async function withAttachments(mail: ReadyDocument, candidate: Candidate, make: MakeTools): Promise<Made> {
  const all = mail.prepared.attachments ?? []
  const made = await Promise.all(
    all.map((attachment) =>
      makeOne(attached(attachment, mail, candidate), mail.name, { ...make, encoding: undefined }),
    ),
  )
  for (const one of made) if ('failure' in one && WILL_PASS.includes(one.failure.code)) return one
  const failures = made.flatMap((one, index) =>
    'failure' in one ? [`The attachment "${all[index]?.name}" is not in the base: ${one.failure.message}`] : [],
  )
  const attachments = made.flatMap((one) => ('ready' in one ? [one.ready] : []))
  if (failures.length === 0) return { ready: { ...mail, attachments } }
  const { prepared } = mail
  const warnings = failures.map((message) => ({ code: 'attachmentFailed' as const, message }))
  return {
    ready: {
      ...mail,
      attachments,
      prepared: {
        ...prepared,
        notes: [...prepared.notes, ...failures],
        warnings: [...(prepared.warnings ?? []), ...warnings],
      },
    },
  }
}

/** An attachment's identity is the message's, followed by the name of the file. */
function attached({ file, name, sha256, size }: PreparedAttachment, mail: ReadyDocument, of: Candidate): Candidate {
  const extension = extname(name)
  return {
    kind: 'file',
    origin: `${mail.origin}/${name}`,
    path: Buffer.from(join(mail.staging, file)),
    stem: basename(name, extension),
    extension: extension.toLowerCase(),
    context: of.context,
    named: true,
    position: of.position,
    size,
    sha256,
  }
}

/** A web page is identified by its canonical URL if that is on the same site; a file by its path. */
function identityOf({ origin, url }: Candidate, canonical: string | undefined): string {
  if (url === undefined || canonical === undefined || !URL.canParse(canonical)) return origin
  return new URL(canonical).origin === new URL(url).origin ? canonical : origin
}
