// The meaning of the styles of a Word document, whatever language their names are in.
import { attr, child, children, numberAttr, type XmlNode } from './xml-nodes.ts'

export type StyleRole = { heading: number } | 'title' | 'quote' | 'code'

type Style = {
  name: string
  basedOn: string | undefined
  outline: number | undefined
  numbering: { id: string | undefined; level: number | undefined } | undefined
  run: XmlNode | undefined
}

const STYLES_MAX = 10_000
const BASED_ON_MAX = 50

export class WordStyles {
  readonly #styles = new Map<string, Style>()
  /** The style of paragraphs that name none. */
  readonly standard: string | undefined

  constructor(root: XmlNode | undefined) {
    for (const node of children(root, 'w:style').slice(0, STYLES_MAX)) {
      const id = attr(node, 'w:styleId')
      if (id === undefined) continue
      const properties = child(node, 'w:pPr')
      const numbered = child(properties, 'w:numPr')
      this.#styles.set(id, {
        name: (attr(child(node, 'w:name'), 'w:val') ?? id).toLowerCase(),
        basedOn: attr(child(node, 'w:basedOn'), 'w:val'),
        outline: numberAttr(child(properties, 'w:outlineLvl'), 'w:val'),
        numbering:
          numbered === undefined
            ? undefined
            : {
                id: attr(child(numbered, 'w:numId'), 'w:val'),
                level: numberAttr(child(numbered, 'w:ilvl'), 'w:val'),
              },
        run: child(node, 'w:rPr'),
      })
    }
  }

  /**
   * A heading is recognised by its outline level (ECMA-376 part 1, 17.3.1.20), its own or inherited, or by the name,
   * which Word keeps in English in every language (17.7.4.9).
   */
  role(id: string | undefined): StyleRole | undefined {
    for (const style of this.#chain(id)) {
      const role = roleOf(style)
      if (role !== undefined) return role
      // Body text is marked by level 9, which ends the search.
      if (style.outline === 9) return undefined
    }
    return undefined
  }

  /** The numbering that a paragraph gets from its style or from an ancestor of it. */
  numbering(id: string | undefined): { id: string; level: number | undefined; style: string } | undefined {
    let level: number | undefined
    for (const [style, { numbering }] of this.#entries(id)) {
      level ??= numbering?.level
      if (numbering?.id !== undefined) return { id: numbering.id, level, style }
    }
    return undefined
  }

  /** Word treats `List Bullet 3` as a list of its own; to a reader it is the third level. */
  listByName(id: string | undefined): { kind: 'bullet' | 'number'; level: number } | undefined {
    for (const { name } of this.#chain(id)) {
      const match = /^list (bullet|number)(?: ([2-9]))?$/.exec(name)
      if (match !== null) return { kind: match[1] as 'bullet', level: Number(match[2] ?? 1) - 1 }
    }
    return undefined
  }

  /** The value of an on-off property of a character style: from the nearest style that sets it. */
  toggle(id: string | undefined, name: string): boolean {
    for (const { run } of this.#chain(id)) {
      const property = child(run, name)
      if (property !== undefined) return isOn(property)
    }
    return false
  }

  #chain(id: string | undefined): Style[] {
    return this.#entries(id).map(([, style]) => style)
  }

  #entries(id: string | undefined): [string, Style][] {
    const chain: [string, Style][] = []
    for (let current = id; current !== undefined && chain.length < BASED_ON_MAX;) {
      const style = this.#styles.get(current)
      if (style === undefined) break
      chain.push([current, style])
      current = style.basedOn
    }
    return chain
  }
}

/** `name` in lower case. */
export function roleOf({ name, outline }: Pick<Style, 'name' | 'outline'>): StyleRole | undefined {
  if (outline !== undefined && outline >= 0 && outline < 9) return { heading: outline + 1 }
  const numbered = /^heading ([1-9])$/.exec(name)?.[1]
  if (numbered !== undefined) return { heading: Number(numbered) }
  if (name === 'title') return 'title'
  if (/^(?:intense )?quote$|^block text$/.test(name)) return 'quote'
  return /^(?:html (?:preformatted|code)|macro text|source code|code|plain text code|verbatim(?: char)?)$/.test(name)
    ? 'code'
    : undefined
}

/** On unless it says otherwise (17.17.4). */
export function isOn(property: XmlNode | undefined): boolean {
  return property !== undefined && !/^(?:0|false|off|none)$/.test(attr(property, 'w:val') ?? '1')
}
