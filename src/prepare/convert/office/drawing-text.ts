// Text of DrawingML (ECMA-376 part 1, 21.1.2): paragraphs with their bullets, links and equations. Used for slides and
// the text boxes of sheets.
import { escapeText, lowered, raised } from '../markdown.ts'
import type { Block } from './blocks.ts'
import { PLAIN, renderRuns, type Run } from './inline-runs.ts'
import { latexOf } from './math.ts'
import { formatNumber } from './numerals.ts'
import type { Part } from './package.ts'
import { attr, child, children, chosen, descendants, elements, numberAttr, textOf, type XmlNode } from './xml-nodes.ts'

/** What precedes a paragraph. `undefined`: not specified here. */
export type Bullet = { kind: 'none' } | { kind: 'bullet' } | { kind: 'number'; format: string; start: number }

/** What a shape's placeholder, its layout and its master specify for a level, nearest first. */
export type Inherited = (level: number) => Bullet | undefined

/** Blocks of an `a:txBody`; `list` distinguishes the lists of different shapes. */
export function bodyBlocks(body: XmlNode | undefined, part: Part, inherited: Inherited, list: string): Block[] {
  const counters: { number: number; format: string }[] = []
  const own = child(body, 'a:lstStyle')
  return children(body, 'a:p').flatMap((paragraph): Block[] => {
    const properties = child(paragraph, 'a:pPr')
    const level = Math.min(8, Math.max(0, numberAttr(properties, 'lvl') ?? 0))
    const { text, equations } = paragraphText(paragraph, part)
    if (equations !== undefined) return equations.map((latex) => ({ kind: 'text', markdown: `$$\n${latex}\n$$` }))
    // An empty paragraph shows no bullet and does not end a list.
    if (text === '') return []
    const bullet = bulletOf(properties) ?? levelBullet(own, level) ?? inherited(level) ?? { kind: 'none' }
    if (bullet.kind !== 'number') counters.length = Math.min(counters.length, level)
    if (bullet.kind === 'none') return [{ kind: 'text', markdown: text }]
    if (bullet.kind === 'bullet') return [{ kind: 'item', level, list, text }]
    counters.length = Math.min(counters.length, level + 1)
    const before = counters[level]
    const number = before === undefined || before.format !== bullet.format ? bullet.start : before.number + 1
    for (let upper = counters.length; upper < level; upper++) counters[upper] = { number: 0, format: '' }
    counters[level] = { number, format: bullet.format }
    return [{ kind: 'item', level, list, text, number, ...labelOf(number, bullet.format) }]
  })
}

/** Numbering schemes are named after their numerals and punctuation: `alphaLcParenR` (ST_TextAutonumberScheme). */
function labelOf(number: number, scheme: string): { label?: string; delimiter: '.' | ')' } {
  const delimiter = /ParenR$|ParenBoth$/.test(scheme) ? ')' : '.'
  const printed = formatNumber(number, scheme.replace(/(?:ParenBoth|ParenR|Period|Plain|Minus)$/, ''))
  if (/^arabic(?:Period|ParenR|Plain)$/.test(scheme)) return { delimiter }
  const label = scheme.endsWith('ParenBoth')
    ? `(${printed})`
    : scheme.endsWith('Plain')
      ? printed
      : `${printed}${delimiter}`
  return { delimiter, label: escapeText(label) }
}

export function bulletOf(properties: XmlNode | undefined): Bullet | undefined {
  for (const node of elements(properties)) {
    if (node.name === 'a:buNone') return { kind: 'none' }
    if (node.name === 'a:buChar' || node.name === 'a:buBlip') return { kind: 'bullet' }
    if (node.name === 'a:buAutoNum')
      return { kind: 'number', format: attr(node, 'type') ?? 'arabicPeriod', start: numberAttr(node, 'startAt') ?? 1 }
  }
  return undefined
}

/** From a list style: `a:lvl1pPr` and so on. */
export function levelBullet(style: XmlNode | undefined, level: number): Bullet | undefined {
  return bulletOf(child(style, `a:lvl${level + 1}pPr`))
}

/** Inline Markdown of an `a:p`; `equations` if it contains nothing else. `plain` omits emphasis. */
export function paragraphText(paragraph: XmlNode, part: Part, plain = false): { text: string; equations?: string[] } {
  const runs: Run[] = []
  const equations: string[] = []
  let isMathAlone = true
  const visit = (nodes: XmlNode[]): void => {
    for (const node of nodes) {
      if (node.name === 'mc:AlternateContent') visit(chosen(node))
      else if (node.name === 'a14:m') {
        for (const math of descendants(node, 'm:oMath')) {
          const latex = latexOf(math)
          if (latex === '') continue
          equations.push(latex)
          runs.push({ ...PLAIN, text: `$${latex}$` })
        }
      } else if (node.name === 'a:br') runs.push({ ...PLAIN, text: '\\\n' })
      else if (node.name === 'a:r' || node.name === 'a:fld') {
        const run = runOf(node, part, runs.at(-1)?.text ?? '')
        if (run.text.trim() !== '') isMathAlone = false
        runs.push(run)
      }
    }
  }
  visit(elements(paragraph))
  const text = renderRuns(runs, plain)
  return isMathAlone && equations.length > 0 ? { text, equations } : { text }
}

function runOf(node: XmlNode, part: Part, before: string): Run {
  const properties = child(node, 'a:rPr')
  const link = part.relationships.get(attr(child(properties, 'a:hlinkClick'), 'r:id') ?? '')
  const shift = numberAttr(properties, 'baseline') ?? 0
  // PowerPoint 2003 wrote line breaks inside a run.
  const text = escapeText(textOf(child(node, 'a:t')).replaceAll('\v', '\n')).replace(/(?<!\s)\s*\n\s*/g, '\\\n')
  return {
    bold: isOn(attr(properties, 'b')),
    italic: isOn(attr(properties, 'i')),
    strike: /^(?:sng|dbl)Strike$/.test(attr(properties, 'strike') ?? ''),
    link: link?.external === true ? link.target : undefined,
    text:
      shift === 0
        ? text
        : text.replace(/\S(?:[\s\S]*\S)?/, (letters) => (shift > 0 ? raised(letters) : lowered(letters, before))),
  }
}

function isOn(value: string | undefined): boolean {
  return value === '1' || value === 'true'
}
