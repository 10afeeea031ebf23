// The command line's words as values. yargs splits them; what they may be is checked here, in one place.
import yargs from 'yargs'
import type { Options } from 'yargs'
import { KbError } from '../core/errors.ts'
import { GLOBAL_OPTIONS, type Command, type OptionSpec, type OptionSpecs } from './command.ts'
import { suggest } from './suggest.ts'
import { inline } from './text.ts'

export type Parsed = { args: string[]; flags: Record<string, boolean | number | string | string[] | undefined> }

/** Words are taken as they stand: no numbers guessed from names, no dots split, no value taken by a list but its own. */
const PARSER = {
  'parse-numbers': false,
  'parse-positional-numbers': false,
  'camel-case-expansion': false,
  'dot-notation': false,
  'greedy-arrays': false,
  'boolean-negation': false,
  'strip-aliased': true,
}

/**
 * Reads the words after (and before) a command's name. Throws `KbError` (`usage`) for an option that the command does
 * not have, a value that is none of its kind, and too few or too many arguments.
 */
export async function parseArgv(words: readonly string[], command: Command, cwd: string): Promise<Parsed> {
  const specs: OptionSpecs = { ...GLOBAL_OPTIONS, ...command.options }
  for (const name of longNames(words)) if (!Object.hasOwn(specs, name)) throw unknownOption(`--${name}`, specs, command)
  const parser = yargs([], cwd)
    .parserConfiguration(PARSER)
    .locale('en')
    .exitProcess(false)
    .help(false)
    .version(false)
    .options(Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, yargsOption(spec)])))
    .fail((message: string | undefined, error: Error | undefined) => {
      throw usage(sayMissing(message ?? error?.message ?? 'The command line is not understood.'), command)
    })
  const { _: args, $0: _script, ...given } = await parser.parseAsync(keepWordsAfterFlags(words, specs))
  // All that is left unknown was written with one dash.
  for (const name of Object.keys(given))
    if (!Object.hasOwn(specs, name)) throw unknownOption(`-${name}`, specs, command)
  const flags: Parsed['flags'] = {}
  for (const [name, spec] of Object.entries(specs)) flags[name] = readOption(name, spec, given[name], command)
  const parsed = { args: args.map(String), flags }
  if (flags['help'] !== true) checkArity(parsed.args, command)
  return parsed
}

/** yargs takes a `true` or `false` that follows a flag for its value; here it is an argument, as in `search --json true`. */
function keepWordsAfterFlags(words: readonly string[], specs: OptionSpecs): string[] {
  const end = words.indexOf('--')
  return words.map((word, at) => {
    const next = words[at + 1]
    const isFlag = word.startsWith('--') && specs[word.slice(2)]?.type === 'flag'
    const isShort =
      /^-[a-z]$/i.test(word) && Object.values(specs).some((s) => s.type === 'flag' && s.alias === word.slice(1))
    if ((!isFlag && !isShort) || (end !== -1 && at >= end) || (next !== 'true' && next !== 'false')) return word
    return `${word}=true`
  })
}

function yargsOption(spec: OptionSpec): Options {
  const alias = spec.alias === undefined ? {} : { alias: spec.alias }
  switch (spec.type) {
    case 'flag':
      return { ...alias, type: 'boolean' }
    case 'text':
      return { ...alias, type: 'string', requiresArg: spec.optional !== true }
    case 'number':
      return { ...alias, type: 'string', requiresArg: true }
    case 'list':
      return { ...alias, type: 'array', string: true, requiresArg: true }
  }
}

function readOption(name: string, spec: OptionSpec, given: unknown, command: Command): Parsed['flags'][string] {
  const values = (Array.isArray(given) ? given : [given]).filter((value) => value !== undefined)
  switch (spec.type) {
    case 'flag':
      return values.at(-1) === true
    case 'list':
      return readList(name, spec.choices, values.map(String), command)
    case 'text': {
      const last = values.at(-1)
      if (last === '' && spec.optional !== true) throw usage(`--${name} needs a value.`, command)
      return last === undefined ? undefined : String(last)
    }
    case 'number': {
      const last = values.at(-1)
      if (last === undefined) return undefined
      const number = /^\d{1,15}$/.test(String(last)) ? Number(last) : Number.NaN
      if (number >= spec.min && number <= spec.max) return number
      throw usage(
        `--${name} must be a whole number from ${spec.min} to ${spec.max}, not "${inline(String(last))}".`,
        command,
      )
    }
  }
}

function readList(name: string, choices: readonly string[] | undefined, values: string[], command: Command): string[] {
  if (choices === undefined) return values
  const items = values
    .flatMap((value) => value.split(','))
    .map((item) => item.trim())
    .filter((item) => item !== '')
  for (const item of items) {
    if (choices.includes(item)) continue
    throw usage(
      `"${inline(item)}" is none of what --${name} takes: ${choices.join(', ')}.`,
      command,
      suggest(item, choices),
    )
  }
  return items
}

/** Names of options written out. A word of this form is never an option's value; that takes `--option=--value`. */
function longNames(words: readonly string[]): string[] {
  const end = words.indexOf('--')
  const before = end === -1 ? words : words.slice(0, end)
  return before.flatMap((word) => /^--([^=]+)/s.exec(word)?.[1] ?? [])
}

function unknownOption(shown: string, specs: OptionSpecs, command: Command): KbError {
  const known = Object.entries(specs).flatMap(([option, spec]) => (spec.hidden === true ? [] : [option]))
  const meant = shown.startsWith('--') ? suggest(shown.slice(2), known) : undefined
  return usage(
    `${called(command)} has no option ${inline(shown)}.`,
    command,
    meant === undefined ? undefined : `--${meant}`,
  )
}

function checkArity(args: string[], command: Command): void {
  const [min, max] = command.arity ?? [0, 0]
  if (args.length < min) throw usage(`${called(command)} needs ${command.usage ?? 'an argument'}.`, command)
  const extra = args[max]
  if (extra !== undefined) {
    throw usage(
      `${called(command)} takes ${max === 0 ? 'no arguments' : `at most ${max}`}: "${inline(extra)}" is one too many.`,
      command,
    )
  }
}

function usage(message: string, command: Command, meant?: string): KbError {
  const help = `"${called(command)} --help" shows what it takes.`
  return new KbError('usage', message, { hint: meant === undefined ? help : `Did you mean "${meant}"? ${help}` })
}

/** yargs' sentence for an option without its value, in ours. */
function sayMissing(message: string): string {
  const name = /^Not enough arguments following: (.+)$/.exec(message)?.[1]
  return name === undefined ? message : `${name.length === 1 ? '-' : '--'}${name} needs a value.`
}

function called(command: Command): string {
  return command.name === '' ? 'kbgit' : `kbgit ${command.name}`
}
