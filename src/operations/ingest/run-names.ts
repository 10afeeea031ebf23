// Which known topics go into the prompt for a document. They follow from the order of the run alone, so that the same answers
// give the same pages for any number of calls at once, and after an interruption.
import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import type { OpenWriter } from '../../commit/open-writer.ts'
import type { KnownTopic } from '../../compile/compiler.ts'
import { fields, fits, text, type Shape } from '../../core/shape.ts'
import { repoPathOf, snapshotKey, type Base } from '../../io/base.ts'
import { CatalogReader } from '../../io/catalog/reader.ts'
import { readKeptJson, writeKeptJson } from '../../io/sidecar/kept-json.ts'
import { sidecarPath } from '../../io/sidecar/paths.ts'
import type { Ended, Item } from './add-tally.ts'
import { knownTopics } from './known-topics.ts'
import type { Run } from './run.ts'

/**
 * A prompt has the topics of documents that come at least this many before its own in the run, or a quarter of their number:
 * that many can be under way at once. A smaller distance would mean more topics, and more waiting.
 */
const AHEAD_MIN = 32
const AHEAD_SHARE = 0.25

/** `start`: the commit that the run began on. */
type Began = { start: string; inputs: string }
const BEGAN: Shape<Began> = fields(
  { start: text('a commit', 64, /^[0-9a-f]{40,64}$/), inputs: text('a SHA-256', 64, /^[0-9a-f]{64}$/) },
  {},
)

export class RunNames implements Disposable {
  readonly #base: Base
  readonly #tools: Pick<OpenWriter, 'objects'>
  readonly #catalog: CatalogReader
  readonly #start: string
  /** Documents that this run committed before it was interrupted: name → commit. */
  readonly #earlier: ReadonlyMap<string, string>
  readonly #now = new Set<string>()
  #positions = 0
  /** By position: the commit, or null if there is none. */
  readonly #settled: (string | null)[] = []
  /** The newest commit after each position, as far as all before it are settled. */
  readonly #tips: string[] = []
  readonly #waiting = new Set<() => void>()

  private constructor(base: Base, tools: Pick<OpenWriter, 'objects'>, start: string, earlier: Map<string, string>) {
    this.#base = base
    this.#tools = tools
    this.#start = start
    this.#earlier = earlier
    this.#catalog = new CatalogReader(sidecarPath(base, 'catalog'), { access: 'read', key: snapshotKey(base) })
  }

  /** Continues a run over the same inputs that was interrupted. Undefined if no model is asked. */
  static async open(
    base: Base,
    { tools, compiler, head }: Pick<Run, 'tools' | 'compiler' | 'head'>,
    inputs: string[],
    { dryRun }: { dryRun?: boolean },
  ): Promise<RunNames | undefined> {
    if (dryRun === true || head === null || compiler.model === undefined) return undefined
    const file = sidecarPath(base, 'runNames')
    const digest = createHash('sha256')
      .update(JSON.stringify([snapshotKey(base), inputs]))
      .digest('hex')
    const began = await readKeptJson(file)
    if (fits(BEGAN, began) && began.inputs === digest && (await isAncestor(base, began.start, head)))
      return new RunNames(base, tools, began.start, await committedSince(base, began.start, head))
    writeKeptJson(file, { start: head, inputs: digest })
    return new RunNames(base, tools, head, new Map())
  }

  [Symbol.dispose](): void {
    this.#catalog[Symbol.dispose]()
  }

  /** The run is over: what it began on is no longer of interest. */
  async end(): Promise<void> {
    await rm(sidecarPath(this.#base, 'runNames'), { force: true })
  }

  /** The next place in the order of the run. */
  position(): number {
    return this.#positions++
  }

  /** A file that is skipped, as the document of this name, counts if that came in with this run. */
  skip(name: string | undefined, position: number | undefined): void {
    const earlier = name === undefined ? undefined : this.#earlier.get(name)
    const isOfRun = name !== undefined && (earlier !== undefined || this.#now.has(name))
    // Other files with the same content come later.
    if (isOfRun) this.#settle(position ?? this.position(), name, this.#now.has(name) ? undefined : earlier)
    else if (position !== undefined) this.#settle(position)
  }

  /** Later documents may be told the names of this one. */
  ended(item: Item, ended: Ended | undefined): void {
    const position = item.candidate !== undefined && 'position' in item.candidate ? item.candidate.position : undefined
    if (position === undefined || item.kind === 'waits') return
    const commit = ended?.outcome?.kind === 'committed' ? ended.outcome.commit : undefined
    this.#settle(position, ended?.end?.name, commit)
  }

  #settle(position: number, name?: string, commit: string | null = null): void {
    if (position in this.#settled) return
    if (name !== undefined && commit !== null) this.#now.add(name)
    this.#settled[position] = commit
    for (let next = this.#tips.length; next in this.#settled; next++)
      this.#tips.push(this.#settled[next] ?? this.#tips.at(-1) ?? this.#start)
    for (const wake of this.#waiting) wake()
  }

  /** Topics for the document at a position, once the documents they come from are done. Rejects with the signal's reason. */
  async known(text: string, position: number, signal: AbortSignal): Promise<KnownTopic[]> {
    const last = position - Math.max(AHEAD_MIN, Math.floor(position * AHEAD_SHARE))
    while (last >= this.#tips.length) await this.#change(signal)
    const commit = this.#tips[last] ?? this.#start
    return knownTopics(text, {
      catalog: this.#catalog,
      page: async (path) =>
        (await this.#tools.objects.read(`${commit}:${repoPathOf(this.#base, path)}`))?.toString('utf8'),
    })
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const wake = () => {
        this.#waiting.delete(wake)
        signal.removeEventListener('abort', wake)
        if (signal.aborted) reject(signal.reason)
        else resolve()
      }
      if (signal.aborted) return wake()
      this.#waiting.add(wake)
      signal.addEventListener('abort', wake)
    })
  }
}

async function isAncestor({ git }: Base, commit: string, head: string): Promise<boolean> {
  return (await git.run(['merge-base', '--is-ancestor', commit, head], { ok: [0, 1, 128] })).code === 0
}

/** Documents by name, and the commits that added or updated them. */
async function committedSince({ git }: Base, start: string, head: string): Promise<Map<string, string>> {
  const format = '%H%x00%(trailers:key=Kbgit-Document,valueonly,separator=%x00)'
  const log = await git.text(['log', '--first-parent', '--reverse', `--format=${format}`, `${start}..${head}`])
  const commits = new Map<string, string>()
  for (const line of log.split('\n')) {
    const [commit = '', ...names] = line.split('\0')
    for (const name of names) if (name !== '') commits.set(name, commit)
  }
  return commits
}
