// `npm run corpus -- <folder> [--mutate <mutants of each file> [--seed <number>]] [--kinds .pdf,.docx]`: adds a folder
// with the real command and reports the result for each document, or for damaged copies of it. Exits with 1 if
// something broke.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join, parse, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { FORMAT_TABLE, formatOfExtension } from '../../src/prepare/convert/formats.ts'
import { add, run, type MeasuredAdd } from './measured.ts'
import { drawing, mutate } from './mutate.ts'
import { Tally } from './tally.ts'

/** Limits for damaged files: a hang is noticed soon. */
const CONVERT_TIMEOUT_MS = 30_000
/** The limit is of CPU time; a document may take this many times as long beside other work. */
const WALL_TIMES = 20
const CONVERT_MEMORY_BYTES = 1024 ** 3
/** Memory of the command itself, with its index, objects and the wiki. */
const WRITER_BYTES = 1.5 * 1024 ** 3
/** A command that is silent for longer than a document may take is hanging. */
const SILENCE_MS = 660_000
/** Time for a worker to end. */
const GRACE_MS = 15_000
const JOBS = 2

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { mutate: { type: 'string' }, seed: { type: 'string', default: '1' }, kinds: { type: 'string' } },
})
const folder = resolve(positionals[0] ?? '.')
const kinds = values.kinds?.split(',')
const scratch = await mkdtemp(join(tmpdir(), 'kbgit-corpus-'))
const say = (line: string): void => void process.stdout.write(`${line}\n`)
try {
  if (values.mutate === undefined) await addFolder()
  else await addMutants(Number(values.mutate), Number(values.seed))
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
} finally {
  await rm(scratch, { recursive: true, force: true })
}

/**
 * One run of the command per kind of file, to measure memory separately; then one over all of them, which finds nothing
 * left to do.
 */
async function addFolder(): Promise<void> {
  const base = await newBase('base')
  const all = [...new Set((await filesOf(folder)).map((path) => extname(path).toLowerCase()))]
    .filter((each) => each !== '')
    .sort()
  const tally = new Tally()
  for (const kind of kinds ?? all) {
    const excluded = all.filter((each) => each !== kind).flatMap((each) => ['--exclude', `*${each}`])
    tally.count(tell(await add(base, [folder, ...excluded], SILENCE_MS)))
  }
  if (kinds === undefined) tally.count(tell(await add(base, [folder], SILENCE_MS)))
  say(tally.table())
  await fsck(base)
}

/** A base per round: each file once per round, damaged in another way. */
async function addMutants(rounds: number, seed: number): Promise<void> {
  const files = (await filesOf(folder)).filter((path) => kinds?.includes(extname(path).toLowerCase()) ?? true)
  const draw = drawing(seed)
  const tally = new Tally()
  for (let round = 1; round <= rounds; round++) {
    const base = await newBase(`base-${round}`)
    await writeFile(
      join(base, 'kbgit.yaml'),
      `version: 1\ndurability: process\nlimits:\n  convert_timeout: ${CONVERT_TIMEOUT_MS}ms\n  convert_memory: ${CONVERT_MEMORY_BYTES}\n`,
    )
    const mutants = join(scratch, `mutants-${round}`)
    const pictures: string[] = []
    for (const path of files) {
      const { dir, base: name, ext } = parse(join(mutants, relative(folder, path)))
      await mkdir(dir, { recursive: true })
      await writeFile(join(dir, name), mutate(await readFile(path), draw))
      if (isPicture(ext.toLowerCase())) pictures.push(join(dir, name))
    }
    const added = await add(base, ['--jobs', String(JOBS), mutants, ...pictures], SILENCE_MS)
    tally.count(added)
    checkBounds(
      added,
      files.map((path) => join(mutants, relative(folder, path))),
    )
    // A round's problem is reported, and the next rounds continue: they may find others.
    await fsck(base).catch((error: Error) => {
      say(`round ${round}: ${error.message}`)
      process.exitCode = 1
    })
    say(
      `round ${round}: ${added.result.added.length} added, ${added.result.failed.length} failed, ${Math.round(added.ms / 1000)} s, ${Math.round(added.peakBytes / 1024 ** 2)} MiB`,
    )
    await Promise.all([base, mutants].map((each) => rm(each, { recursive: true })))
  }
  say(tally.table())
}

/** Reports what went wrong with a damaged file: anything except a document or a failure that says what it is. */
function checkBounds({ result, lines, peakBytes }: MeasuredAdd, files: string[]): void {
  // Attachments of mails are told of as well, below the mail's path.
  const told = new Set([...result.added, ...result.failed, ...result.skipped].map(({ path }) => path))
  const silent = files.filter((path) => !told.has(path))
  if (silent.length > 0) throw new Error(`Nothing was said about ${silent.join(', ')}.`)
  for (const { path, error } of result.failed) {
    if (error.code === 'internal' || error.code === 'convertCrashed')
      say(`${relative(scratch, path)}: ${error.code}: ${error.message}`)
    if (error.code === 'internal') process.exitCode = 1
  }
  for (const { path, ms } of lines)
    if (ms > CONVERT_TIMEOUT_MS * WALL_TIMES + GRACE_MS) throw new Error(`${path} took ${ms} ms.`)
  if (peakBytes > JOBS * CONVERT_MEMORY_BYTES + WRITER_BYTES) throw new Error(`The command took ${peakBytes} bytes.`)
}

function tell(added: MeasuredAdd): MeasuredAdd {
  for (const { path, error } of added.result.failed) say(`${relative(folder, path)}: ${error.code}: ${error.message}`)
  return added
}

async function newBase(name: string): Promise<string> {
  const base = join(scratch, name)
  const { code, stdout } = await run(scratch, ['init', base], SILENCE_MS)
  if (code !== 0) throw new Error(`kbgit init ended with ${code}: ${stdout}`)
  return base
}

async function fsck(base: string): Promise<void> {
  const { code, stdout } = await run(base, ['fsck', '--json'], SILENCE_MS)
  const { ok, checked, problems } = JSON.parse(stdout) as {
    ok: boolean
    checked: Record<string, number>
    problems: unknown[]
  }
  if (code !== 0 || !ok) throw new Error(`kbgit fsck found: ${JSON.stringify(problems, null, 1).slice(0, 4_000)}`)
  if (values.mutate === undefined) say(`fsck: all holds (${JSON.stringify(checked)})`)
}

/** Whether files with this extension are documents only if they are named. */
function isPicture(extension: string): boolean {
  const format = formatOfExtension(extension)
  return format !== undefined && FORMAT_TABLE[format].namedOnly === true
}

/** Regular files that are not hidden, as `kbgit add` finds them. */
async function filesOf(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(
      (path) =>
        !relative(root, path)
          .split('/')
          .some((part) => part.startsWith('.')),
    )
    .sort()
}
