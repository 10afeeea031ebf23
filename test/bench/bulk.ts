// Adds many documents to an empty base, compared with a shell loop that guarantees less: cp, git add and git commit per
// file. Small generated notes, as many as --documents says, and with --folder the real ones in it.
import { mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench, Place } from './support/bench.ts'
import { writeNotes } from './support/notes.ts'
import type { Report, Row } from './support/report.ts'
import { Samples, takeTurns } from './support/rounds.ts'
import { run, type Peak } from './support/run.ts'
import { added, stepsOf, type Steps } from './support/steps.ts'

const LOOP =
  'for f in "$1"/*; do cp "$f" . && git add -- "${f##*/}" && git commit -q -m "add: ${f##*/}" || exit 1; done'

export const bulk: Bench = {
  name: 'bulk',
  about: 'documents into an empty base',
  run: async (place) => {
    const sets = (place.options.documents ?? [place.size(5_000, 120)]).map((documents): Documents => {
      const folder = join(place.dir, `notes-${documents}`)
      writeNotes(folder, 0, documents)
      return { what: `${documents} small notes`, folder, documents, atMost: ratioBar(documents) }
    })
    const { folder } = place.options
    if (folder !== undefined) {
      const documents = readdirSync(folder).length
      sets.push({ what: `${documents} files of ${folder}`, folder, documents, atMost: 1.2 })
    }
    const reports: Pick<Report, 'tables' | 'bars'>[] = []
    for (const [index, set] of sets.entries()) reports.push(await measure(place, set, index))
    return {
      bench: 'bulk',
      about: bulk.about,
      tables: reports.flatMap(({ tables }) => tables),
      bars: reports.flatMap(({ bars }) => bars),
    }
  },
}

/** `folder` has the documents and nothing else. `atMost` is the bar for the time beside the shell loop. */
type Documents = { what: string; folder: string; documents: number; atMost: number }

function ratioBar(documents: number): number {
  return documents <= 100 ? 0.6 : documents <= 600 ? 0.4 : 1 / 3
}

async function measure(
  place: Place,
  { what, folder, documents, atMost }: Documents,
  index: number,
): Promise<Pick<Report, 'tables' | 'bars'>> {
  const rounds = place.rounds(3)
  const samples = new Samples()
  let steps: Steps = {}
  let peak: Peak = { bytes: 0, process: '' }
  let base = ''
  await takeTurns(rounds, [
    async () => {
      base = await place.newBase()
      const ran = await place.kbgit(base, ['add', folder, '--json'], { watchMemory: true })
      added(ran, documents)
      samples.add('kbgit', ran.ms)
      samples.add('kbgit cpu', ran.cpuMs)
      if (ran.peak.bytes > peak.bytes) peak = ran.peak
    },
    async (round) => {
      const loop = await emptyRepository(place, `loop-${index}-${round}`)
      const ran = await run(['bash', '-c', LOOP, 'loop', folder], { cwd: loop, env: place.env })
      samples.add('loop', ran.ms)
      samples.add('loop cpu', ran.cpuMs)
    },
    async () => {
      // Logging each step takes time of its own.
      const ran = await place.kbgit(await place.newBase(), ['add', folder, '--json', '--verbose'])
      added(ran, documents)
      samples.add('kbgit, logging', ran.ms)
      steps = stepsOf(ran)
      samples.add(
        'kbgit commit',
        Object.entries(steps).reduce((sum, [step, ms]) => sum + (step.startsWith('commit.') ? ms : 0), 0),
      )
    },
  ])
  // The tree that kbgit made, as a single git commit.
  const one = await emptyRepository(place, `one-${index}`)
  await run(['bash', '-c', 'git -C "$1" archive HEAD | tar x', 'copy', base], { cwd: one, env: place.env })
  const all = await run(['bash', '-c', 'git add -A && git commit -q -m all'], { cwd: one, env: place.env })

  const row = (what: string, ms: number, cpuMs: number): Row => ({
    what: what,
    seconds: ms / 1000,
    'documents a second': documents / (ms / 1000),
    'cpu ms a document': cpuMs / documents,
    'kbgit / this': samples.median('kbgit') / ms,
  })
  const wall = samples.median('kbgit')
  return {
    tables: [
      {
        title: `${what}: medians of ${rounds} rounds. Files in kbgit's tree: ${countFiles(one)}.`,
        rows: [
          row('kbgit add', wall, samples.median('kbgit cpu')),
          row('cp, git add, git commit a file', samples.median('loop'), samples.median('loop cpu')),
          row("git add -A of kbgit's tree, one commit", all.ms, all.cpuMs),
        ],
      },
      {
        title: `${what}: steps of the last run that logged them. Those before the commit overlap with the rest; prepare and compile are summed over workers.`,
        rows: Object.entries(steps).map(([step, ms]) => ({
          step,
          ms,
          'share of the wall time': ms / samples.median('kbgit, logging'),
        })),
      },
      { title: `${what}: memory`, rows: [{ 'largest process': peak.process, MB: peak.bytes / 1e6 }] },
    ],
    bars: [
      { what: `${what}, time beside the shell loop`, value: samples.ratio('kbgit', 'loop'), atMost },
      { what: 'the same, processor time', value: samples.ratio('kbgit cpu', 'loop cpu'), atMost },
      { what: 'share of the commit steps', value: samples.ratio('kbgit commit', 'kbgit, logging'), atMost: 1 / 4 },
    ],
  }
}

async function emptyRepository(place: Place, name: string): Promise<string> {
  const dir = join(place.dir, name)
  mkdirSync(dir)
  await place.git(dir, ['init', '-q', '-b', 'main'])
  return dir
}

function countFiles(dir: string): number {
  return readdirSync(dir, { recursive: true, withFileTypes: true }).filter(
    (entry) => !entry.parentPath.includes('.git') && statSync(join(entry.parentPath, entry.name)).isFile(),
  ).length
}
