// The same question as `flat` for bare repositories, which have neither git's index nor a work tree: up to 200,000 documents,
// one at a time and in groups of 50, with the writer's memory, and how long search takes.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { generateBase } from '../support/generate-base.ts'
import { CACHE, type Bench, type Place } from './support/bench.ts'
import { note, writeNotes } from './support/notes.ts'
import type { Row } from './support/report.ts'
import { Samples, takeTurns } from './support/rounds.ts'
import { added } from './support/steps.ts'

const GROUP = 50
/** Queries of one `search --batch`. */
const QUERIES = 100
/** Before them, not counted. */
const WARM = 5
const MIB = 1024 ** 2

type Kept = { commit: string; catalogMs: number; searchMs: number; nextNote: number }
type Headless = { dir: string; documents: number; kept: Kept }

export const flatHeadless: Bench = {
  name: 'flat-headless',
  about: 'milliseconds a document by the size of a base without a work tree',
  run: async (place) => {
    const largest = place.options.max ?? place.size(50_000, 500)
    const sizes = place.size([1_000, 10_000, 50_000, 200_000], [100, 500]).filter((size) => size <= largest)
    const bases: Headless[] = []
    for (const size of sizes) bases.push(await keptBase(place, size))
    const samples = new Samples()
    for (const base of bases) await addNotes(place, base, 1, new Samples())
    await takeTurns(
      place.rounds(5),
      bases.map((base) => async () => {
        await addNotes(place, base, 1, samples)
        await addNotes(place, base, GROUP, samples)
      }),
    )
    for (const base of bases) await search(place, base, samples)
    for (const base of bases) await restore(place, base)
    const [first = 0, last = 0] = [sizes[0], sizes.at(-1)]
    return {
      bench: flatHeadless.name,
      about: flatHeadless.about,
      tables: [
        {
          title: `Whole commands, medians of ${place.rounds(5)} rounds. Memory: of the largest process. Search: p95 of ${QUERIES} queries in one --batch.`,
          rows: bases.map(({ documents }) => rowOf(samples, documents)),
        },
        {
          title: 'The first look at a base that kbgit has never seen, once.',
          rows: bases.map(({ documents, kept }) => ({
            documents,
            'catalog ms': kept.catalogMs,
            'search store ms': kept.searchMs,
          })),
        },
      ],
      bars: [
        {
          what: `groups of ${GROUP}, processor time a document at ${last} beside one at ${first}`,
          value: samples.ratio(`${last} ${GROUP} cpu`, `${first} ${GROUP} cpu`),
          atMost: 1.5,
        },
        {
          what: `one document, processor time at ${last} beside ${first}`,
          value: samples.ratio(`${last} 1 cpu`, `${first} 1 cpu`),
          atMost: 1.5,
        },
        {
          what: `groups of ${GROUP} at ${last}, ms a document`,
          value: samples.median(`${last} ${GROUP} ms`),
          atMost: 15,
        },
        { what: `search p95 at ${last}, ms`, value: samples.median(`${last} search`), atMost: 150 },
      ],
    }
  },
}

function rowOf(samples: Samples, documents: number): Row {
  return {
    documents,
    'one: ms': samples.median(`${documents} 1 ms`),
    'one: cpu ms': samples.median(`${documents} 1 cpu`),
    [`${GROUP} at once: ms a document`]: samples.median(`${documents} ${GROUP} ms`),
    [`${GROUP} at once: cpu ms`]: samples.median(`${documents} ${GROUP} cpu`),
    'memory MiB': samples.median(`${documents} ${GROUP} memory`),
    'search p95 ms': samples.median(`${documents} search`),
  }
}

/** Made by git once, and kept between runs: the larger ones take long. */
async function keptBase(place: Place, documents: number): Promise<Headless> {
  const dir = join(CACHE, `headless-1-${documents}.git`)
  const file = `${dir}.json`
  if (!existsSync(file)) {
    const making = `${dir}.new`
    for (const folder of [making, dir, `${dir}.work`]) rmSync(folder, { recursive: true, force: true })
    await generateBase(`${dir}.work`, { documents, checkout: false })
    renameSync(join(`${dir}.work`, '.git'), making)
    rmSync(`${dir}.work`, { recursive: true, force: true })
    await place.git(making, ['config', 'core.bare', 'true'])
    await place.git(making, ['gc', '-q'])
    const commit = (await place.git(making, ['rev-parse', 'HEAD'])).stdout.trim()
    // The first command that writes reads every document; the first search indexes them.
    const catalog = await place.kbgit(making, ['add', ...one(place, 'first', 0)])
    const { ms: searchMs } = await place.kbgit(making, ['search', 'first'])
    renameSync(making, dir)
    const kept: Kept = { commit, catalogMs: catalog.ms, searchMs, nextNote: 1 }
    writeFileSync(file, JSON.stringify(kept))
  }
  const base = { dir, documents, kept: JSON.parse(readFileSync(file, 'utf8')) as Kept }
  await restore(place, base)
  return base
}

/** Back to the commit that git made; what was added since goes with the next `gc`. */
async function restore(place: Place, { dir, kept }: Headless): Promise<void> {
  await place.git(dir, ['update-ref', 'refs/heads/main', kept.commit])
  await place.kbgit(dir, ['recover'])
}

function one(place: Place, name: string, first: number): string[] {
  const folder = join(place.dir, `notes-${name}-${first}`)
  return writeNotes(folder, first, 1).map((file) => join(folder, file))
}

async function addNotes(
  place: Place,
  { dir, documents, kept }: Headless,
  count: number,
  samples: Samples,
): Promise<void> {
  const first = kept.nextNote
  kept.nextNote += count
  writeFileSync(`${dir}.json`, JSON.stringify(kept))
  const folder = join(place.dir, `notes-${documents}-${first}`)
  writeNotes(folder, first, count)
  const ran = await place.kbgit(dir, ['add', folder, '--json'], { watchMemory: true })
  added(ran, count)
  const key = `${documents} ${count}`
  samples.add(`${key} ms`, ran.ms / count)
  samples.add(`${key} cpu`, ran.cpuMs / count)
  samples.add(`${key} memory`, ran.peak.bytes / MIB)
}

/** One query after the other in one process, each timed from its line to the answer's. */
async function search(place: Place, { dir, documents }: Headless, samples: Samples): Promise<void> {
  const [program = '', ...argv] = place.kbgitCommand('--kb', dir, 'search', '--batch')
  const child = spawn(program, argv, { cwd: place.dir, env: place.env, stdio: ['pipe', 'pipe', 'inherit'] })
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const times: number[] = []
  for (let at = 0; at < QUERIES + WARM; at++) {
    const start = performance.now()
    child.stdin.write(`${firstWords(note(at * 7).text)}\n`)
    if ((await answers.next()).done === true) throw new Error('The search ended early.')
    if (at >= WARM) times.push(performance.now() - start)
  }
  child.stdin.end()
  await once(child, 'close')
  samples.add(`${documents} search`, times.toSorted((x, y) => x - y)[Math.floor(QUERIES * 0.95)] ?? Number.NaN)
}

function firstWords(text: string): string {
  return text
    .replace(/[^\p{L}\s]/gu, ' ')
    .trim()
    .split(/\s+/)
    .slice(8, 11)
    .join(' ')
}
