// One run of the command line: from words to an exit code.
import { KbError } from '../core/errors.ts'
import type { Kb, Logger, Surroundings } from '../index.ts'
import type { Parsed } from './argv.ts'
import type { Command, Context, Progressed, Report } from './command.ts'
import { COMMAND_NAMES, COMMANDS, type CommandEntry } from './commands.ts'
import { confirm } from './confirm.ts'
import { commandAt, mannerOf, type Manner } from './first-look.ts'
import type { Host } from './host.ts'
import { progressView, type ProgressView } from './progress.ts'
import { Stdout } from './stdout.ts'
import {
  asKbError,
  errorDocument,
  errorLines,
  FAILURES_SHOWN_MAX,
  failureLines,
  moreFailures,
  stacks,
  warningLine,
} from './sentences.ts'
import { styleFor, wantsColor, type Style } from './style.ts'
import { suggestCommand } from './suggest.ts'
import { inline } from './text.ts'

/** The command for words that name none. */
const FRONT: Command = { name: '', options: {}, examples: [], arity: [0, 0], run: async () => undefined }

/**
 * Runs a command to its end and returns the exit code. Anything that goes wrong is reported and becomes an exit code.
 */
export async function run(argv: readonly string[], host: Host): Promise<number> {
  const session = new Session(host, mannerOf(argv))
  const exitCode = await session.run(argv)
  await session.stdout.flush()
  const fault = session.stdout.fault
  if (fault === undefined) return exitCode
  host.stderr.write(`kbgit: The output could not be written: ${fault.message}\n`)
  return exitCode === 0 ? 1 : exitCode
}

class Session {
  readonly stdout: Stdout
  readonly #host: Host
  #manner: Manner
  readonly #stop = new AbortController()
  readonly #reportedFailures = new Set<string>()
  #view: ProgressView | undefined
  #interrupted = false
  #kb: Promise<Kb> | undefined
  #logger: Promise<Logger> | undefined

  constructor(host: Host, manner: Manner) {
    this.#host = host
    this.#manner = manner
    this.stdout = new Stdout(host.stdout, () =>
      this.#stop.abort(new KbError('interrupted', 'The reader of the output is gone.')),
    )
    // A closed stderr must not end the work: what cannot be reported is dropped.
    host.stderr.on('error', () => {})
  }

