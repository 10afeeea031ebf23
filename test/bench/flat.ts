// Does a document cost the same in a base of any size? Compared with `git add` and `git commit` of the same files.
import { join } from 'node:path'
import type { Bench, Place } from './support/bench.ts'
import { KeptBase } from './support/kept-base.ts'
import { writeNotes } from './support/notes.ts'
import type { Row } from './support/report.ts'
import { Samples, takeTurns } from './support/rounds.ts'
import { added, stepsOf } from './support/steps.ts'

export const flat: Bench = {
  name: 'flat',
  about: 'milliseconds a document by the size of the base',
  run: async (place) => {
    const sizes = place.size([100, 1_000, 10_000, 50_000], [50, 500])
    const group = place.size(200, 20)
    const bases: KeptBase[] = []
    for (const size of sizes) bases.push(await KeptBase.open(place, size))
    const samples = new Samples()
    // The first run pays for cold files.
    for (const base of bases) await addOnce(place, base, 1, new Samples())
    await takeTurns(
      place.rounds(5),
      bases.map((base) => async () => {
        await addOnce(place, base, 1, samples)
        await addOnce(place, base, group, samples)
      }),
    )
    for (const base of bases) await base.restore()

    const rows: Row[] = bases.map(({ documents }) => ({
      documents: documents,
      'one: kbgit ms': samples.median(`${documents} 1 kbgit`),
      'one: git add + commit ms': samples.median(`${documents} 1 git`),
      'one: kbgit / git': samples.ratio(`${documents} 1 kbgit`, `${documents} 1 git`),
      'one: its writing ms': samples.median(`${documents} 1 writing`),
      'its writing / git': samples.ratio(`${documents} 1 writing`, `${documents} 1 git`),
      'one: kbgit cpu ms': samples.median(`${documents} 1 kbgit cpu`),
      [`${group} at once: kbgit ms a document`]: samples.median(`${documents} ${group} kbgit`),
      [`${group} at once: cpu ms`]: samples.median(`${documents} ${group} kbgit cpu`),
      [`${group} at once: git ms`]: samples.median(`${documents} ${group} git`),
      'at once: kbgit / git': samples.ratio(`${documents} ${group} kbgit`, `${documents} ${group} git`),
    }))
    const [smallest = 0, largest = 0] = [sizes[0], sizes.at(-1)]
    return {
      bench: 'flat',
      about: flat.about,
      tables: [
        {
          title: `Whole commands, medians of ${place.rounds(5)} rounds; writing: from the prepared document to its files in place, as in a kbgit that runs already. git: the files of the same documents, a commit a document, default settings.`,
          rows,
        },
        {
          title: 'The first look at a base that kbgit has never seen, once.',
          rows: bases.map(({ documents, firstLook }) => ({
            documents,
            'catalog ms': firstLook.catalogMs,
            'search store ms': firstLook.searchMs,
          })),
        },
      ],
      bars: [
        {
          what: `groups of ${group}, a document at ${largest} beside one at ${smallest}`,
          value: samples.ratio(`${largest} ${group} kbgit`, `${smallest} ${group} kbgit`),
          atMost: 2,
        },
        {
          what: `the same, processor time`,
          value: samples.ratio(`${largest} ${group} kbgit cpu`, `${smallest} ${group} kbgit cpu`),
          atMost: 2,
        },
        {
          what: `writing one document at ${largest} beside git add + git commit`,
          value: samples.ratio(`${largest} 1 writing`, `${largest} 1 git`),
          atMost: 1 / 3,
        },
        {
          what: `one document at ${largest} as a whole command beside git add + git commit`,
          value: samples.ratio(`${largest} 1 kbgit`, `${largest} 1 git`),
          atMost: 1 / 3,
        },
      ],
    }
  },
}

/** Steps while the lock is held. */
const WRITING = ['recover', 'align', 'plan', 'resolve', 'check', 'commit']

/** Documents whose commits git repeats: it costs the same for each, and a lot at 50,000. */
const GIT_COMMITS_MAX = 5

/** Adds notes with kbgit, then commits the files of those documents with git, from the same starting point. */
async function addOnce(place: Place, base: KeptBase, count: number, samples: Samples): Promise<void> {
  const first = base.freshNotes(count)
  const folder = join(place.dir, `notes-${base.documents}-${first}`)
  const names = writeNotes(folder, first, count)
  const git = async (...args: string[]): Promise<string> => (await place.git(base.dir, args)).stdout.trim()
  const before = await git('rev-parse', 'HEAD')
  const key = `${base.documents} ${count}`
  const ran = await place.kbgit(base.dir, [
    'add',
    count === 1 ? join(folder, names[0] ?? '') : folder,
    '--json',
    '--verbose',
  ])
  added(ran, count)
  const steps = stepsOf(ran)
  samples.add(`${key} writing`, WRITING.reduce((sum, step) => sum + (steps[step] ?? 0), 0) / count)
  samples.add(`${key} kbgit`, ran.ms / count)
  samples.add(`${key} kbgit cpu`, ran.cpuMs / count)

  const commits = (await git('log', '--reverse', '--format=%H', `${before}..HEAD`)).split('\n')
  await git('reset', '-q', before)
  let ms = 0
  const again = commits.slice(0, Math.min(count, GIT_COMMITS_MAX))
  for (const commit of again) {
    const paths = (await git('diff-tree', '-r', '--no-commit-id', '--name-only', '--diff-filter=d', commit)).split('\n')
    await git('checkout', '-q', commit, '--', ...paths)
    await git('reset', '-q')
    ms += (await place.git(base.dir, ['add', '--', ...paths])).ms
    ms += (await place.git(base.dir, ['commit', '-q', '-m', 'add'])).ms
  }
  samples.add(`${key} git`, ms / again.length)
  // The documents stay: what follows is measured in a base that contains them.
  await git('reset', '-q', '--hard', commits.at(-1) ?? before)
  await place.kbgit(base.dir, ['recover'])
}
