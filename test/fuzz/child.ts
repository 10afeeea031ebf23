// One command as a person runs it: a separate process, whose exit code and JSON are part of the contract.
import { execute } from '../crash/execute.ts'
import { KBGIT } from '../support/command.ts'

/** Codes that mean that kbgit did not foresee the error. */
export const UNFORESEEN: ReadonlySet<string> = new Set(['unexpected', 'internal', 'gitFailed'])

/** All codes of the contract except 1 (unexpected) and 13 (git failed). */
const FORESEEN = new Set([0, 2, 3, 10, 11, 12, 14, 15])

/** Sentences about what violates the contract. */
export async function runChild(argv: string[], dir: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const name = argv.join(' ')
  // `show --raw` prints the original and nothing else.
  const json = !argv.includes('--raw')
  const words = [process.execPath, KBGIT, ...argv, ...(json ? ['--json'] : [])]
  const { code, signal, stdout, stderr } = await execute(words, { cwd: dir, env: env as Record<string, string> })
  if (code === null) return [`${name}: died of ${signal}`]
  const wrong = FORESEEN.has(code) ? [] : [`${name}: ended with ${code}: ${(stdout + stderr).slice(0, 300)}`]
  if (/^ {4}at .*:\d+:\d+/m.test(stderr)) wrong.push(`${name}: a stack trace: ${stderr.slice(0, 300)}`)
  if (!json) return wrong
  try {
    const { error } = JSON.parse(stdout) as { error?: { code?: string } }
    if (error?.code !== undefined && UNFORESEEN.has(error.code)) wrong.push(`${name}: ${stdout.slice(0, 300)}`)
  } catch {
    wrong.push(`${name}: printed no JSON, ended with ${code}: ${stdout.slice(0, 100)} ${stderr.slice(0, 200)}`)
  }
  return wrong
}
