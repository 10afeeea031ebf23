// Many readers beside one writer: they list, search, ask and look at pages, each as fast as it can, with and without an
// `add` at the same time. Neither may wait for the other.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Bench, Place } from './support/bench.ts'
import { KeptBase } from './support/kept-base.ts'
import { note, writeNotes } from './support/notes.ts'
import { added } from './support/steps.ts'

const KINDS = ['list', 'search', 'query', 'view'] as const
type Kind = (typeof KINDS)[number]
/** `times`: milliseconds of each read that came to its end. */
type Reads = { times: Record<Kind, number[]>; errors: string[] }
type Reading = { place: Place; base: KeptBase; viewer: Viewer; count: number }
type Writing = { documents: number; ms: number; cpuMs: number; longestGapMs: number }

export const readers: Bench = {
  name: 'readers',
  about: 'readers beside an add',
  run: async (place) => {
    const count = place.size(64, 8)
    const base = await KeptBase.open(place, place.size(1_000, 100))
    const notes = place.size(300, 10)
    await using viewer = await startViewer(place, base.dir)
    const alone = await write(place, base, notes)
    const beside = noReads()
    const busy = await untilDone({ place, base, viewer, count }, beside, write(place, base, notes))
    const quiet = noReads()
    await untilDone({ place, base, viewer, count }, quiet, wait(busy.ms))
    const errors = [...beside.errors, ...quiet.errors]
    return {
      bench: readers.name,
      about: `${count} ${readers.about}, at ${base.documents} documents`,
      tables: [
        {
          title: `Each reader for the time of the add, and as long without it. Milliseconds of a read.`,
          rows: KINDS.map((kind) => ({
            read: kind === 'view' ? 'a page of the viewer' : `kbgit ${kind}`,
            reads: beside.times[kind].length,
            median: quantile(beside.times[kind], 0.5),
            p95: quantile(beside.times[kind], 0.95),
            'without the writer: reads': quiet.times[kind].length,
            'median without': quantile(quiet.times[kind], 0.5),
            'p95 without': quantile(quiet.times[kind], 0.95),
          })),
        },
        { title: 'The writer.', rows: [writingRow('alone', alone), writingRow(`beside ${count} readers`, busy)] },
        ...(errors.length === 0
          ? []
          : [{ title: 'Errors.', rows: [...new Set(errors)].map((error) => ({ error: error.slice(0, 300) })) }]),
      ],
      bars: [
        { what: 'reads that failed', value: errors.length, atMost: 0 },
        ...KINDS.map((kind) => ({
          what: `p95 of ${kind} beside the writer, compared with that without`,
          value: quantile(beside.times[kind], 0.95) / quantile(quiet.times[kind], 0.95),
          atMost: 2,
        })),
      ],
    }
  },
}

function writingRow(writer: string, { documents, ms, cpuMs, longestGapMs }: Writing) {
  return {
    writer,
    documents,
    'ms a document': ms / documents,
    'CPU ms a document': cpuMs / documents,
    'longest time without a document, ms': longestGapMs,
  }
}

async function write(place: Place, base: KeptBase, count: number): Promise<Writing> {
  const first = base.freshNotes(count)
  const folder = join(place.dir, `notes-${first}`)
  writeNotes(folder, first, count)
  const from = Date.now()
  const before = (await place.git(base.dir, ['rev-parse', 'HEAD'])).stdout.trim()
  const ran = await place.kbgit(base.dir, ['add', folder, '--json'])
  added(ran, count)
  // git's own clock of commits counts whole seconds.
  const log = await place.git(base.dir, ['log', '--reverse', '--format=%ct', `${before}..HEAD`])
  const times = [
    from,
    ...log.stdout
      .trim()
      .split('\n')
      .map((seconds) => Number(seconds) * 1000),
  ]
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time))
  return { documents: count, ms: ran.ms, cpuMs: ran.cpuMs, longestGapMs: Math.max(0, ...gaps) }
}

/** All readers read until `work` has ended, each at least once. */
async function untilDone<T>(reading: Reading, reads: Reads, work: Promise<T>): Promise<T> {
  const progress = { done: false }
  const watched = work.finally(() => {
    progress.done = true
  })
  const loops = Array.from({ length: reading.count }, async (_, number) => {
    const kind = KINDS[number % KINDS.length] ?? 'list'
    for (let turn = 0; turn === 0 || !progress.done; turn++) {
      const from = performance.now()
      const error = await readOnce(reading, kind, number + turn * reading.count)
      if (error === undefined) reads.times[kind].push(performance.now() - from)
      else reads.errors.push(`${kind}: ${error}`)
    }
  })
  const [outcome] = await Promise.all([watched, ...loops])
  return outcome
}

/** What went wrong, if anything did. */
async function readOnce({ place, base, viewer }: Reading, kind: Kind, number: number): Promise<string | undefined> {
  if (kind === 'view') {
    const answer = await fetch(viewer.origin + (PAGES[number % PAGES.length] ?? '/'))
    await answer.arrayBuffer()
    return answer.ok ? undefined : String(answer.status)
  }
  const words = kind === 'list' ? [] : [wordsOf(number % base.documents)]
  const { code, stderr } = await place.kbgit(base.dir, [kind, ...words, '--json'], { mayFail: true })
  return code === 0 ? undefined : `${code} ${stderr}`
}

const PAGES = ['/', '/documents', '/concepts', '/search?q=concept', '/timeline']

/** Three words of a note of the base. */
function wordsOf(number: number): string {
  return note(number)
    .text.replace(/[^\p{L}\s]/gu, ' ')
    .trim()
    .split(/\s+/)
    .slice(8, 11)
    .join(' ')
}

type Viewer = AsyncDisposable & { origin: string }

async function startViewer(place: Place, dir: string): Promise<Viewer> {
  const [program = '', ...args] = place.kbgitCommand('view')
  const child: ChildProcess = spawn(program, args, { cwd: dir, env: place.env, stdio: ['ignore', 'pipe', 'inherit'] })
  const [chunk] = (await once(child.stdout ?? child, 'data')) as [Buffer]
  return {
    origin: new URL(chunk.toString().trim()).origin,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGINT')
      await once(child, 'close')
    },
  }
}

function noReads(): Reads {
  return { times: { list: [], search: [], query: [], view: [] }, errors: [] }
}

function quantile(values: number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN
}

async function wait(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms))
}
