// XML as records: tables for similar elements, nested lists for everything else.
import { attributeOf } from '../html-tokens.ts'
import { escapeCell, escapeText, table } from './markdown.ts'
import { local, textOf, type XmlElement } from './xml-source.ts'

/** Levels of nested lists; deeper content is written on one line. */
const LIST_DEPTH_MAX = 8
/** Minimum number of siblings with the same name that form a table. */
const ROWS_MIN = 3

export function recordBlocks(elements: XmlElement[]): string[] {
  return elements.flatMap((element) => [
    `**${escapeText(element.name)}**${attributesOf(element)}`,
    ...bodyOf(element, 0),
  ])
}

function bodyOf(element: XmlElement, depth: number): string[] {
  const text = element.text.replace(/\s+/g, ' ').trim()
  const blocks = text === '' ? [] : [escapeText(text)]
  const rows = recordsOf(element)
  if (rows !== undefined) return [...blocks, rows]
  if (element.children.length === 0) return blocks
  return [...blocks, element.children.map((each) => itemOf(each, depth)).join('\n')]
}

function itemOf(element: XmlElement, depth: number): string {
  const head = `**${escapeText(element.name)}**${attributesOf(element)}`
  const text = element.text.replace(/\s+/g, ' ').trim()
  const line = `- ${head}${text === '' ? '' : `: ${escapeText(text)}`}`
  if (element.children.length === 0) return line
  if (depth >= LIST_DEPTH_MAX) return `${line} ${escapeText(textOf(element))}`
  const rows = recordsOf(element)
  const below = rows === undefined ? element.children.map((each) => itemOf(each, depth + 1)).join('\n') : `\n${rows}`
  return `${line}\n${below.replace(/^(?=.)/gm, '  ')}`
}

/** Children with the same name whose own children contain only text: a table of records. */
function recordsOf(element: XmlElement): string | undefined {
  const { children } = element
  const name = children[0]?.name
  if (children.length < ROWS_MIN || children.some((row) => row.name !== name || row.children.length === 0))
    return undefined
  if (children.some((row) => row.children.some((field) => field.children.length > 0))) return undefined
  const keys = [
    ...new Set(children.flatMap((row) => [...pairsOf(row).map(([key]) => key), ...row.children.map(local)])),
  ]
  if (keys.length > 30) return undefined
  const rows = children.map((row) => {
    const own = new Map(pairsOf(row))
    return keys.map((key) =>
      escapeCell(
        own.get(key) ??
          row.children
            .filter((field) => local(field) === key)
            .map((field) => field.text.trim())
            .join(', '),
      ),
    )
  })
  return table(rows, { head: keys.map(escapeCell) })
}

function attributesOf(element: XmlElement): string {
  const pairs = pairsOf(element).filter(([key]) => !/^xmlns(?::|$)|^xsi:/.test(key))
  return pairs.length === 0
    ? ''
    : ` (${pairs.map(([key, value]) => `${escapeText(key)}: ${escapeText(value)}`).join(', ')})`
}

function pairsOf({ attributes }: XmlElement): [string, string][] {
  const names = [...attributes.matchAll(/([\w:.-]+)\s*=\s*(?:"[^"]*"|'[^']*')/g)].map((match) => match[1] ?? '')
  return names.slice(0, 50).map((name) => [name, (attributeOf(attributes, name) ?? '').replace(/\s+/g, ' ').trim()])
}
