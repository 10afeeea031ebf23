// Charts of OpenDocument: the table of values stored in them (ODF 1.3 part 3, 11).
import type { Block } from './blocks.ts'
import { chartTable } from './drawings.ts'
import { tableRows } from './odf-styles.ts'
import {
  attr,
  child,
  children,
  descendant,
  descendants,
  elements,
  numberAttr,
  textOf,
  type XmlNode,
} from './xml-nodes.ts'

export function odfChart(chart: XmlNode): Block[] {
  const title = textOf(child(chart, 'chart:title')).trim()
  const axes = children(child(chart, 'chart:plot-area'), 'chart:axis').map((axis) =>
    textOf(child(axis, 'chart:title')).trim(),
  )
  const table = descendant(chart, 'table:table')
  const [head = [], ...rows] = table === undefined ? [] : tableRows(table).map(cells)
  const labels = new Map(rows.map((row, index) => [index, row[0] ?? '']))
  const series = head.slice(1).map((name, column) => ({
    name,
    labels,
    values: new Map(rows.map((row, index) => [index, row[column + 1] ?? ''])),
  }))
  return chartTable(title, axes, series)
}

function cells(row: XmlNode): string[] {
  return elements(row).flatMap((cell) => {
    const count = Math.min(1_000, numberAttr(cell, 'table:number-columns-repeated') ?? 1)
    const paragraphs = [...descendants(cell, 'text:p')].map(textOf).join(' ').trim()
    // Missing values are stored as NaN.
    const value = paragraphs === '' ? (attr(cell, 'office:value') ?? '') : paragraphs
    return Array.from({ length: count }, () => (value === 'NaN' ? '' : value))
  })
}
