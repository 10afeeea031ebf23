// The words of a command line as values. This is the only place that checks what they may be.
import { KbError } from '../core/errors.ts'
import { GLOBAL_OPTIONS, type Command, type OptionSpec, type OptionSpecs } from './command.ts'
import { splitWords, type Fault } from './split-words.ts'
import { suggest } from './suggest.ts'
import { inline } from './text.ts'

export type Parsed = { args: string[]; flags: Record<string, boolean | number | string | string[] | undefined> }

/**
 * Parses the words around a command's name. Throws `KbError` (`usage`) for an unknown option, an invalid value, or too
 * few or too many arguments.
 */
export function parseArgv(words: readonly string[], command: Command): Parsed {
  const specs: OptionSpecs = { ...GLOBAL_OPTIONS, ...command.options }
  const split = splitWords(words, specs)
  if ('kind' in split) throw faultOf(split, specs, command)
  const { args, given } = split
  const flags: Parsed['flags'] = {}
  for (const [name, spec] of Object.entries(specs)) flags[name] = readOption(name, spec, given.get(name) ?? [], command)
  if (flags['help'] !== true) checkArity(args, command)
  return { args, flags }
}

function readOption(
  name: string,
  spec: OptionSpec,
  values: (string | boolean)[],
  command: Command,
): Parsed['flags'][string] {
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
      `--${name} does not accept "${inline(item)}": use ${choices.join(', ')}.`,
      command,
      suggest(item, choices),
    )
  }
  return items
}

function faultOf({ kind, option }: Fault, specs: OptionSpecs, command: Command): KbError {
  switch (kind) {
    case 'unknown':
      return unknownOption(option, specs, command)
    case 'noValue':
      return usage(`${option} needs a value.`, command)
    case 'flagValue':
      return usage(`${option} takes no value.`, command)
  }
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
  const help = `"${called(command)} --help" shows how to use it.`
  return new KbError('usage', message, { hint: meant === undefined ? help : `Did you mean "${meant}"? ${help}` })
}

function called(command: Command): string {
  return command.name === '' ? 'kbgit' : `kbgit ${command.name}`
}
