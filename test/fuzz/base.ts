// `npm run fuzz:base -- [--cases <number>] [--seed <number>] [--case <number>] [--jobs <number>]`: bases from a stranger,
// one corruption each. Prints a table of the kinds, and how to run each failure again. Exits with 1 if there is one.
import { fork } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { GIT_IDENTITY } from '../support/git-identity.ts'
import { KINDS, runCase, type CaseResult } from './run-case.ts'
import { makeTemplate } from './template.ts'

const { values } = parseArgs({
  options: {
    cases: { type: 'string' },
    seed: { type: 'string', default: '1' },
    /** The first case; alone if `cases` is not given. */
    case: { type: 'string' },
    /** Cases at once, each in a process of its own. */
    jobs: { type: 'string', default: '1' },
    /** Of a process that was started for `jobs`: which of the cases are its own. */
    part: { type: 'string' },
    minutes: { type: 'string', default: '600' },
    verbose: { type: 'boolean', default: false },
  },
})
const seed = Number(values.seed)
const first = values.case === undefined ? 0 : Number(values.case)
const count = Number(values.cases ?? (values.case === undefined ? 100 : 1))
const jobs = Math.max(1, Number(values.jobs))
const say = (line: string): void => void process.stdout.write(`${line}\n`)
/** What the table is made of. */
type Counted = { kind: string; failed: boolean }

const began = Date.now()
if (values.part !== undefined)
  await runPart(Number(values.part), (result) => void process.send?.({ kind: result.kind, failed: hasFailed(result) }))
else
  table(
    jobs === 1 ? await alone() : (await Promise.all(Array.from({ length: jobs }, (_, part) => inProcess(part)))).flat(),
  )

async function alone(): Promise<Counted[]> {
  const results: Counted[] = []
  await runPart(0, (result) => results.push({ kind: result.kind, failed: hasFailed(result) }))
  return results
}

function inProcess(part: number): Promise<Counted[]> {
  const child = fork(fileURLToPath(import.meta.url), [...process.argv.slice(2), '--part', String(part)])
  const results: Counted[] = []
  child.on('message', (result) => results.push(result as Counted))
  return new Promise((resolve, reject) =>
    child.on('exit', (code, signal) =>
      code === 0 ? resolve(results) : reject(new Error(`part ${part} ended with ${code ?? signal}`)),
    ),
  )
}

/** Every `jobs`-th case, from `part` on. */
async function runPart(part: number, done: (result: CaseResult) => void): Promise<void> {
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'kbgit-fuzz-')))
  const strays: string[] = []
  for (const event of ['unhandledRejection', 'uncaughtException'] as const)
    process.on(event, (error: unknown) =>
      strays.push(`${event}: ${error instanceof Error ? error.stack : String(error)}`),
    )
  try {
    mkdirSync(join(scratch, 'home'))
    const env = { PATH: process.env['PATH'], ...GIT_IDENTITY, HOME: join(scratch, 'home') }
    const templates = [await makeTemplate(scratch, '', env), await makeTemplate(scratch, 'team/kb/', env)]
    for (let number = first + part; number < first + count; number += jobs) {
      if (Date.now() - began > Number(values.minutes) * 60_000) break
      const result = await runCase(join(scratch, `case-${number}`), templates, seed, number)
      result.findings.push(...strays.splice(0))
      if (result.findings.length > 0 || values.verbose) tell(result, number)
      done(result)
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function hasFailed({ findings }: CaseResult): boolean {
  return findings.length > 0
}

function tell({ kind, what, commands, findings }: CaseResult, number: number): void {
  say(`${findings.length === 0 ? 'ok  ' : 'FAIL'} ${kind}: ${what}; ${commands.join(', ')}`)
  for (const finding of findings) say(`     ${finding}`)
  if (findings.length > 0) say(`     npm run fuzz:base -- --seed ${seed} --case ${number}`)
}

function table(results: readonly Counted[]): void {
  const failures = (kind?: string): Counted[] =>
    results.filter((result) => result.failed && (kind === undefined || result.kind === kind))
  say(`\n${'kind'.padEnd(16)} cases failures`)
  for (const [kind] of KINDS) {
    const own = results.filter((result) => result.kind === kind)
    say(`${kind.padEnd(16)} ${String(own.length).padStart(5)} ${String(failures(kind).length).padStart(8)}`)
  }
  const seconds = ((Date.now() - began) / 1000).toFixed(0)
  const all = failures().length
  say(
    `${'all'.padEnd(16)} ${String(results.length).padStart(5)} ${String(all).padStart(8)}   seed ${seed}, ${seconds} s`,
  )
  if (all > 0) process.exitCode = 1
}
