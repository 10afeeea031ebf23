// The numbers and bullets of Word's lists, counted as in Word (ECMA-376 part 1, 17.9).
import { attr, child, children, numberAttr, type XmlNode } from './xml-nodes.ts'
import { formatNumber } from './numerals.ts'
import { isOn } from './word-styles.ts'

type Level = {
  /** Upper levels are printed as decimal numbers (17.9.4). */
  legal: boolean
  start: number
  format: string
  text: string | undefined
  restart: number | undefined
  style: string | undefined
}
type List = { levels: Map<number, Level> }

/** What is printed before a paragraph. */
export type Numbering =
  | { kind: 'bullet' }
  /** `label` as printed; `plain` if it is only the number with a full stop or a parenthesis. */
  | { kind: 'number'; number: number; label: string; plain: boolean; delimiter: '.' | ')' }
  | { kind: 'none' }

export class WordNumbering {
  readonly #lists = new Map<string, List>()
  readonly #counters = new Map<string, (number | undefined)[]>()

  constructor(root: XmlNode | undefined) {
    const abstract = new Map(children(root, 'w:abstractNum').map((node) => [attr(node, 'w:abstractNumId') ?? '', node]))
    const byStyle = new Map(
      [...abstract].flatMap(([id, node]): [string, string][] => {
        const style = attr(child(node, 'w:styleLink'), 'w:val')
        return style === undefined ? [] : [[style, id]]
      }),
    )
    for (const node of children(root, 'w:num')) {
      const id = attr(child(node, 'w:abstractNumId'), 'w:val') ?? ''
      // A list may take its levels from a numbering style.
      const linked = byStyle.get(attr(child(abstract.get(id), 'w:numStyleLink'), 'w:val') ?? '')
      const levels = levelsOf(abstract.get(linked ?? id))
      for (const override of children(node, 'w:lvlOverride')) {
        const level = numberAttr(override, 'w:ilvl') ?? 0
        const own = child(override, 'w:lvl')
        if (own !== undefined) levels.set(level, levelOf(own))
        const start = numberAttr(child(override, 'w:startOverride'), 'w:val')
        const found = levels.get(level)
        if (start !== undefined && found !== undefined) levels.set(level, { ...found, start })
      }
      this.#lists.set(attr(node, 'w:numId') ?? '', { levels })
    }
  }

  /** The level linked to this paragraph style. */
  levelOfStyle(list: string, style: string): number | undefined {
    for (const [level, { style: own }] of this.#lists.get(list)?.levels ?? []) if (own === style) return level
    return undefined
  }

  /** Counts the next paragraph. Undefined if there is no such list. */
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

function levelsOf(node: XmlNode | undefined): Map<number, Level> {
  return new Map(children(node, 'w:lvl').map((level) => [numberAttr(level, 'w:ilvl') ?? 0, levelOf(level)]))
}

function levelOf(node: XmlNode): Level {
  return {
    legal: isOn(child(node, 'w:isLgl')),
    start: numberAttr(child(node, 'w:start'), 'w:val') ?? 1,
    format: attr(child(node, 'w:numFmt'), 'w:val') ?? 'decimal',
    text: attr(child(node, 'w:lvlText'), 'w:val'),
    restart: numberAttr(child(node, 'w:lvlRestart'), 'w:val'),
    style: attr(child(node, 'w:pStyle'), 'w:val'),
  }
}
