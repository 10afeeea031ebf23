// Runs the command and monitors it: the time of each document from its log, the memory of all its processes, and
// whether it still makes progress.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, readdir } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { AddResult } from '../../src/core/results.ts'
import { KBGIT } from '../support/command.ts'

/** A line of the debug log for each document that was prepared. */
export type PreparedLine = {
  path: string
  ms: number
  format?: string
  failed?: string
  coverage?: number
  putBack?: number
}
export type Measured = {
  code: number | null
  stdout: string
  lines: PreparedLine[]
  peakBytes: number
  ms: number
  hung: boolean
}
export type MeasuredAdd = Measured & { result: AddResult }

const SAMPLE_MS = 50

/** Runs `kbgit` to its end. A run that writes nothing for `silenceMs` is killed, and `hung` is reported. */
export async function run(base: string, argv: string[], silenceMs: number): Promise<Measured> {
  const started = performance.now()
  const child = spawn(process.execPath, [KBGIT, ...argv], { cwd: base, stdio: ['ignore', 'pipe', 'pipe'] })
  const stdout: Buffer[] = []
  const lines: PreparedLine[] = []
  let peakBytes = 0
  let moved = performance.now()
  let hung = false
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
  createInterface({ input: child.stderr }).on('line', (line) => {
    moved = performance.now()
    const prepared = parseLine(line)
    if (prepared !== undefined) lines.push(prepared)
  })
  const sampler = setInterval(async () => {
    peakBytes = Math.max(peakBytes, await treeBytes(child.pid ?? 0))
    if (performance.now() - moved < silenceMs) return
    hung = true
    child.kill('SIGKILL')
  }, SAMPLE_MS)
  const [code] = (await once(child, 'close')) as [number | null]
  clearInterval(sampler)
  return { code, stdout: Buffer.concat(stdout).toString(), lines, peakBytes, ms: performance.now() - started, hung }
}

/** Runs `kbgit add --json`. Throws if it hung, crashed, or its answer is not as documented. */
export async function add(base: string, argv: string[], silenceMs: number): Promise<MeasuredAdd> {
  const measured = await run(base, ['add', '--json', '--verbose', ...argv], silenceMs)
  const shown = `kbgit add ${argv.join(' ')}`.slice(0, 300)
  if (measured.hung) throw new Error(`${shown} wrote nothing for ${silenceMs / 1000} s.`)
  if (measured.code !== 0 && measured.code !== 3) {
    throw new Error(`${shown} ended with ${measured.code}: ${measured.stdout.slice(0, 2_000)}`)
  }
  return { ...measured, result: JSON.parse(measured.stdout) as AddResult }
}

function parseLine(line: string): PreparedLine | undefined {
  if (!line.startsWith('{')) return undefined
  const { msg, ...prepared } = JSON.parse(line) as PreparedLine & { msg: string }
  return msg === 'prepared' ? prepared : undefined
}

/** Resident bytes of a process and all its descendants; known only on Linux. */
async function treeBytes(pid: number): Promise<number> {
  try {
    const [status, tasks] = await Promise.all([readFile(`/proc/${pid}/status`, 'latin1'), readdir(`/proc/${pid}/task`)])
    const children = await Promise.all(
      tasks.map((task) => readFile(`/proc/${pid}/task/${task}/children`, 'latin1').catch(() => '')),
    )
    const below = children
      .join(' ')
      .split(' ')
      .filter((each) => each !== '')
    const own = Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024
    return (await Promise.all(below.map((each) => treeBytes(Number(each))))).reduce((sum, each) => sum + each, own)
  } catch {
    return 0
  }
}
