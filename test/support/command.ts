// Runs the real command: in pipes, and in a pseudo-terminal that `script` (util-linux) makes.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** The environment variable with the path of a build of the command (test/support/built-command.ts). */
export const BUILT_KBGIT = 'KBGIT_TEST_BUILD'
/** The command as a checkout has it: it runs from the sources. */
export const CHECKOUT_KBGIT = fileURLToPath(new URL('../../bin/kbgit.js', import.meta.url))
/** The command as users have it: built if the tests have a build, else that of the checkout. */
export const KBGIT = process.env[BUILT_KBGIT] ?? CHECKOUT_KBGIT
/** The command line over a stand-in for the library, in a real process. */
export const KBGIT_ON_DOUBLE = fileURLToPath(new URL('./kbgit-on-double.ts', import.meta.url))

export type Ended = { code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }
export type Place = {
  cwd?: string
  env?: Record<string, string>
  script?: string
  /** Options of Node. */
  node?: string[]
  /** In a process group of its own, so that a signal can reach all of it as from a terminal. */
  detached?: boolean
}

/** The part of its own environment that a test passes on: nothing that decides on colours or bases. */
function environment(env: Record<string, string> = {}): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, NODE_V8_COVERAGE, NODE_COMPILE_CACHE } = process.env
  return { PATH, HOME, TMPDIR, NODE_V8_COVERAGE, NODE_COMPILE_CACHE, LC_ALL: 'C.UTF-8', TERM: 'xterm', ...env }
}

/** A command in pipes that is still running. `stdin` is open. */
export function start(
  argv: string[],
  { cwd, env, script = KBGIT, node = [], detached = false }: Place = {},
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [...node, script, ...argv], {
    cwd,
    env: environment(env),
    stdio: 'pipe',
    detached,
  })
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
  const ended = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
    stdout: Buffer.concat(stdout).toString(),
    stderr: Buffer.concat(stderr).toString(),
  }))
  return { child, ended }
}

/** Runs a command in pipes to its end. */
export async function inPipes(argv: string[], place: Place & { input?: string | undefined } = {}): Promise<Ended> {
  const { child, ended } = start(argv, place)
  child.stdin?.on('error', () => {})
  child.stdin?.end(place.input ?? '')
  return ended
}

/** Resolves when a running command has written `text` to the stream; rejects if it ends without. */
export function saying(stream: NodeJS.ReadableStream | null, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    const listen = (chunk: Buffer): void => {
      said += chunk.toString()
      if (!said.includes(text)) return
      stream?.off('data', listen)
      resolve()
    }
    stream?.on('data', listen)
    stream?.once('end', () =>
      reject(new Error(`It ended without saying ${JSON.stringify(text)}: ${JSON.stringify(said)}`)),
    )
  })
}

/** A command in a pseudo-terminal that can be typed into. Lines end in `\r\n`, as on a terminal. */
export class Terminal implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #closed: Promise<unknown>
  #output = ''
  #heard = () => {}

  constructor(argv: string[], { cwd, env, script = KBGIT, columns = 80 }: Place & { columns?: number } = {}) {
    const words = [process.execPath, script, ...argv].map((word) => `'${word.replaceAll("'", "'\\''")}'`)
    const command = `stty cols ${columns} rows 24; exec ${words.join(' ')}`
    this.#child = spawn('script', ['--quiet', '--return', '--flush', '--command', command, '/dev/null'], {
      cwd,
      env: environment({ SHELL: '/bin/sh', ...env }),
      stdio: 'pipe',
    })
    this.#closed = once(this.#child, 'close')
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      this.#output += chunk.toString()
      this.#heard()
    })
    void this.#closed.then(() => this.#heard())
  }

  get output(): string {
    return this.#output
  }

  /** Keys as a terminal sends them: Enter is `\r`, Ctrl-C `\x03`, Ctrl-D `\x04`, Tab `\t`. */
  type(keys: string): void {
    this.#child.stdin?.write(keys)
  }

  /** Resolves when `text` has been shown since `from` (a length of the output); returns the length up to there. */
  async shows(text: string, from = 0): Promise<number> {
    for (;;) {
      const at = this.#output.indexOf(text, from)
      if (at !== -1) return at + text.length
      if (this.#child.exitCode !== null)
        throw new Error(`It ended without showing ${JSON.stringify(text)}: ${JSON.stringify(this.#output)}`)
      await new Promise<void>((resolve) => (this.#heard = resolve))
    }
  }

  /** The exit code, once it has ended by itself. A death by signal n is 128 + n. */
  async end(): Promise<number> {
    await this.#closed
    return this.#child.exitCode ?? -1
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null) this.#child.kill('SIGKILL')
    await this.#closed
  }
}