  async run(argv: readonly string[]): Promise<number> {
    const stopListening = this.#host.onStopSignal((signal) => {
      if (this.#interrupted) {
        this.#view?.end()
        this.#host.die(signal)
        return
      }
      this.#interrupted = true
      if (!this.#manner.json)
        this.#note('Stopping: the current document is finished or undone first. Press Ctrl-C again to stop at once.')
      this.#stop.abort(new KbError('interrupted', 'Interrupted.'))
    })
    try {
      const exitCode = await this.#runCommand(argv)
      return this.#interrupted ? new KbError('interrupted', '').exitCode : exitCode
    } catch (error) {
      return await this.#reportError(error)
    } finally {
      stopListening()
    }
  }

  async #runCommand(argv: readonly string[]): Promise<number> {
    const index = commandAt(argv)
    if (index === -1) return this.#front(argv)
    const entry = entryNamed(argv[index] ?? '')
    const command = await entry.load()
    const words = argv.toSpliced(index, 1)
    const parsed = entry.verbatim === true ? { args: words, flags: {} } : await this.#parse(words, command)
    this.#readManner(parsed)
    if (parsed.flags['help'] === true) {
      const { commandPage } = await import('./help-text.ts')
      await this.stdout.write(commandPage(entry, command, this.#style(this.#host.stdout)))
      return 0
    }
    try {
      const report = await command.run(this.#context(parsed))
      if (report !== undefined) await this.#print(report)
      return report?.exitCode ?? 0
    } finally {
      if (this.#kb !== undefined) await (await this.#kb.catch(() => undefined))?.[Symbol.asyncDispose]()
    }
  }

  async #front(argv: readonly string[]): Promise<number> {
    const parsed = await this.#parse(
      argv.filter((word) => word !== '--'),
      FRONT,
    )
    this.#readManner(parsed)
    const { frontPage } = await import('./help-text.ts')
    if (parsed.flags['help'] === true) {
      await this.stdout.write(frontPage(this.#style(this.#host.stdout)))
      return 0
    }
    const missing = new KbError('usage', 'No command was given.', { hint: '"kbgit --help" lists them.' })
    if (this.#manner.json) throw missing
    this.#host.stderr.write(frontPage(this.#style(this.#host.stderr)))
    return missing.exitCode
  }

  async #parse(words: readonly string[], command: Command): Promise<Parsed> {
    const { parseArgv } = await import('./argv.ts')
    return parseArgv(words, command)
  }

  #readManner({ flags }: Parsed): void {
    this.#manner = {
      json: flags['json'] === true,
      quiet: flags['quiet'] === true,
      verbose: flags['verbose'] === true,
      noColor: flags['no-color'] === true,
    }
  }

  #context({ args, flags }: Parsed): Context {
    const { json, quiet } = this.#manner
    const named = (option: string) => (typeof flags[option] === 'string' ? flags[option] : undefined)
    const [dir, branch] = [named('kb'), named('branch')]
    const library = this.#host.library
    return {
      args,
      // Read with the specs of this command: `parseArgv` gave each option a value of its type.
      flags: flags as Context['flags'],
      json,
      quiet,
      host: this.#host,
      library,
      dir,
      branch,
      surroundings: () => this.#surroundings(),
      kb: () => (this.#kb ??= this.#open(dir, branch)),
      style: this.#style(this.#host.stdout),
      signal: this.#stop.signal,
      attended: (work) => this.#attended(work),
      write: (chunk) => this.stdout.write(chunk),
      note: (line) => this.#note(line),
      confirm: (question, refusal) => confirm({ question, refusal }, this.#host, this.#stop.signal),
    }
  }

  async #open(dir: string | undefined, branch: string | undefined): Promise<Kb> {
    const [{ openKb }, surroundings] = await Promise.all([this.#host.library(), this.#surroundings()])
    return openKb({ ...surroundings, dir, branch })
  }

  async #surroundings(): Promise<Surroundings> {
    const { env, cwd } = this.#host
    if (!this.#manner.verbose) return { env, cwd, ...(this.#manner.quiet ? {} : { logger: this.#warnings() }) }
    this.#logger ??= import('./log.ts').then(({ debugLog }) => debugLog((line) => this.#note(line.trimEnd())))
    return { env, cwd, logger: await this.#logger }
  }

  /** Without a log, the library's warnings are still shown. */
  #warnings(): Logger {
    return {
      debug: () => {},
      warn: (_fields, message) => this.#note(warningLine(message, this.#style(this.#host.stderr))),
    }
  }

  async #attended<T>(work: Progressed<T>): Promise<T> {
    const { quiet, verbose } = this.#manner
    const stderr = this.#host.stderr
    // With a log on the same terminal a live view would flicker.
    const live = stderr.isTTY === true && this.#host.env['TERM'] !== 'dumb' && !verbose
    const view = progressView(stderr, this.#host.ticker, { style: this.#style(stderr), live, quiet })
    this.#view = view
    try {
      return await work((progress) => {
        if (progress.kind === 'done' && progress.outcome === 'failed') this.#reportedFailures.add(progress.path)
        view.take(progress)
      })
    } finally {
      view.end()
      this.#view = undefined
    }
  }

  async #print(report: Report): Promise<void> {
    if (this.#manner.json) {
      await this.stdout.write(`${JSON.stringify(report.value, null, 2)}\n`)
      return
    }
    const style = this.#style(this.#host.stderr)
    const failures = (report.failures ?? []).filter(({ path }) => !this.#reportedFailures.has(path))
    for (const { path, error } of failures.slice(0, FAILURES_SHOWN_MAX))
      this.#host.stderr.write(failureLines(path, error.message, error.hint, style))
    this.#host.stderr.write(moreFailures(failures.length, style))
    for (const warning of report.warnings ?? []) this.#note(warningLine(warning, style))
    if (report.message !== undefined && !this.#manner.quiet) await this.stdout.write(withLineEnd(report.message))
    if (report.text !== undefined) await this.stdout.write(withLineEnd(report.text))
  }

  #note(line: string): void {
    if (this.#view === undefined) this.#host.stderr.write(`${line}\n`)
    else this.#view.note(line)
  }

  /** Reports an error and returns its exit code. */
  async #reportError(error: unknown): Promise<number> {
    const known = asKbError(error, this.#manner.verbose)
    const exitCode = this.#interrupted ? new KbError('interrupted', '').exitCode : known.exitCode
    if (this.stdout.closedByReader) return exitCode
    if (this.#manner.json) await this.stdout.write(errorDocument(known))
    else this.#host.stderr.write(errorLines(known, this.#style(this.#host.stderr)))
    const ours = error instanceof KbError && error.cause === undefined
    if (this.#manner.verbose && error instanceof Error && !ours) this.#host.stderr.write(`${stacks(error)}\n`)
    return exitCode
  }

  #style(stream: Host['stdout']): Style {
    return styleFor(wantsColor(this.#manner.noColor, this.#host.env, stream.isTTY === true))
  }
}

function entryNamed(name: string): CommandEntry {
  const entry = COMMANDS.find((each) => each.name === name)
  if (entry !== undefined) return entry
  const meant = suggestCommand(name, COMMAND_NAMES)
  throw new KbError('usage', `"${inline(name)}" is not a command of kbgit.`, {
    hint: meant === undefined ? '"kbgit --help" lists the commands.' : `Did you mean "kbgit ${meant}"?`,
  })
}

function withLineEnd(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}
