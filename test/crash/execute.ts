// Runs a program to its end, and returns how it ended.
import { spawn } from 'node:child_process'
import { once } from 'node:events'

export type Ended = { code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }
export type ExecuteOptions = { cwd: string; env: Record<string, string>; input?: string; timeoutMs?: number }

/** Milliseconds after which a command counts as hanging. */
const TIMEOUT_MS = 120_000

/** Never throws for a failed program; throws for one that cannot be started or hangs. */
export async function execute(
  [program, ...args]: string[],
  { cwd, env, input, timeoutMs = TIMEOUT_MS }: ExecuteOptions,
): Promise<Ended> {
  if (program === undefined) throw new Error('nothing to run')
  const child = spawn(program, args, { cwd, env, stdio: 'pipe', detached: true })
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  let hung = false
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
  child.stdin.on('error', () => {})
  child.stdin.end(input ?? '')
  const timer = setTimeout(() => {
    hung = true
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  }, timeoutMs)
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  clearTimeout(timer)
  if (hung)
    throw new Error(
      `${program} ${args.join(' ')} hung for ${timeoutMs / 1000} s: ${Buffer.concat(stderr).toString().slice(-2000)}`,
    )
  return { code, signal, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }
}

/** Runs git and returns its output. Throws if it fails. */
export async function git(dir: string, env: Record<string, string>, ...args: string[]): Promise<string> {
  const ran = await execute(['git', ...args], { cwd: dir, env })
  if (ran.code !== 0) throw new Error(`git ${args.join(' ')} in ${dir}: ${ran.stderr}`)
  return ran.stdout
}
