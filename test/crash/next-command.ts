// The command after a fault: the same command line, but in this process, where it is already loaded, so that checking a
// fault takes milliseconds.
import { Writable } from 'node:stream'
import type { Host } from '../../src/cli/host.ts'
import { main } from '../../src/cli/main.ts'

export type NextCommand = { code: number; stdout: string; stderr: string }

export async function nextCommand(dir: string, env: Record<string, string>, argv: string[]): Promise<NextCommand> {
  const stdout = new Kept()
  const stderr = new Kept()
  let code = 0
  const host: Host = {
    env,
    cwd: dir,
    stdin: process.stdin,
    stdout,
    stderr,
    ticker: { now: () => performance.now(), every: () => () => {} },
    library: () => import('../../src/index.ts'),
    setExitCode: (set) => {
      code = set
    },
    onStopSignal: () => () => {},
    die: () => {},
  }
  await main(argv, host)
  return { code, stdout: stdout.text, stderr: stderr.text }
}

class Kept extends Writable {
  text = ''

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString()
    done()
  }
}
