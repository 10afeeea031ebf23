// The labels of list items: as printed in the file, or counted by its list table.
import { ListNumbering, type Numbering } from '../office/list-numbering.ts'
import type { ListDefinition } from '../office/list-numbering.ts'
import type { ParagraphFormat } from './format.ts'

type Numbered = { numbering: Exclude<Numbering, { kind: 'none' }>; level: number; list: string }

const LEVELS_MAX = 20

export class RtfLists {
  #numbering = new ListNumbering(new Map())
  /** Indents of the open levels of a list that has no other sign of them, in twips. */
  readonly #indents: number[] = []
  #last: number | undefined
  #count = 0

  define(lists: Map<string, ListDefinition>): void {
    this.#numbering = new ListNumbering(lists)
  }

  /** Undefined for a paragraph that is no list item. */
  numbered(format: ParagraphFormat, label: string | undefined): Numbered | undefined {
    const { list, level } = format
    const counted = list === undefined || list === 0 ? undefined : this.#numbering.next(`${list}`, level ?? 0)
    const printed = label?.trim() ?? ''
    if (printed === '' && (counted === undefined || counted.kind === 'none')) {
      this.#indents.length = 0
      this.#last = undefined
      return undefined
    }
    const numbering = printed === '' ? counted : numberingOf(printed)
    if (numbering === undefined || numbering.kind === 'none') return undefined
    if (list !== undefined && list !== 0) return { numbering, level: level ?? 0, list: `${list}` }
    return { numbering, ...this.#unlisted(numbering, format.indent) }
  }

  /** Level and list of an item of which only the indent is known. */
  #unlisted(numbering: Numbered['numbering'], indent: number): { level: number; list: string } {
    while ((this.#indents.at(-1) ?? -1) > indent) this.#indents.pop()
    if (this.#indents.at(-1) !== indent && this.#indents.length < LEVELS_MAX) this.#indents.push(indent)
    const level = this.#indents.length - 1
    if (level === 0) {
      const number = numbering.kind === 'number' ? numbering.number : 0
      // A list that begins again is another list.
      if (this.#last === undefined || number > 0 !== this.#last > 0 || (number > 0 && number <= this.#last))
        this.#count++
      this.#last = number
    }
    return { level, list: `unlisted ${this.#count}` }
  }
}

/** From a printed label: `1.`, `(a)`, `•`. */
function numberingOf(label: string): Numbered['numbering'] {
  if (!/[\p{L}\p{N}]/u.test(label)) return { kind: 'bullet' }
  const number = /^(\d{1,9})([.)]?)$/.exec(label)
  if (number === null) return { kind: 'number', number: 1, label, plain: false, delimiter: '.' }
  return {
    kind: 'number',
    number: Number(number[1]),
    label,
    plain: true,
    delimiter: number[2] === ')' ? ')' : '.',
  }
}
