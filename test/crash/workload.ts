// What is interrupted: real commands on a prepared base.
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench, Tree, Workload } from './bench.ts'
import { execute, git } from './execute.ts'
import { reviewWorkloads } from './review-workloads.ts'
import { livingWorkloads } from './living-workloads.ts'
import { commitUserFiles, makeUserWork } from './user-work.ts'

/** A base with two documents and the user's own files, and the same with the user's work in it. */
export async function prepareBases(bench: Bench, name = 'base'): Promise<Record<Tree, string>> {
  const env = bench.scratch.environment()
  const clean = await bench.makeFolder(`${name}-clean`)
  await bench.done(clean, ['init', '--no-hooks'])
  await commitUserFiles(clean, env)
  await bench.done(clean, ['add', bench.documents.first, bench.documents.second], 'prepare-add')
  const dirty = bench.scratch.path(`${name}-dirty`)
  await execute(['cp', '-a', clean, dirty], { cwd: bench.scratch.dir, env })
  await makeUserWork(dirty, env)
  return { clean, dirty }
}

/** A repository that is not a base yet, without and with the user's work. */
async function prepareForeign(bench: Bench): Promise<Record<Tree, string>> {
  const env = bench.scratch.environment()
  const clean = await bench.makeFolder('foreign-clean')
  await commitUserFiles(clean, env)
  const dirty = bench.scratch.path('foreign-dirty')
  await execute(['cp', '-a', clean, dirty], { cwd: bench.scratch.dir, env })
  writeFileSync(join(dirty, 'notes/tracked.md'), 'one\ntwo\n')
  await git(dirty, env, 'add', 'notes/tracked.md')
  writeFileSync(join(dirty, 'notes/untracked.txt'), 'nobody knows me\n')
  writeFileSync(join(dirty, 'notes/ignored.log'), 'ignored\n')
  return { clean, dirty }
}

export async function mutatingWorkloads(bench: Bench): Promise<Workload[]> {
  const from = await prepareBases(bench)
  const { short, long, first, changed, batch, mail } = bench.documents
  const updated = {
    clean: await bench.copy(from.clean, bench.scratch.dir),
    dirty: await bench.copy(from.dirty, bench.scratch.dir),
  }
  // The file is changed once for all workloads: the others do not use it.
  writeFileSync(first, changed)
  return [
    { name: 'add short', argv: ['add', short], from },
    { name: 'add long', argv: ['add', long], from },
    { name: 'add message', argv: ['add', mail], from },
    { name: 'update', argv: ['add', first], from: updated },
    {
      name: 'add batch',
      argv: ['add', batch],
      lacking: partsOf(readdirSync(batch)).map((names) => [
        'add',
        batch,
        ...names.flatMap((name) => ['--exclude', name]),
      ]),
      from,
    },
    { name: 'remove', argv: ['remove', '-y', 'second'], from, once: true },
    // Repeated, it would take back the run before. With the user's edit of a topic page it keeps a document.
    { name: 'undo', argv: ['undo'], from: { clean: from.clean }, once: true },
    { name: 'init', argv: ['init', '--no-hooks'], from: await prepareForeign(bench), unborn: true },
    { name: 'hooks install', argv: ['hooks', 'install'], from },
    ...(await livingWorkloads(bench, from)),
    ...(await reviewWorkloads(bench, from)),
  ]
}

/** Some of the names but not all, in every combination. */
function partsOf(names: string[]): string[][] {
  const parts = names.reduce<string[][]>((found, name) => found.flatMap((part) => [part, [...part, name]]), [[]])
  return parts.filter(({ length }) => length > 0 && length < names.length)
}
