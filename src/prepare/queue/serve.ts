// A worker's side of a queue: one job from its bytes to the answer, with the pool that a writer uses on its own machine.
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CompileReply } from '../../core/document/compiled.ts'
import type { Prepared } from '../../core/document/prepared.ts'
import type { Exchange } from '../../io/queue/exchange.ts'
import type { PrepareReply, Preparer } from '../protocol.ts'
import { isJob, type Analysis, type Job, type JobResult, type StagedReply } from './messages.ts'

export type ServeOptions = {
  exchange: Exchange
  pool: Preparer
  version: string
  /** This worker's name in messages. */
  name: string
  /** Whether a writer is still there. */
  isWanted: (writer: string) => Promise<boolean>
  /** Each job gets a folder in it. */
  folder: string
  /** The module that analyses in the worker that prepared the document. */
  analysisModule: string
  /** Analyses what that worker left, because it is large. */
  analyse: (input: Analysis, made: { prepared: Prepared; staging: string; label: string }) => Promise<CompileReply>
  onDone?: ((outcome: 'prepared' | 'failed' | 'left', ms: number) => void) | undefined
}

/** Does a job. What it throws costs the writer one more attempt. */
export async function serveJob(id: string, job: unknown, options: ServeOptions): Promise<JobResult> {
  const { exchange, version, name, isWanted } = options
  if (!isJob(job)) throw new Error('the job is not one that kbgit makes')
  if (job.version !== version) throw new Error(`the worker is kbgit ${version}, the writer kbgit ${job.version}`)
  if (!(await isWanted(job.writer))) {
    await exchange.drop(id)
    throw new Error('its writer is gone')
  }
  const start = performance.now()
  const place = await mkdtemp(join(options.folder, 'job-'))
  try {
    const staged = await makeReply(id, job, place, options)
    const file = join(place, 'reply.json')
    await writeFile(file, JSON.stringify(staged))
    const result = { version, worker: name, reply: await exchange.put(id, file) }
    options.onDone?.(outcomeOf(staged.reply), performance.now() - start)
    return result
  } finally {
    await rm(place, { recursive: true, force: true })
  }
}

function outcomeOf(reply: PrepareReply): 'prepared' | 'failed' | 'left' {
  if (reply.ok) return 'prepared'
  return reply.needsFolder === true ? 'left' : 'failed'
}

async function makeReply(id: string, job: Job, place: string, options: ServeOptions): Promise<StagedReply> {
  const { exchange, pool, analysisModule, isWanted } = options
  const { task, analysis } = job
  const path = join(place, 'document')
  const staging = join(place, 'staging')
  await exchange.take(id, job.original, path)
  await mkdir(staging)
  const reply = await pool.prepare({
    ...task,
    path: Buffer.from(path),
    staging,
    isCopy: true,
    ...(analysis === undefined ? {} : { compile: { module: analysisModule, input: analysis } }),
  })
  if (!reply.ok) return { reply }
  const whole = await analysed(reply, job, staging, options)
  const { prepared } = reply
  const names = [
    prepared.text,
    ...(prepared.tree === undefined ? [] : [prepared.tree]),
    ...prepared.images.map(({ file }) => join('images', file)),
    ...[...(prepared.scans ?? []), ...(prepared.attachments ?? [])].map(({ file }) => file),
  ]
  if ((await bytesOf(staging, names)) > exchange.bytesMax || !(await isWanted(job.writer))) {
    // The writer prepares it where there is room.
    const failure = { code: 'internal' as const, message: `${task.label} is too large to be sent back.` }
    return { reply: { ok: false, failure, needsFolder: true } }
  }
  const stored = new Map<string, Awaited<ReturnType<Exchange['put']>>>()
  for (const file of names) stored.set(file, await exchange.put(id, join(staging, file)))
  return { reply: whole, text: stored.get(prepared.text), tree: stored.get(prepared.tree ?? '') }
}

async function analysed(
  reply: Extract<PrepareReply, { ok: true }>,
  { task: { label }, analysis }: Job,
  staging: string,
  { analyse }: ServeOptions,
): Promise<PrepareReply> {
  if (analysis === undefined || reply.compiled !== undefined) return reply
  const start = performance.now()
  const compiled = await analyse(analysis, { prepared: reply.prepared, staging, label })
  return { ...reply, compiled: { reply: compiled, elapsedMs: performance.now() - start } }
}

async function bytesOf(folder: string, names: string[]): Promise<number> {
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}
