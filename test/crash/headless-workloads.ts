// Commands on headless bases: transactions whose branch nothing follows.
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench, Workload } from './bench.ts'
import { git } from './execute.ts'

export async function headlessWorkloads(bench: Bench): Promise<Workload[]> {
  const { first, second, short } = bench.documents
  const clean = bench.scratch.path('headless.git')
  await bench.done(bench.scratch.dir, ['init', '--bare', '--branch', 'main', clean])
  await bench.done(clean, ['add', first, second], 'headless-add')
  const empty = bench.scratch.path('headless-empty')
  mkdirSync(empty)
  return [
    { name: 'headless add', argv: ['add', short], from: { clean } },
    { name: 'headless remove', argv: ['remove', '-y', 'second'], from: { clean }, once: true },
    { name: 'headless init', argv: ['init', '--bare', '--branch', 'main'], from: { clean: empty }, unborn: true },
    await prepareSync(bench, clean),
    { name: 'headless purge', argv: ['purge', '-y', 'second'], from: { clean }, once: true, rewrites: true },
  ]
}

/** A headless base and its remote, which both have a document that the other lacks. */
async function prepareSync(bench: Bench, clean: string): Promise<Workload> {
  const env = bench.scratch.environment()
  const [remote, mine] = [bench.scratch.path('headless-remote.git'), bench.scratch.path('headless-mine.git')]
  await git(bench.scratch.dir, env, 'clone', '-q', '--bare', clean, remote)
  await bench.done(remote, ['add', bench.documents.mail], 'headless-sync-other')
  await bench.copyTo(clean, mine)
  await bench.done(mine, ['add', bench.documents.short], 'headless-sync')
  await git(mine, env, 'remote', 'add', 'origin', remote)
  return {
    name: 'headless sync',
    argv: ['sync'],
    from: { clean: mine },
    moved: (dir) => {
      rmSync(`${dir}.remote`, { recursive: true, force: true })
      cpSync(remote, `${dir}.remote`, { recursive: true })
      const config = join(dir, 'config')
      writeFileSync(config, readFileSync(config, 'utf8').replaceAll(remote, `${dir}.remote`))
    },
    finish: async (dir) => {
      for (const lock of globSync(join(dir, 'refs/remotes/**/*.lock'))) rmSync(lock)
    },
  }
}
