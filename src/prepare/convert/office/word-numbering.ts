// The lists that a Word document defines (ECMA-376 part 1, 17.9).
import type { ListDefinition, ListLevel } from './list-numbering.ts'
import { isOn } from './word-styles.ts'
import { attr, child, children, numberAttr, type XmlNode } from './xml-nodes.ts'

/** By the number that paragraphs name. */
export function wordLists(root: XmlNode | undefined): Map<string, ListDefinition> {
  const lists = new Map<string, ListDefinition>()
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
    lists.set(attr(node, 'w:numId') ?? '', { levels })
  }
  return lists
}

function levelsOf(node: XmlNode | undefined): Map<number, ListLevel> {
  return new Map(children(node, 'w:lvl').map((level) => [numberAttr(level, 'w:ilvl') ?? 0, levelOf(level)]))
}

function levelOf(node: XmlNode): ListLevel {
  return {
    legal: isOn(child(node, 'w:isLgl')),
    start: numberAttr(child(node, 'w:start'), 'w:val') ?? 1,
    format: attr(child(node, 'w:numFmt'), 'w:val') ?? 'decimal',
    text: attr(child(node, 'w:lvlText'), 'w:val'),
    restart: numberAttr(child(node, 'w:lvlRestart'), 'w:val'),
    style: attr(child(node, 'w:pStyle'), 'w:val'),
  }
}
