// Runs a command with one fault in it.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execute, type Ended } from './execute.ts'
import { HERE, type Scratch } from './scratch.ts'
import { MUTATING } from './trace.ts'
import type { Point } from './point.ts'

/** `all`: the affected process and all that wait for it. `git`: the git process alone, while kbgit survives. */
export type Death = 'all' | 'git'
export type Fault =
  | { kind: 'kill'; death: Death }
  | { kind: 'error'; errno: string; from: boolean }
  /** Another git takes this lock before the call, or before the git process starts. */
  | { kind: 'lock'; lock: string }

export type Hit = Ended & {
  /** strace, or the script that acts in its place, reports that the fault was injected. */
  injected: boolean
  log: string
}

const IDS = 'workload'
/**
 * Milliseconds that a call is held back while its process is killed. strace waits until the end of the delay in any
 * case.
 */
const HELD_MS = 100

/** A call found by number may be a different one in a run with other groups: for example an answer to kbgit. */
const ON_A_PIPE = /^write\([12], .*\(INJECTED\)$/m

/** Runs without a fault and writes all mutating calls to `traceFile`. */
export async function recordRun(scratch: Scratch, words: string[], dir: string, traceFile: string): Promise<Ended> {
  const strace = [
    'strace',
    '-f',
    '--seccomp-bpf',
    '-qq',
    '-y',
    '-e',
    'signal=none',
    '-o',
    traceFile,
    '-e',
    `trace=execve,${MUTATING.join(',')}`,
  ]
  return execute([...strace, ...words], { cwd: dir, env: scratch.environment({ KBGIT_IDS: IDS }) })
}

/**
 * Runs the command, injects the fault at the point, and waits until all of its processes are gone. `fast`: strace stops
 * kbgit only at the requested calls, at a third of the cost. In this mode it cannot kill, so the call is held back
 * until its process is dead; if that takes too long, the fault is not injected, and the point should be retried without
 * it.
 */
export async function runWithFault(
  scratch: Scratch,
  words: string[],
  dir: string,
  point: Point,
  fault: Fault,
  { fast = false, more = {} }: { fast?: boolean; more?: Record<string, string> } = {},
): Promise<Hit> {
  const faultDir = mkdtempSync(scratch.path('fault-'))
  const log = join(faultDir, 'log')
  const when = `when=${point.nth}${fault.kind === 'error' && fault.from ? '+' : ''}`
  const spec = `${point.syscall}:${fault.kind === 'error' ? `error=${fault.errno}` : 'signal=SIGKILL'}:${when}`
  const settings = {
    FAULT_GIT: point.role === 'kbgit' ? '' : `${point.role.git}.${point.role.call}`,
    FAULT_SPEC: spec,
    FAULT_TRACE: point.syscall,
    FAULT_PATH: point.byPath ? point.path : '',
    FAULT_DEATH: fault.kind === 'kill' ? fault.death : 'git',
    FAULT_LOCK: fault.kind === 'lock' ? fault.lock : '',
  }
  const scripts = { kill: 'kill-at-call.sh', lock: 'lock-at-call.sh', error: undefined }
  const script = fast || fault.kind === 'lock' ? scripts[fault.kind] : undefined
  const held = script !== undefined
  try {
    const ended =
      point.role === 'kbgit'
        ? await execute(
            [
              'strace',
              '-f',
              ...(fast || held ? ['--seccomp-bpf'] : []),
              '-qq',
              '-e',
              'signal=none',
              '-o',
              held ? `|sh '${join(HERE, script)}' '${log}' '${settings.FAULT_LOCK}'` : log,
              '-P',
              point.path,
              '-e',
              `trace=${point.syscall}`,
              '-e',
              `inject=${held ? `${point.syscall}:delay_enter=${HELD_MS}ms:${when}` : spec}`,
              ...words,
            ],
            { cwd: dir, env: scratch.environment({ KBGIT_IDS: IDS, ...more }) },
          )
        : await execute(['sh', '-c', `echo $$ > "$FAULT_DIR/kbgit.pid"; exec "$@"`, 'sh', ...words], {
            cwd: dir,
            env: withGitUnderFault(scratch, faultDir, settings, more),
          })
    const text = readLog(log)
    return { ...ended, log: text, injected: wasInjected(fault, text) }
  } catch (error) {
    // A process that waits for an answer that cannot be written to a pipe waits forever; no disk does that.
    if (!ON_A_PIPE.test(readLog(log))) throw error
    return { code: null, signal: null, stdout: '', stderr: '', log: '', injected: false }
  } finally {
    rmSync(faultDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
}

function wasInjected(fault: Fault, log: string): boolean {
  if (ON_A_PIPE.test(log)) return false
  switch (fault.kind) {
    case 'error':
      return log.includes('(INJECTED)')
    case 'kill':
      return /\) += \?$|killed by SIGKILL/m.test(log)
    case 'lock':
      return /^(?:LOCKED|TAKEN)$/m.test(log)
  }
}

/** Runs without a fault and without a trace. */
export async function runWhole(
  scratch: Scratch,
  words: string[],
  dir: string,
  more: Record<string, string> = {},
): Promise<Ended> {
  return execute([...words, '--json'], { cwd: dir, env: scratch.environment({ KBGIT_IDS: IDS, ...more }) })
}

/** The environment in which a script in this folder replaces git. */
export function withGitInstead(scratch: Scratch, script: string): Record<string, string> {
  const folder = mkdtempSync(scratch.path('git-'))
  symlinkSync(join(HERE, script), join(folder, 'git'))
  return { WHOLE_GIT: realGit(), PATH: `${folder}:${process.env['PATH'] ?? ''}` }
}

function withGitUnderFault(
  scratch: Scratch,
  faultDir: string,
  fault: Record<string, string>,
  more: Record<string, string>,
): Record<string, string> {
  const folder = join(faultDir, 'bin')
  mkdirSync(folder)
  symlinkSync(join(HERE, 'git-under-fault.sh'), join(folder, 'git'))
  const settings = Object.entries({ ...fault, FAULT_REAL_GIT: realGit(), FAULT_DIR: faultDir })
  const quoted = (value: string): string => `'${value.replaceAll("'", `'\\''`)}'`
  writeFileSync(join(folder, 'fault'), settings.map(([name, value]) => `${name}=${quoted(value)}\n`).join(''))
  const env = scratch.environment({ KBGIT_IDS: IDS, ...more, FAULT_DIR: faultDir, GIT_EXEC_PATH: folder })
  return { ...env, PATH: `${folder}:${env['PATH'] ?? ''}` }
}

function realGit(): string {
  const found = (process.env['PATH'] ?? '')
    .split(':')
    .map((folder) => join(folder, 'git'))
    .find((path) => {
      try {
        return readFileSync(path).length > 0
      } catch {
        return false
      }
    })
  if (found === undefined) throw new Error('git is not on the PATH')
  return found
}

function readLog(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
