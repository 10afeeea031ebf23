// The feeds and pages of `sources.yaml`: each is visited when it is due. What was found is noted in the sidecar, so that
// nothing is added twice and nothing is skipped, whenever the process ends.
import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { SOURCES_FILE } from '../../core/layout.ts'
import type { VisitedSource } from '../../core/results.ts'
import type { ScheduledSource } from '../../core/sources-yaml.ts'
import { isHeadless } from '../../io/base.ts'
import { acquire, tryAcquire, type Lock } from '../../io/sidecar/lock.ts'
import { sidecarPath } from '../../io/sidecar/paths.ts'
import { readVisits, writeVisits, type Visits } from '../../io/sidecar/visits.ts'
import { readSources } from './read-sources.ts'
import { pause } from './ready-files.ts'
import { sourceState } from './source-state.ts'
import { visitFeed } from './visit-feed.ts'
import { visitPage } from './visit-page.ts'
import type { Visited, VisitTools } from './visiting.ts'
import { asKbError, tally, type WatchTools } from './watch-tools.ts'

/** Milliseconds after which `sources.yaml` is looked at again. */
const LOOK_EVERY_MS = 5_000
const LOOK_INTO_GIT_EVERY_MS = 60_000
/** Milliseconds before retrying after a run that failed as a whole; doubled up to the second value. */
const AGAIN_MS_MIN = 2_000
const AGAIN_MS_MAX = 60_000
/** Visits in a row that fail until a source counts as gone. */
const GONE_AFTER_VISITS = 5
const GONE_STATUS = [404, 410]

export class SourcesWatcher {
  readonly name = SOURCES_FILE
  readonly #tools: WatchTools
  readonly #visited = new Map<string, VisitedSource>()
  /** When sources are due, as far as it is known. */
  readonly #due = new Map<string, number>()
  #file = ''
  #sources: ScheduledSource[] = []

  constructor(tools: WatchTools) {
    this.#tools = tools
  }

  /** Those that were visited, in the order of their first visit. */
  get visited(): VisitedSource[] {
    return [...this.#visited.values()]
  }

  /** Reads `sources.yaml` if it changed. Throws `KbError` (`config`), once for each change. */
  async load(): Promise<void> {
    const { base } = this.#tools
    const file = await this.#stateOfFile()
    if (file === this.#file) return
    this.#file = file
    this.#sources = []
    this.#sources = await readSources(base)
  }

  async #stateOfFile(): Promise<string> {
    const { base, now } = this.#tools
    if (isHeadless(base)) return String(Math.floor(now() / LOOK_INTO_GIT_EVERY_MS))
    const found = await stat(join(base.root, SOURCES_FILE)).catch(() => undefined)
    return found === undefined ? '' : `${found.mtimeMs} ${found.size} ${found.ino}`
  }

  /** Whether there is anything to visit. */
  get isEmpty(): boolean {
    return this.#sources.length === 0
  }

  /** Visits all that are due. Throws what stopped a run. */
  async once(): Promise<void> {
    await this.load()
    await this.#visitDue(true)
  }

  /** Resolves when the signal aborts. */
  async watch(): Promise<void> {
    const { signal, tell, now } = this.#tools
    let again = AGAIN_MS_MIN
    while (!signal.aborted) {
      try {
        await this.load()
        await this.#visitDue(false)
        again = AGAIN_MS_MIN
        await pause(Math.max(0, Math.min(this.#next() - now(), LOOK_EVERY_MS)), signal)
      } catch (error) {
        if (signal.aborted) break
        tell({ kind: 'error', error: asKbError(error, SOURCES_FILE) })
        await pause(again, signal)
        again = Math.min(again * 2, AGAIN_MS_MAX)
      }
    }
  }

  #next(): number {
    return Math.min(...this.#sources.map((source) => this.#due.get(keyOf(source)) ?? 0))
  }

  /** One watch visits at a time. `wait`: for the other one to end; else it is looked again later. */
  async #visitDue(wait: boolean): Promise<void> {
    const { base, signal, now } = this.#tools
    if (this.#sources.every((source) => (this.#due.get(keyOf(source)) ?? 0) > now())) return
    await mkdir(sidecarPath(base, 'visits'), { recursive: true })
    using lock = await this.#lock(wait)
    for (const source of lock === undefined ? [] : this.#sources) {
      if (signal.aborted) return
      const visits = await readVisits(base, source)
      if (isDue(visits, source, now())) await this.#visit(source, visits)
      else this.#due.set(keyOf(source), visits.nextAt)
    }
    // Another watch has them.
    if (lock === undefined) for (const source of this.#sources) this.#due.set(keyOf(source), now() + LOOK_EVERY_MS)
  }

  async #lock(wait: boolean): Promise<Lock | undefined> {
    const { base, signal } = this.#tools
    const path = sidecarPath(base, 'visits', 'lock.db')
    return wait
      ? acquire(path, 'exclusive', { waitMs: base.config.lockWaitMs, command: 'watch', signal })
      : tryAcquire(path, 'exclusive')
  }

  async #visit(source: ScheduledSource, before: Visits): Promise<void> {
    const { base, tell, now } = this.#tools
    const counts = { added: 0, updated: 0, failed: 0 }
    const remarks: string[] = []
    const folder = sidecarPath(base, 'visits', 'fetched')
    // What an earlier process left.
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder)
    const tools: VisitTools = {
      ...this.#tools,
      folder,
      remark: (text) => remarks.push(text),
      report: (taken) => {
        tally(counts, taken)
        tell({ kind: 'added', result: taken })
      },
    }
    try {
      const visited = await (source.kind === 'feed' ? visitFeed : visitPage)(tools, source, before)
      const after = ended(visited, source, now())
      await writeVisits(base, after)
      this.#due.set(keyOf(source), after.nextAt)
      this.#note(source, after, counts, remarks)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  #note(
    source: ScheduledSource,
    after: Visits,
    counts: { added: number; updated: number; failed: number },
    remarks: string[],
  ): void {
    const state = sourceState(source, after)
    const before = this.#visited.get(keyOf(source)) ?? { added: 0, updated: 0, failed: 0 }
    const sum = (kind: keyof typeof counts): number => before[kind] + counts[kind]
    this.#visited.set(keyOf(source), {
      ...state,
      added: sum('added'),
      updated: sum('updated'),
      failed: sum('failed'),
    })
    this.#tools.tell({ kind: 'visited', source: { ...state, ...counts }, remarks })
  }
}

/** Also if it is due only later than a whole period from now: the clock was set back, or the period shortened. */
function isDue({ nextAt }: Visits, { everyMs }: ScheduledSource, now: number): boolean {
  return nextAt <= now || nextAt > now + everyMs
}

function ended({ visits, failure, status = 0 }: Visited, { everyMs }: ScheduledSource, now: number): Visits {
  const failures = failure === undefined ? 0 : visits.failures + 1
  const { error: _, ...rest } = visits
  return {
    ...rest,
    visitedAt: now,
    nextAt: now + everyMs,
    failures,
    gone: failure !== undefined && (GONE_STATUS.includes(status) || failures >= GONE_AFTER_VISITS),
    ...(failure === undefined ? {} : { error: failure }),
  }
}

function keyOf({ kind, url }: ScheduledSource): string {
  return `${kind} ${url}`
}
