// `npm run fuzz:base -- [--cases <number>] [--seed <number>] [--case <number>]`: bases from a stranger, one corruption each.
// Prints a table of the kinds, and how to run each failure again. Exits with 1 if there is one.
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
    minutes: { type: 'string', default: '600' },
    verbose: { type: 'boolean', default: false },
  },
})
const seed = Number(values.seed)
const first = values.case === undefined ? 0 : Number(values.case)
const count = Number(values.cases ?? (values.case === undefined ? 100 : 1))
const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'kbgit-fuzz-')))
const say = (line: string): void => void process.stdout.write(`${line}\n`)
const strays: string[] = []
for (const event of ['unhandledRejection', 'uncaughtException'] as const)
  process.on(event, (error: unknown) =>
    strays.push(`${event}: ${error instanceof Error ? error.stack : String(error)}`),
  )

try {
  mkdirSync(join(scratch, 'home'))
  const env = { PATH: process.env['PATH'], ...GIT_IDENTITY, HOME: join(scratch, 'home') }
  const templates = [await makeTemplate(scratch, '', env), await makeTemplate(scratch, 'team/kb/', env)]
  const began = Date.now()
  const results: CaseResult[] = []
  for (let number = first; number < first + count; number++) {
    if (Date.now() - began > Number(values.minutes) * 60_000) break
    const result = await runCase(join(scratch, `case-${number}`), templates, seed, number)
    result.findings.push(...strays.splice(0))
    results.push(result)
    if (result.findings.length > 0 || values.verbose) tell(result, number)
  }
  table(results, (Date.now() - began) / 1000)
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
function tell({ kind, what, commands, findings }: CaseResult, number: number): void {
  say(`${findings.length === 0 ? 'ok  ' : 'FAIL'} ${kind}: ${what}; ${commands.join(', ')}`)
  for (const finding of findings) say(`     ${finding}`)
  if (findings.length > 0) say(`     npm run fuzz:base -- --seed ${seed} --case ${number}`)
}

function table(results: readonly CaseResult[], seconds: number): void {
  say(`\n${'kind'.padEnd(16)} cases failures`)
  for (const [kind] of KINDS) {
    const own = results.filter((result) => result.kind === kind)
    say(
      `${kind.padEnd(16)} ${String(own.length).padStart(5)} ${String(own.filter(({ findings }) => findings.length > 0).length).padStart(8)}`,
    )
  }
  const failures = results.filter(({ findings }) => findings.length > 0).length
  say(
    `${'all'.padEnd(16)} ${String(results.length).padStart(5)} ${String(failures).padStart(8)}   seed ${seed}, ${seconds.toFixed(0)} s`,
  )
  if (failures > 0) process.exitCode = 1
}
