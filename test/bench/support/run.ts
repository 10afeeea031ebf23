// Runs a program and measures it from outside: wall time, memory, and the CPU time of it and its children.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

export type Ran = {
  code: number
  stdout: string
  stderr: string
  /** Wall time. */
  ms: number
  /** User and system time of the program and of every process that it waited for. */
  cpuMs: number
  /** Peak resident memory of the largest process, if requested. */
  peak: Peak
}

export type Peak = { bytes: number; process: string }
export type RunOptions = {
  cwd: string
  env: NodeJS.ProcessEnv
  input?: string | undefined
  watchMemory?: boolean
  mayFail?: boolean
}

/** Milliseconds between two samples of the processes. The high-water mark is read, so a peak in between counts. */
const LOOK_MS = 20

/** bash reports the CPU time of its children; it adds two milliseconds, to all variants alike. */
const TIMED = `TIMEFORMAT='%3R %3U %3S'; { time "$@" 2>&4 3>&- 4>&-; } 4>&2 2>&3`

/** Runs a program to its end. Throws if it fails, unless that is allowed. */
export function run(command: string[], options: RunOptions): Promise<Ran> {
  const child = spawn('bash', ['-c', TIMED, 'bash', ...command], {
    cwd: options.cwd,
    env: options.env,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  })
  const said = { stdout: [] as Buffer[], stderr: [] as Buffer[], times: [] as Buffer[] }
  child.stdout?.on('data', (chunk: Buffer) => said.stdout.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => said.stderr.push(chunk))
  const times = child.stdio[3]
  if (times !== null && times !== undefined) times.on('data', (chunk: Buffer) => said.times.push(chunk))
  child.stdin?.on('error', () => {})
  child.stdin?.end(options.input ?? '')
  const peak: Peak = { bytes: 0, process: '' }
  const watch = options.watchMemory === true ? setInterval(() => look(child.pid ?? 0, peak), LOOK_MS) : undefined
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      clearInterval(watch)
      const [stdout, stderr, told] = [said.stdout, said.stderr, said.times].map((chunks) =>
        Buffer.concat(chunks).toString(),
      )
      if (code !== 0 && options.mayFail !== true) {
        reject(
          new Error(
            `${command.join(' ').slice(0, 300)} ended with ${code}:\n${stdout?.slice(-2_000)}\n${stderr?.slice(-2_000)}`,
          ),
        )
        return
      }
      const [wall = 0, user = 0, system = 0] = (told ?? '')
        .trim()
        .split(/\s+/)
        .map((seconds) => Number(seconds) * 1000)
      resolve({ code: code ?? -1, stdout: stdout ?? '', stderr: stderr ?? '', ms: wall, cpuMs: user + system, peak })
    })
  })
}

/**
 * Updates `peak` with the high-water mark of a process and all its descendants. Processes that are gone are skipped.
 */
function look(pid: number, peak: Peak): void {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1')
    const bytes = Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024
    if (bytes > peak.bytes) Object.assign(peak, { bytes, process: nameOf(pid) })
    const below = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim()
    for (const child of below === '' ? [] : below.split(' ')) look(Number(child), peak)
  } catch {
    // It has ended in the meantime.
  }
}

/** The program and, for git, the subcommand. */
function nameOf(pid: number): string {
  const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    .split('\0')
    .filter((word) => word !== '')
  const program = words[0]?.split('/').at(-1) ?? ''
  const word = words.slice(1).find((word, index, all) => !word.startsWith('-') && all[index - 1] !== '-c')
  return [program, word?.split('/').at(-1) ?? ''].join(' ').trim()
}
