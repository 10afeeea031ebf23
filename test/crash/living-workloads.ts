// Commands other than adding, each on a base that gives it something to do.
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execute, git } from './execute.ts'
import { mergeWorkload } from './merge-workload.ts'
import { makeUserWork } from './user-work.ts'
import { watchWorkload } from './watch-workload.ts'
import type { Bench, Tree, Workload } from './bench.ts'

type Bases = Record<Tree, string>

export async function livingWorkloads(bench: Bench, from: Bases): Promise<Workload[]> {
  const spoilt = await prepareSpoilt(bench, from.clean)
  const { clean, dirty } = from
  return [
    { name: 'recompile one', argv: ['recompile', '-y', 'first'], from: spoilt },
    {
      name: 'recompile all',
      argv: ['recompile', '--all', '-y'],
      from: { clean: spoilt.clean },
      lacking: [
        ['recompile', '-y', 'first'],
        ['recompile', '-y', 'second'],
      ],
    },
    // Repeated, they would report or answer once more.
    { name: 'lint --fix', argv: ['lint', '--fix'], from: spoilt, once: true },
    {
      name: 'query --save',
      argv: ['query', '--save', 'Who built the Falcon Engine?'],
      from: { clean, dirty },
      once: true,
    },
    await watchWorkload(bench, from),
    await mergeWorkload(bench, clean),
    { name: 'init of a new folder', argv: ['init'], from: { clean: prepareFolder(bench) }, unborn: true },
    { name: 'recover --rebuild', argv: ['recover', '--rebuild'], from: { clean, dirty } },
    { name: 'gc', argv: ['gc'], from: { clean: await prepareGarbage(bench, clean) } },
    { name: 'hooks uninstall', argv: ['hooks', 'uninstall'], from: { clean: await prepareHooks(bench, clean) } },
  ]
}

/** Summaries without their text, a broken link and a page that nothing links to, all committed by the user. */
async function prepareSpoilt(bench: Bench, from: string): Promise<Bases> {
  const env = bench.scratch.environment()
  const clean = bench.scratch.path('spoilt-clean')
  await bench.copyTo(from, clean)
  for (const name of ['first', 'second']) {
    const page = join(clean, `wiki/summaries/${name}.md`)
    appendFileSync(page, `\nSee [[concepts/Nothing-of-the-kind]].\n`)
  }
  mkdirSync(join(clean, 'wiki/concepts'), { recursive: true })
  writeFileSync(
    join(clean, 'wiki/concepts/Orphan.md'),
    '---\ntype: concept\ntitle: Orphan\n---\n# Orphan\n\nNobody links here.\n',
  )
  await git(clean, env, 'add', 'wiki')
  await git(clean, env, 'commit', '-q', '-m', 'Spoil pages')
  const dirty = bench.scratch.path('spoilt-dirty')
  await bench.copyTo(clean, dirty)
  await makeUserWork(dirty, env)
  return { clean, dirty }
}

/** A folder of the user's that is not a repository. */
function prepareFolder(bench: Bench): string {
  const dir = bench.scratch.path('folder')
  mkdirSync(join(dir, 'notes'), { recursive: true })
  writeFileSync(join(dir, '.gitignore'), '*.log\n')
  writeFileSync(join(dir, 'notes/untracked.txt'), 'nobody knows me\n')
  return dir
}

/** Rows and blobs of a document that no ref and no reflog reaches any more. */
async function prepareGarbage(bench: Bench, from: string): Promise<string> {
  const env = bench.scratch.environment()
  const dir = bench.scratch.path('garbage')
  await bench.copyTo(from, dir)
  const config = readFileSync(join(dir, 'kbgit.yaml'), 'utf8')
  writeFileSync(join(dir, 'kbgit.yaml'), `${config.replace(/^raw_git_limit:.*\n/m, '')}raw_git_limit: 100B\n`)
  await git(dir, env, 'commit', '-q', '-a', '-m', 'Keep originals out of git')
  const head = (await git(dir, env, 'rev-parse', 'HEAD')).trim()
  await bench.done(dir, ['add', bench.documents.long, bench.documents.short], 'prepare-garbage')
  await git(dir, env, 'reset', '-q', '--hard', head)
  await git(dir, env, 'reflog', 'expire', '--expire=now', '--all')
  await git(dir, env, 'update-ref', '-d', 'ORIG_HEAD')
  return dir
}

async function prepareHooks(bench: Bench, from: string): Promise<string> {
  const dir = bench.scratch.path('hooked')
  await bench.copyTo(from, dir)
  writeFileSync(join(dir, '.git/hooks/post-commit'), '#!/bin/sh\necho mine >/dev/null\n', { mode: 0o755 })
  await bench.done(dir, ['hooks', 'install'])
  const status = await execute([...bench.command, 'hooks', 'status'], { cwd: dir, env: bench.scratch.environment() })
  if (!status.stdout.includes('post-merge')) throw new Error(`hooks status says: ${status.stdout}`)
  return dir
}
