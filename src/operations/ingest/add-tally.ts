// What an `add` reports: its result, its progress, and what it records for the next run.
import type { Outcome } from '../../commit/work.ts'
import { addUsage, emptyUsage } from '../../core/document/compiled.ts'
import type { Failure } from '../../core/errors.ts'
import type { Batch, Hashed } from '../../core/document/plan-add.ts'
import type { AddedDocument, AddResult } from '../../core/results.ts'
import { doneProgress, type RunOptions } from './run.ts'
import type { DocumentEnd } from './document-work.ts'
import type { KnownSource, Restored } from './restore-originals.ts'
import type { ReadyDocument } from './plan-files.ts'
import type { RunRecord } from '../../io/sidecar/run-record.ts'
import type { Candidate } from './url-candidate.ts'

/** One item in scan order, ready for the writer. */
export type Item =
  | { kind: 'document'; candidate: Candidate; ready: ReadyDocument }
  | {
      kind: 'skipped'
      candidate: Hashed | Candidate
      reason: 'duplicate' | 'unchanged' | 'unsupported'
      name?: string | undefined
      planned?: true
      /** The file was renamed: what it was called before. */
      movedFrom?: string | undefined
    }
  | { kind: 'failed'; origin: string; failure: Failure; candidate?: Hashed }
  /** Depends on the outcome of an earlier item. */
  | { kind: 'waits'; candidate: Candidate }

/** The writer's outcome for one document. */
export type Ended = { outcome: Outcome | undefined; end: DocumentEnd | undefined }

/** `documents`: failures of this run are noted by the caller, and not for `--retry-failed`. */
type TallyOptions = Pick<RunOptions, 'dryRun' | 'onProgress'> & { documents?: unknown[] | undefined }

export class AddTally {
  /** Items found by the scan so far. */
  seen = 0
  /** Files whose content is that of a document. */
  readonly known: KnownSource[] = []
  #done = 0
  readonly #result: AddResult
  readonly #batch: Batch
  readonly #record: RunRecord
  readonly #options: TallyOptions
  readonly #isKnown: (origin: string) => boolean

  constructor(
    result: AddResult,
    batch: Batch,
    record: RunRecord,
    options: TallyOptions,
    isKnown: (origin: string) => boolean,
  ) {
    this.#result = result
    this.#batch = batch
    this.#record = record
    this.#options = options
    this.#isKnown = isKnown
  }

  /** Records a finished item. `ended` is absent if the item never reached the writer. */
  report(item: Item, ended: Ended | undefined): void {
    const { skipped, failed } = this.#result
    switch (item.kind) {
      case 'waits':
        break
      case 'skipped':
        if (item.planned === true) this.#batch.finish(item.candidate, 'failed')
        skipped.push({
          path: item.candidate.origin,
          reason: item.reason,
          name: item.name,
        })
        if (item.name !== undefined && 'path' in item.candidate)
          this.known.push({ name: item.name, candidate: item.candidate })
        this.#progress(item.candidate.origin, 'skipped')
        break
      case 'failed':
        failed.push({ path: item.origin, error: item.failure })
        if (item.candidate !== undefined) this.#batch.finish(item.candidate, 'failed')
        this.#progress(item.origin, 'failed', item.failure)
        break
      case 'document':
        // Not attempted: the run ends here and reports why.
        if (ended?.outcome?.kind !== 'untried') this.#reportDocument(item, ended)
    }
  }

  /** The original that a skipped file has put back, or could not. */
  restored({ candidate, commit, failure }: Restored): void {
    const { skipped, failed } = this.#result
    const index = skipped.findIndex(({ path }) => path === candidate.origin)
    const source = skipped[index]
    if (source === undefined) return
    if (failure === undefined) Object.assign(source, { restored: true }, commit === undefined ? {} : { commit })
    else {
      skipped.splice(index, 1)
      failed.push({ path: candidate.origin, error: failure })
    }
  }

  #reportDocument(
    { candidate, ready }: Extract<Item, { kind: 'document' }>,
    { outcome, end }: Partial<Ended> = {},
  ): void {
    const path = candidate.origin
    if (outcome?.kind === 'failed') {
      this.#batch.finish(candidate, 'failed')
      this.#result.failed.push({ path, error: outcome.failure })
      return this.#progress(path, 'failed', outcome.failure)
    }
    this.#batch.finish(candidate, 'committed')
    if (end?.kind === 'skipped') {
      this.#result.skipped.push({ path, reason: end.reason, name: end.name })
      return this.#progress(path, 'skipped')
    }
    const usage = ready.compiled?.usage
    if (usage !== undefined) addUsage(this.#result.model, usage)
    const kind = end?.kind ?? (this.#options.dryRun === true && this.#isKnown(path) ? 'updated' : 'added')
    const commit = outcome?.kind === 'committed' ? outcome.commit : ''
    this.#result[kind].push({
      name: end?.name ?? ready.name,
      path,
      sha256: candidate.sha256,
      commit,
      ...reportOf(ready),
    })
    for (const { kind, ready } of end?.attachments ?? []) {
      if (ready.compiled.usage !== undefined) addUsage(this.#result.model, ready.compiled.usage)
      const { name, origin, prepared } = ready
      this.#result[kind].push({ name, path: origin, sha256: prepared.sha256, commit, ...reportOf(ready) })
    }
    this.#progress(path, kind)
  }

  #progress(path: string, outcome: 'added' | 'updated' | 'skipped' | 'failed', failure?: Failure): void {
    this.#done++
    this.#record.end(path, this.#options.documents === undefined ? failure : undefined)
    this.#options.onProgress?.(doneProgress(path, outcome, { done: this.#done, total: this.seen }, failure))
  }
}

/** With `--dry-run` a document is neither prepared nor compiled. */
function reportOf({ prepared, compiled }: Partial<ReadyDocument>): Pick<AddedDocument, 'pages' | 'model' | 'warnings'> {
  const { usage } = compiled ?? {}
  return {
    pages: prepared?.pages,
    ...(usage === undefined || usage.calls + usage.cachedAnswers === 0 ? {} : { model: usage }),
    warnings: prepared?.warnings,
  }
}

export function emptyAddResult(base: string | null): AddResult {
  return {
    added: [],
    updated: [],
    skipped: [],
    failed: [],
    ignored: 0,
    overview: { pages: 0 },
    model: emptyUsage(),
    base: base ?? '',
    head: base ?? '',
    elapsedMs: 0,
  }
}
