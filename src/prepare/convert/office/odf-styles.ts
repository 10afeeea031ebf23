// The meaning of the styles of an OpenDocument file (ODF 1.3 part 3, 16). Automatic styles inherit from named ones.
import type { OdfPart } from './odf-package.ts'
import type { RunStyle } from './inline-runs.ts'
import type { StyleRole } from './word-styles.ts'
import { attr, child, elements, numberAttr, type XmlNode } from './xml-nodes.ts'

const STYLES_MAX = 20_000
const PARENTS_MAX = 50

/** One level of a list: `format` as ODF writes it (`1`, `a`, `I`), absent for bullets. */
export type OdfLevel = { format?: string; prefix: string; suffix: string; start: number; levels: number }

export class OdfStyles {
  readonly #styles = new Map<string, XmlNode>()
  readonly #lists = new Map<string, XmlNode>()

  constructor(parts: (OdfPart | undefined)[]) {
    for (const part of parts) {
      const nodes = ['office:styles', 'office:automatic-styles'].flatMap((name) => elements(child(part?.root, name)))
      for (const node of nodes) {
        if (this.#styles.size >= STYLES_MAX) break
        const name = attr(node, 'style:name') ?? ''
        if (node.name === 'text:list-style') this.#lists.set(name, node)
        else if (node.name === 'style:style') this.#styles.set(`${attr(node, 'style:family')} ${name}`, node)
      }
    }
  }

  role(name: string | undefined): StyleRole | undefined {
    for (const [each] of this.#chain('paragraph', name)) {
      const role = roleOf(each)
      if (role !== undefined) return role
    }
    return undefined
  }

  isCode(name: string | undefined): boolean {
    return this.#chain('text', name).some(([each]) =>
      /^(?:Source_20_Text|Source_Text|Teletype|Verbatim_20_Char)$/.test(each),
    )
  }

  /** Emphasis, superscript and subscript of a span. */
  run(name: string | undefined, outer: RunStyle): RunStyle & { shift: string | undefined; hidden: boolean } {
    const weight = this.#text('text', name, 'fo:font-weight')
    const slant = this.#text('text', name, 'fo:font-style')
    const struck =
      this.#text('text', name, 'style:text-line-through-style') ??
      this.#text('text', name, 'style:text-line-through-type')
    const position = this.#text('text', name, 'style:text-position') ?? ''
    return {
      bold: weight === undefined ? outer.bold : weight === 'bold' || Number(weight) >= 600,
      italic: slant === undefined ? outer.italic : slant !== 'normal',
      strike: struck === undefined ? outer.strike : struck !== 'none',
      link: outer.link,
      shift: /^super|^[1-9]/.test(position) ? 'superscript' : /^sub|^-/.test(position) ? 'subscript' : undefined,
      hidden: this.#text('text', name, 'text:display') === 'none',
    }
  }

  hides(name: string | undefined): boolean {
    return this.#text('paragraph', name, 'text:display') === 'none'
  }

  /** Whether tables of this style are visible. */
  showsTable(name: string | undefined): boolean {
    const [, style] = this.#chain('table', name)[0] ?? []
    return attr(child(style, 'style:table-properties'), 'table:display') !== 'false'
  }

  /** The numbering that a paragraph style defines for its lists. */
  listOf(name: string | undefined): string | undefined {
    for (const [, style] of this.#chain('paragraph', name)) {
      const list = attr(style, 'style:list-style-name')
      if (list !== undefined) return list === '' ? undefined : list
    }
    return undefined
  }

  /** From 0. A list without a style has bullets (19.880 leaves this to programs, and they draw bullets). */
  level(list: string | undefined, level: number): OdfLevel | undefined {
    const node = elements(this.#lists.get(list ?? '')).find((each) => numberAttr(each, 'text:level') === level + 1)
    if (node?.name !== 'text:list-level-style-number') return undefined
    return {
      format: attr(node, 'style:num-format') ?? '',
      prefix: attr(node, 'style:num-prefix') ?? '',
      suffix: attr(node, 'style:num-suffix') ?? '',
      start: numberAttr(node, 'text:start-value') ?? 1,
      levels: numberAttr(node, 'text:display-levels') ?? 1,
    }
  }

  #text(family: string, name: string | undefined, property: string): string | undefined {
    for (const [, style] of this.#chain(family, name)) {
      const value = attr(child(style, 'style:text-properties'), property)
      if (value !== undefined) return value
    }
    return undefined
  }

  #chain(family: string, name: string | undefined): [string, XmlNode][] {
    const chain: [string, XmlNode][] = []
    for (let current = name; current !== undefined && chain.length < PARENTS_MAX;) {
      const style = this.#styles.get(`${family} ${current}`)
      chain.push([current, style ?? { name: '', attributes: '', children: [] }])
      current = attr(style, 'style:parent-style-name')
    }
    return chain
  }
}

function roleOf(name: string): StyleRole | undefined {
  if (name === 'Title') return 'title'
  if (name === 'Quotations' || name === 'Quotation' || name === 'Quote') return 'quote'
  return /^(?:Preformatted(?:_20_|_| )Text|Source(?:_20_|_| )Code|Code)$/.test(name) ? 'code' : undefined
}

/** Rows of a table, including those in headers and groups. */
export function tableRows(table: XmlNode): XmlNode[] {
  return elements(table).flatMap((node) => {
    if (node.name === 'table:table-row') return [node]
    return /^table:table-(?:header-rows|rows|row-group)$/.test(node.name) ? tableRows(node) : []
  })
}
