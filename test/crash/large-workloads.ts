// Commands on large originals, and the migration of those of earlier versions.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench, Workload } from './bench.ts'
import { git } from './execute.ts'

/** The name of the document in `bench.documents.short`. */
const NAME = 'short'

/** `clean` is a base with two documents. */
export async function largeWorkloads(bench: Bench, clean: string): Promise<Workload[]> {
  const low = await prepareLow(bench, clean)
  const { short } = bench.documents
  return [
    { name: 'add large', argv: ['add', short], from: { clean: low } },
    { name: 'recover migrates', argv: ['recover'], from: { clean: await prepareEarlier(bench, low) } },
  ]
}

/** A base in which every original is large. */
async function prepareLow(bench: Bench, clean: string): Promise<string> {
  const env = bench.scratch.environment()
  const dir = bench.scratch.path('low-limit')
  await bench.copyTo(clean, dir)
  const config = join(dir, 'kbgit.yaml')
  writeFileSync(config, readFileSync(config, 'utf8').replace(/^raw_git_limit:.*$/m, 'raw_git_limit: 10'))
  await git(dir, env, 'commit', '-q', '-m', 'Lower the limit', '--', 'kbgit.yaml')
  // Its filter, which git status starts, would install its hooks at some point, and each state has the hooks.
  await git(dir, env, 'lfs', 'install', '--local')
  return dir
}

/** The same with a large original as earlier versions kept it: a `.pointer` file, and the bytes in the sidecar. */
async function prepareEarlier(bench: Bench, low: string): Promise<string> {
  const env = bench.scratch.environment()
  const dir = bench.scratch.path('earlier')
  await bench.copyTo(low, dir)
  await bench.done(dir, ['add', bench.documents.short], 'prepare-large')
  const [large, pointer] = [`raw/large/${NAME}.md`, `raw/${NAME}.md.pointer`]
  writeFileSync(join(dir, pointer), `${(await git(dir, env, 'cat-file', 'blob', `HEAD:${large}`)).trimEnd()}\n`)
  for (const path of [`documents/${NAME}.json`, `wiki/summaries/${NAME}.md`]) {
    const text = readFileSync(join(dir, path), 'utf8')
    writeFileSync(join(dir, path), text.replace(`[${NAME}.md](`, `[${NAME}.md.pointer](`).replaceAll(large, pointer))
  }
  rmSync(join(dir, 'raw/large'), { recursive: true })
  await git(dir, env, 'rm', '-q', '--cached', large)
  await git(dir, env, 'rm', '-q', '.gitattributes')
  await git(dir, env, 'add', pointer, 'documents', 'wiki/summaries')
  await git(dir, env, 'commit', '-q', '-m', 'As earlier versions did')
  const commonDir = join(dir, '.git')
  mkdirSync(join(commonDir, 'kbgit'), { recursive: true })
  renameSync(join(commonDir, 'lfs/objects'), join(commonDir, 'kbgit/blobs'))
  for (const left of ['lfs', 'kbgit/large', 'kbgit/unsent'])
    rmSync(join(commonDir, left), { recursive: true, force: true })
  return dir
}
