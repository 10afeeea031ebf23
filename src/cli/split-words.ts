// Splits the words after a command's name into arguments and options, as `getopt_long` does.
import type { OptionSpec, OptionSpecs } from './command.ts'

export type Split = {
  args: string[]
  /** The values of each option in order: texts, or `true` and `false` for flags. */
  given: Map<string, (string | boolean)[]>
}

/** Why words cannot be split. `option` is as written, with its dashes. */
export type Fault = { kind: 'unknown' | 'noValue' | 'flagValue'; option: string }

/** A word that begins like an option but is a value or an argument: `-1`, `-0.5`. */
const NEGATIVE_NUMBER = /^-(?:\d+(?:\.\d+)?|\.\d+)$/

/**
 * Everything after `--` is an argument. A word that looks like an option is never the value of the option before it.
 */
export function splitWords(words: readonly string[], specs: OptionSpecs): Split | Fault {
  const split: Split = { args: [], given: new Map() }
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    if (word === '--') {
      split.args.push(...words.slice(i + 1))
      break
    }
    if (!isOption(word)) {
      split.args.push(word)
      continue
    }
    const options = word.startsWith('--') ? [longOption(word)] : shortOptions(word.slice(1), specs)
    for (const { shown, name, inline } of options) {
      const spec = Object.hasOwn(specs, name) ? specs[name] : undefined
      if (spec === undefined) return { kind: 'unknown', option: shown }
      const next = words[i + 1]
      const takesNext = spec.type !== 'flag' && inline === undefined && next !== undefined && !isOption(next)
      if (takesNext) i++
      const value = valueOf(spec, takesNext ? next : inline)
      if (value === undefined) return { kind: spec.type === 'flag' ? 'flagValue' : 'noValue', option: shown }
      split.given.set(name, [...(split.given.get(name) ?? []), value])
    }
  }
  return split
}

type Written = { shown: string; name: string; inline: string | undefined }

function isOption(word: string): boolean {
  return word.startsWith('-') && word !== '-' && !NEGATIVE_NUMBER.test(word)
}

function longOption(word: string): Written {
  const [shown = '', inline] = halves(word)
  return { shown, name: shown.slice(2), inline }
}

/** `-qv` is two flags; the first letter with a value takes the rest: `-j4`, `-j=4`. */
function shortOptions(letters: string, specs: OptionSpecs): Written[] {
  const written: Written[] = []
  for (let i = 0; i < letters.length; i++) {
    const letter = letters[i] ?? ''
    const name = Object.keys(specs).find((each) => specs[each]?.alias === letter) ?? ''
    const rest = letters.slice(i + 1)
    const takesRest = rest !== '' && (rest.startsWith('=') || (name !== '' && specs[name]?.type !== 'flag'))
    written.push({ shown: `-${letter}`, name, inline: takesRest ? rest.replace(/^=/, '') : undefined })
    if (takesRest) break
  }
  return written
}

function valueOf(spec: OptionSpec, value: string | undefined): string | boolean | undefined {
  if (spec.type !== 'flag') return value ?? (spec.type === 'text' && spec.optional === true ? '' : undefined)
  return value === undefined || value === 'true' ? true : value === 'false' ? false : undefined
}

/** `--name=value`, split at the first `=`. */
function halves(word: string): [string, string | undefined] {
  const i = word.indexOf('=')
  return i === -1 ? [word, undefined] : [word.slice(0, i), word.slice(i + 1)]
}
