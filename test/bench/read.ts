// What people wait for when they read: start-up, status, list, show, log, and what the hooks add to git.
import { join } from 'node:path'
import type { Bench, Place } from './support/bench.ts'
import { KeptBase } from './support/kept-base.ts'
import { Samples, takeTurns } from './support/rounds.ts'
import { run } from './support/run.ts'

export const read: Bench = {
  name: 'read',
  about: 'commands that look, and the hook with nothing to do',
  run: async (place) => {
    const documents = place.size(10_000, 500)
    const base = await KeptBase.open(place, documents)
    // After it every original is known, as in a base that `add` filled.
    await place.kbgit(base.dir, ['fsck'])
    const listed = JSON.parse((await place.kbgit(base.dir, ['list', '--json'])).stdout) as {
      documents: { name: string }[]
      concepts: { name: string; sources: number }[]
    }
    const name = listed.documents[Math.floor(listed.documents.length / 2)]?.name ?? ''
    const concept = await searched(place, base, listed.concepts)
    const samples = new Samples()
    const timed = (key: string, command: string[]) => async () => {
      const { ms, cpuMs } = await run(command, { cwd: base.dir, env: place.env })
      samples.add(key, ms)
      samples.add(`${key} cpu`, cpuMs)
    }
    const kbgit = (...args: string[]) =>
      timed(args.join(' ').replace(name, '<document>').replace(concept, '<concept>'), place.kbgitCommand(...args))
    const rounds = place.rounds(9, 2)
    await takeTurns(rounds, [
      timed('git log -1', ['git', 'log', '-1', '--oneline']),
      timed('node -e 0', [process.execPath, '-e', '0']),
      kbgit('--version'),
      kbgit('status', '--json'),
      kbgit('list', '--json'),
      kbgit('show', name),
      kbgit('log', name),
      kbgit('search', concept, '--json'),
    ])

    // The other branch is at the same commit: git has nothing to change, and neither have the hooks.
    await place.git(base.dir, ['branch', '-f', 'same'])
    await run(place.kbgitCommand('--kb', base.dir, 'hooks', 'install'), { cwd: place.dir, env: place.env })
    const switches = place.rounds(21, 4)
    const bare = (round: number) =>
      timed('checkout without hooks', [
        'git',
        '-c',
        `core.hooksPath=${join(place.dir, 'none')}`,
        'checkout',
        '-q',
        round % 2 === 0 ? 'same' : 'main',
      ])()
    const hooked = (round: number) =>
      timed('checkout with hooks', ['git', 'checkout', '-q', round % 2 === 0 ? 'main' : 'same'])()
    for (let round = 0; round < switches; round++) {
      await bare(round)
      await hooked(round)
    }
    await place.git(base.dir, ['checkout', '-q', 'main'])
    await run(place.kbgitCommand('--kb', base.dir, 'hooks', 'uninstall'), { cwd: place.dir, env: place.env })

    const keys = [
      'git log -1',
      'node -e 0',
      '--version',
      'status --json',
      'list --json',
      'show <document>',
      'log <document>',
      'search <concept> --json',
      'checkout without hooks',
      'checkout with hooks',
    ]
    const bar = (key: string, atMost: number) => ({ what: `${key}, ms`, value: samples.median(key), atMost })
    return {
      bench: 'read',
      about: `${read.about}, at ${documents} documents`,
      tables: [
        {
          title: `Whole commands, medians of ${rounds} rounds (checkout: ${switches}).`,
          rows: keys.map((key) => ({
            command: key,
            ms: samples.median(key),
            'cpu ms': samples.median(`${key} cpu`),
            'beside node -e 0': samples.median(key) / samples.median('node -e 0'),
          })),
        },
      ],
      bars: [
        bar('--version', 150),
        bar('status --json', 150),
        bar('show <document>', 150),
        bar('search <concept> --json', 150),
        bar('list --json', 400),
        {
          what: 'what the hook with nothing to do adds, ms',
          value: samples.median('checkout with hooks') - samples.median('checkout without hooks'),
          atMost: 10,
        },
      ],
    }
  },
}

/** The name of the concept with the most sources, which search must find: looking for nothing is faster. */
async function searched(place: Place, base: KeptBase, concepts: { name: string; sources: number }[]): Promise<string> {
  const name = concepts.toSorted((a, b) => b.sources - a.sources)[0]?.name ?? ''
  const { stdout } = await place.kbgit(base.dir, ['search', name, '--json'])
  if ((JSON.parse(stdout) as { hits: unknown[] }).hits.length === 0) throw new Error(`search finds no "${name}"`)
  return name
}
