// A model server in a process of its own, bases that use it, and the command.
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { AddResult } from '../../../src/core/results.ts'
import type { ServerCounts, ServerPlan } from '../../support/model-server.ts'
import { note } from '../../support/notes.ts'

/** The home folder is empty, so that none of the user's settings apply. */
export type Bench = {
  command: string
  folder: string
  url: string
  server: ChildProcess
  env: NodeJS.ProcessEnv
  bases: number
}

export async function start(command: string): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'kbgit-bench-model-'))
  const server = spawn(process.execPath, [fileURLToPath(new URL('../../support/model-server.ts', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const url = await new Promise<string>((resolve, reject) => {
    server.once('error', reject)
    if (server.stdout !== null)
      createInterface(server.stdout).once('line', (line) => resolve((JSON.parse(line) as { url: string }).url))
  })
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    ...Object.fromEntries(['OPENAI', 'ANTHROPIC', 'GOOGLE', 'OLLAMA'].map((name) => [`${name}_BASE_URL`, url])),
    ...Object.fromEntries(['OPENAI', 'ANTHROPIC', 'GOOGLE'].map((name) => [`${name}_API_KEY`, 'none'])),
    SOURCE_DATE_EPOCH: '1767225600',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'Bench',
    GIT_AUTHOR_EMAIL: 'bench@localhost',
    GIT_COMMITTER_NAME: 'Bench',
    GIT_COMMITTER_EMAIL: 'bench@localhost',
  }
  return { command, folder, url, server, env, bases: 0 }
}

/** Configures the server and resets its counts. */
export async function plan(bench: Bench, next: ServerPlan): Promise<void> {
  await fetch(`${bench.url}/_plan`, { method: 'POST', body: JSON.stringify(next) })
}

export async function counts(bench: Bench): Promise<ServerCounts> {
  return (await (await fetch(`${bench.url}/_counts`)).json()) as ServerCounts
}

/** Runs the command to its end; stdout as JSON whatever the exit code. */
export async function kbgit<T>(bench: Bench, args: string[]): Promise<{ code: number; value: T; ms: number }> {
  const started = performance.now()
  const run = new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(
      process.execPath,
      [bench.command, ...args, '--json'],
      { env: bench.env, maxBuffer: 256 * 1024 ** 2 },
      (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
      },
    )
  })
  const { code, stdout, stderr } = await run
  const ms = performance.now() - started
  if (code !== 0 && code !== 3)
    throw new Error(`kbgit ${args.join(' ')} ended with ${code}:\n${stdout.slice(0, 2_000)}\n${stderr.slice(-2_000)}`)
  return { code, value: JSON.parse(stdout) as T, ms }
}

export async function newBase(bench: Bench, { model = 'openai/bench', more = '' } = {}): Promise<string> {
  const base = join(bench.folder, `base-${++bench.bases}`)
  await kbgit(bench, ['init', base, '--no-hooks', '--model', model])
  await writeFile(join(base, 'kbgit.yaml'), `version: 1\nmodel: ${model}\nmodel_retries: 2\n${more}`)
  return base
}

export async function notes(bench: Bench, from: number, count: number): Promise<string> {
  const folder = join(bench.folder, `notes-${from}-${count}`)
  await mkdir(folder, { recursive: true })
  for (let index = from; index < from + count; index++) {
    const { name, text } = note(index)
    await writeFile(join(folder, name), text)
  }
  return folder
}

export type Run = { result: AddResult; ms: number; code: number; counts: ServerCounts }

export async function add(
  bench: Bench,
  base: string,
  folder: string,
  server: ServerPlan,
  concurrency: number,
): Promise<Run> {
  await plan(bench, server)
  const { value, ms, code } = await kbgit<AddResult>(bench, [
    '--kb',
    base,
    'add',
    folder,
    '--concurrency',
    String(concurrency),
  ])
  if (value.added === undefined) throw new Error(`add failed: ${JSON.stringify(value)}`)
  return { result: value, ms, code, counts: await counts(bench) }
}

export async function fsck(bench: Bench, base: string): Promise<boolean> {
  return (await kbgit<{ ok: boolean }>(bench, ['--kb', base, 'fsck'])).value.ok
}
