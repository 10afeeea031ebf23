// Formulas in RTF: the elements of Office's equations under names that begin with `\m` (RTF 1.9.1, "Math").
import { latexOf } from '../office/math.ts'
import type { XmlNode } from '../office/xml-nodes.ts'
import { groupsIn, textIn, type RtfGroup } from './group.ts'

/** Maximum nesting; deeper ones are only their letters. */
const DEPTH_MAX = 100

/** LaTeX of each formula in an `\mmath`; letters of formulas that are nested too deeply. */
export function formulasIn(group: RtfGroup): string[] {
  const formulas: string[] = []
  const left = [group]
  for (let each = left.pop(); each !== undefined; each = left.pop()) {
    if (each.name === 'moMath') formulas.push(latexOf(elementOf(each, 0)))
    else left.push(...groupsIn(each).reverse())
  }
  return formulas.filter((latex) => latex !== '')
}

function elementOf(group: RtfGroup, depth: number): XmlNode {
  const name = `m:${group.name.replace(/^m/, '')}`
  const inner = groupsIn(group).filter((each) => /^m[a-zA-Z]/.test(each.name))
  const text = depth > DEPTH_MAX ? textIn(group) : group.items.filter((item) => typeof item === 'string').join('')
  if (group.name === 'mr')
    return { name, attributes: '', children: [{ name: 'm:t', attributes: '', children: [textIn(group)] }] }
  if (depth > DEPTH_MAX)
    return { name: 'm:r', attributes: '', children: [{ name: 'm:t', attributes: '', children: [text] }] }
  // Properties have their value as text.
  const value = text.trim().replace(/&/g, '&amp;').replace(/"/g, '&quot;')
  return {
    name,
    attributes: value === '' ? '' : ` m:val="${value}"`,
    children: inner.map((each) => elementOf(each, depth + 1)),
  }
}
