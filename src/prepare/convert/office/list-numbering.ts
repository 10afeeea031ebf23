// The numbers and bullets of lists, counted as in Word (ECMA-376 part 1, 17.9).
import { escapeText } from '../markdown.ts'
import type { ListItem } from './blocks.ts'
import { formatNumber } from './numerals.ts'

export type ListLevel = {
  /** Upper levels are printed as decimal numbers (17.9.4). */
  legal: boolean
  start: number
  format: string
  text: string | undefined
  restart: number | undefined
  style: string | undefined
}
export type ListDefinition = { levels: Map<number, ListLevel> }

/** What is printed before a paragraph. */
export type Numbering =
  | { kind: 'bullet' }
  /** `label` as printed; `plain` if it is only the number with a full stop or a parenthesis. */
  | { kind: 'number'; number: number; label: string; plain: boolean; delimiter: '.' | ')' }
  | { kind: 'none' }

export class ListNumbering {
  readonly #lists: Map<string, ListDefinition>
  readonly #counters = new Map<string, (number | undefined)[]>()

  constructor(lists: Map<string, ListDefinition>) {
    this.#lists = lists
  }

  /** The level linked to this paragraph style. */
  levelOfStyle(list: string, style: string): number | undefined {
    for (const [level, { style: own }] of this.#lists.get(list)?.levels ?? []) if (own === style) return level
    return undefined
  }

  /** Advances the counter and returns the label of the next paragraph. Undefined if the list lacks the level. */
  next(list: string, level: number): Numbering | undefined {
    const levels = this.#lists.get(list)?.levels
    const own = levels?.get(level)
    if (levels === undefined || own === undefined) return undefined
    if (own.format === 'bullet') return { kind: 'bullet' }
    const counters = this.#counters.get(list) ?? []
    this.#counters.set(list, counters)
    for (let upper = 0; upper < level; upper++) counters[upper] ??= levels.get(upper)?.start ?? 1
    const number = counters[level] === undefined ? own.start : counters[level] + 1
    counters[level] = number
    for (let lower = level + 1; lower < counters.length; lower++) {
      const restart = levels.get(lower)?.restart
      if (restart === undefined || (restart !== 0 && level < restart)) counters[lower] = undefined
    }
    if (own.text === undefined) return { kind: 'number', number, label: '', plain: true, delimiter: '.' }
    const label = own.text
      .replace(/%([1-9])/g, (_, digit: string) => {
        const index = Number(digit) - 1
        const format = own.legal ? 'decimal' : (levels.get(index)?.format ?? 'decimal')
        return formatNumber(counters[index] ?? 1, index === level ? own.format : format)
      })
      .trim()
    if (label === '') return { kind: 'none' }
    const plain = /^\d+[.)]?$/.test(label) && Number.parseInt(label, 10) === number
    return { kind: 'number', number, label, plain, delimiter: label.endsWith(')') ? ')' : '.' }
  }
}

/** `text` is inline Markdown. */
export function itemOf(
  numbering: Exclude<Numbering, { kind: 'none' }>,
  level: number,
  list: string,
  text: string,
): ListItem {
  if (numbering.kind === 'bullet') return { kind: 'item', level, list, text }
  const { number, label, plain, delimiter } = numbering
  return { kind: 'item', level, list, text, number, delimiter, ...(plain ? {} : { label: escapeText(label) }) }
}
