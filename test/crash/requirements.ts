// What the crash tests require of the machine.
import { spawnSync } from 'node:child_process'
import { say } from './report.ts'

/** If strace is missing or not allowed to trace, says what to install and that the test is skipped. */
export function requireStrace(): boolean {
  const tried = spawnSync('strace', ['-f', '--seccomp-bpf', '-qq', '-o', '/dev/null', '-e', 'trace=fsync', 'true'])
  if (tried.status === 0) return true
  say(
    tried.error === undefined
      ? `SKIPPED: strace cannot trace here: ${tried.stderr.toString().trim()}`
      : 'SKIPPED: strace is not installed (Debian: apt-get install strace).',
  )
  return false
}
