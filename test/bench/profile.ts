// What one document costs the system, by the size of the base: system calls, bytes written by destination, and git
// processes where a filter is configured, as on every machine with git-lfs.
import { spawnSync } from 'node:child_process'
import { createReadStream, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Bench, Place } from './support/bench.ts'
import { gitProcesses, groupsOf, tracedInto } from '../support/git-processes.ts'
import { KeptBase } from './support/kept-base.ts'
import { writeNotes } from './support/notes.ts'
import type { Row } from './support/report.ts'
import { run } from './support/run.ts'

/** Where a written byte goes, by the file's path in the base. The first match decides. */
const PLACES: [string, RegExp][] = [
  ['index of git', /\/\.git\/index/],
  ['objects of git', /\/\.git\/objects\//],
  ['search store', /\/pageindex\.db/],
  ['catalog', /\/catalog\.db/],
  // Files of the work tree are written in staging, and renamed.
  ['staging, journal, refs', /./],
]
const FILTER = '[filter "lfs"]\n\tclean = git-lfs clean -- %f\n\tprocess = git-lfs filter-process\n'
/** Documents added at once to count the processes of a run. */
const COUNTED = [1, 100]

const WRITES = new Set(['write', 'pwrite64', 'writev', 'pwritev'])

type Profile = { calls: number; written: Map<string, number> }

export const profile: Bench = {
  name: 'profile',
  about: 'system calls and bytes written for one more document',
  run: async (place) => {
    const sizes = place.size([100, 1_000, 10_000, 50_000], [50, 500])
    writeFileSync(join(place.dir, '.gitconfig'), FILTER)
    const counts = await countProcesses(place, await KeptBase.open(place, sizes[0] ?? 0))
    const profiles: { documents: number; profile: Profile }[] = []
    if (spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0) {
      for (const size of sizes) {
        const base = await KeptBase.open(place, size)
        // The first document pays for cold caches, and for what kbgit has to read about the base.
        await profileOne(place, base)
        profiles.push({ documents: size, profile: await profileOne(place, base) })
        await base.restore()
      }
    }
    const title =
      profiles.length === 0
        ? 'SKIPPED: strace is not installed, or may not trace here.'
        : 'One note added by a whole command, as strace saw kbgit and the git processes that it started. kB written, by where.'
    const calls = (index: number): number => profiles.at(index)?.profile.calls ?? 0
    return {
      bench: 'profile',
      about: profile.about,
      tables: [
        {
          title,
          rows: profiles.map(({ documents, profile: { calls, written } }): Row => ({
            documents,
            'system calls': calls,
            ...Object.fromEntries(PLACES.map(([name]) => [name, (written.get(name) ?? 0) / 1000])),
          })),
        },
        { title: `git processes of a whole command in a base of ${sizes[0]}, with a filter configured.`, rows: counts },
      ],
      bars: [
        ...(profiles.length === 0
          ? []
          : [
              {
                what: `system calls at ${sizes.at(-1)} documents beside ${sizes[0]}`,
                value: calls(-1) / calls(0),
                atMost: 1.5,
              },
            ]),
        { what: 'git processes for each group', value: Number(counts.at(-1)?.['for each group']), atMost: 4 },
      ],
    }
  },
}

/** Every group moves a branch and updates git's index; what else is started belongs to the run. */
async function countProcesses(place: Place, base: KeptBase): Promise<Row[]> {
  const rows: Row[] = []
  for (const documents of COUNTED) {
    const first = base.freshNotes(documents)
    const folder = join(place.dir, `counted-${first}`)
    writeNotes(folder, first, documents)
    const trace = join(place.dir, `trace-${first}`)
    await place.kbgit(base.dir, ['add', folder], { env: tracedInto(trace) })
    const processes = gitProcesses(trace)
    const groups = groupsOf(processes)
    const ofGroups = processes.filter(
      ([command = '', ...words]) => command.startsWith('update-') && !words.includes('-d'),
    )
    rows.push({
      documents,
      processes: processes.length,
      groups,
      'for a document': processes.length / documents,
      'for each group': ofGroups.length / groups,
      'for the run': processes.length - ofGroups.length,
    })
  }
  await base.restore()
  return rows
}

async function profileOne(place: Place, base: KeptBase): Promise<Profile> {
  const first = base.freshNotes(1)
  const folder = join(place.dir, `profile-${base.documents}-${first}`)
  const [name = ''] = writeNotes(folder, first, 1)
  const log = join(place.dir, 'profile.log')
  await run(
    ['strace', '-f', '-y', '-qq', '-o', log, ...place.kbgitCommand('--kb', base.dir, 'add', join(folder, name))],
    { cwd: place.dir, env: place.env },
  )
  const found: Profile = { calls: 0, written: new Map() }
  // A call interrupted by another thread's call: its path is on the first line, its result on the second.
  const interrupted = new Map<string, string>()
  for await (const line of createInterface({ input: createReadStream(log, 'latin1') })) {
    const [, thread = '', resumed, call = '', path] = /^(\d+) +(<\.\.\. )?(\w+)(?:\(\d+<([^>]*)>)?/.exec(line) ?? []
    // Node's thread synchronisation depends on time, not on work.
    if (call === '' || /^(?:futex|epoll_pwait|sched_yield)$/.test(call)) continue
    if (resumed === undefined) found.calls += 1
    if (!WRITES.has(call)) continue
    if (line.endsWith('<unfinished ...>')) interrupted.set(thread, path ?? '')
    const file = resumed === undefined ? path : interrupted.get(thread)
    const bytes = file?.startsWith(base.dir) === true ? Number(/ = (\d+)$/.exec(line)?.[1] ?? 0) : 0
    const where = PLACES.find(([, pattern]) => pattern.test(file ?? ''))?.[0]
    if (bytes > 0 && where !== undefined) found.written.set(where, (found.written.get(where) ?? 0) + bytes)
  }
  return found
}
