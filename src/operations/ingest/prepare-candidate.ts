// Prepares a candidate in its staging folder, or reuses what an earlier run prepared but did not commit.
import { createHash } from 'node:crypto'
import type { Compiler } from '../../compile/compiler.ts'
import type { CompileReply } from '../../core/document/compiled.ts'
import type { Failure } from '../../core/errors.ts'
import type { StepTimes } from '../../core/logger.ts'
import type { Seen } from '../../core/document/seen.ts'
import type { Prepared } from '../../core/document/prepared.ts'
import type { Base } from '../../io/base.ts'
import { claimPrepared, notePrepared } from '../../io/sidecar/prepared-store.ts'
import type { Preparer } from '../../prepare/protocol.ts'
import type { Candidate } from './url-candidate.ts'
import { VERSION } from '../../version.ts'

export type PrepareTools = {
  base: Base
  pool: Preparer
  compiler: Pick<Compiler, 'inWorker'>
  times: StepTimes
  signal: AbortSignal
  encoding?: string | undefined
  /** Pages without letters that are drawn, at most. */
  scansMax?: number | undefined
  /** What a model saw on the document's pictures. */
  seen?: Seen | undefined
}

/** `compiled` is set if the worker that prepared the document also compiled it; otherwise the caller compiles. */
export type PreparedCandidate = { prepared: Prepared; compiled?: CompileReply }

/** `staging` is an empty folder. Throws only the signal's abort reason. */
export async function prepareCandidate(
  candidate: Candidate,
  staging: string,
  tools: PrepareTools,
): Promise<PreparedCandidate | { failure: Failure }> {
  const {
    base: { config, sidecarDir, logger },
    pool,
    compiler: { inWorker },
    times,
    signal,
  } = tools
  const { origin, path, extension, sha256, named, url, stem } = candidate
  const encoding = tools.encoding ?? candidate.encoding
  const how = {
    extension,
    sha256,
    longPages: config.pageindexThreshold,
    limits: config.limits,
    encoding,
    url,
    scansMax: tools.scansMax,
    seen: tools.seen,
  }
  const root = named || url !== undefined ? undefined : addedFolder(candidate)
  const key = createHash('sha256')
    .update(JSON.stringify([VERSION, how, root === undefined ? null : Buffer.from(root).toString('latin1')]))
    .digest('hex')
  const kept = await claimPrepared(sidecarDir, key, staging)
  if (kept !== undefined) {
    logger.debug({ path: origin, format: kept.format }, 'reused prepared document')
    return { prepared: kept }
  }
  const start = performance.now()
  const compile =
    inWorker === undefined
      ? {}
      : { compile: { module: inWorker.module, input: { ...inWorker.settings, fallbackTitle: stem } } }
  const reply = await pool.prepare({ ...how, label: origin, path, root, staging, named, ...compile }, signal)
  // Timed from when the worker pool takes the job: starting a worker counts as part of this document.
  const ms = Math.round(performance.now() - start)
  logger.debug(
    { path: origin, ms, ...(reply.ok ? shownOf(reply.prepared) : { failed: reply.failure.code }) },
    'prepared',
  )
  if (!reply.ok) return { failure: reply.failure }
  const { prepared, compiled } = reply
  times.add('prepare', reply.elapsedMs)
  notePrepared(staging, key, prepared)
  if (compiled === undefined) return { prepared }
  times.add('compile', compiled.elapsedMs)
  return { prepared, compiled: compiled.reply }
}

/** The folder that the user named: as many folders up as there are between it and the file. */
function addedFolder({ path, context }: Candidate): Uint8Array {
  const between = context === undefined ? 0 : context.split('/').length
  const parts = Buffer.from(path).toString('latin1').split('/')
  return Buffer.from(parts.slice(0, -1 - between).join('/') || '/', 'latin1')
}

function shownOf({ format, coverage, putBack }: Prepared): Partial<Prepared> {
  return {
    format,
    coverage,
    putBack,
  }
}
