// What a command is: a description of its arguments and options, and a function from them to a report.
import type { FailedSource, Kb, Library, Progress, Surroundings } from '../index.ts'
import type { Host } from './host.ts'
import type { Style } from './style.ts'

/** One option. `value` is the placeholder for its value in the help. */
export type OptionSpec = { describe: string; alias?: string | undefined; hidden?: boolean } & (
  | { type: 'flag' }
  /** `optional`: the option may be given without a value, which is then ''. */
  | { type: 'text'; value: string; optional?: boolean }
  | { type: 'number'; value: string; min: number; max: number }
  /** May be repeated; `choices`: several may also be given in one value, separated by commas. */
  | { type: 'list'; value: string; choices?: readonly string[] }
)
export type OptionSpecs = Record<string, OptionSpec>

/** The values of options: absent ones are false, undefined or []. */
export type Flags<S extends OptionSpecs> = {
  [Name in keyof S]: S[Name] extends { type: 'flag' }
    ? boolean
    : S[Name] extends { type: 'number' }
      ? number | undefined
      : S[Name] extends { type: 'list' }
        ? string[]
        : string | undefined
}

/** The output of a command. With `--json` the value is printed, otherwise the texts. */
export type Report = {
  value: unknown
  /** Requested output: goes to stdout. */
  text?: string
  /** An acknowledgement: goes to stdout, unless `--quiet`. */
  message?: string | undefined
  /** Go to stderr, even with `--quiet`; with `--json` they are already in the value. */
  warnings?: string[]
  /** Documents that failed: reported on stderr, unless progress has reported them already. */
  failures?: FailedSource[]
  /** Default: 0. */
  exitCode?: number
}

export type Progressed<T> = (onProgress: (progress: Progress) => void) => Promise<T>

/** Everything that a command may use. */
export type Context<S extends OptionSpecs = OptionSpecs> = {
  args: string[]
  flags: Flags<S>
  json: boolean
  quiet: boolean
  host: Host
  library: () => Promise<Library>
  /** `--kb` and `--branch`. */
  dir: string | undefined
  branch: string | undefined
  /** The knowledge base selected by the options and the environment; opened once, closed when the command has ended. */
  kb: () => Promise<Kb>
  surroundings: () => Promise<Surroundings>
  style: Style
  /** Aborts when the user asks to stop. */
  signal: AbortSignal
  /** Shows progress on stderr while `work` runs. */
  attended: <T>(work: Progressed<T>) => Promise<T>
  /** Writes to stdout unchanged, and waits for a slow reader. */
  write: (chunk: string | Uint8Array) => Promise<void>
  /** Writes a line to stderr, above the live progress. */
  note: (line: string) => void
  /** Asks on the terminal. Throws `KbError`: `usage` if there is none, `interrupted` if the answer is no. */
  confirm: (question: string, refusal: string) => Promise<void>
}

export type Command<S extends OptionSpecs = OptionSpecs> = {
  name: string
  /** What follows the name in the usage line. */
  usage?: string | undefined
  /** Minimum and maximum number of arguments. Default: none. */
  arity?: readonly [min: number, max: number]
  /** Further paragraphs of help. */
  details?: string
  options: S
  /** Command lines and what they do. */
  examples: readonly (readonly [line: string, does: string])[]
  /**
   * Returns what to print; nothing if it has written its output itself. A method, so that commands with any options are
   * commands.
   */
  run(context: Context<S>): Promise<Report | undefined>
}

/** Lets the compiler infer the types of a command's flags from its options. */
export function command<const S extends OptionSpecs>(definition: Command<S>): Command<S> {
  return definition
}

/** Of the commands that prepare documents. */
export const JOBS_OPTION = {
  type: 'number',
  alias: 'j',
  value: 'n',
  min: 1,
  max: 64,
  describe: 'Documents prepared at once (default: file_processing_jobs)',
} as const satisfies OptionSpecs[string]

/** Options that every command takes. */
export const GLOBAL_OPTIONS = {
  kb: {
    type: 'text',
    value: 'dir',
    describe: 'The knowledge base (default: KBGIT_DIR, else the one that contains this folder)',
  },
  branch: {
    type: 'text',
    value: 'name',
    describe: 'Read and write this branch instead of the one that is checked out',
  },
  json: { type: 'flag', describe: 'Print a single JSON document on stdout' },
  quiet: { type: 'flag', alias: 'q', describe: 'Print only requested output and errors' },
  verbose: { type: 'flag', alias: 'v', describe: 'Log each step and its time to stderr' },
  'no-color': { type: 'flag', describe: 'Print without colours (also NO_COLOR=1)' },
  help: { type: 'flag', alias: 'h', describe: 'Show this help' },
  version: { type: 'flag', describe: "Show kbgit's version" },
} as const satisfies OptionSpecs
