// Contents of drawings in all Office Open XML formats: charts as tables of their values, SmartArt as lists.
import { escapeCell, escapeText, table } from '../markdown.ts'
import type { Block } from './blocks.ts'
import type { OfficePackage, Part } from './package.ts'
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

const POINTS_MAX = 100_000

/** Charts and diagrams of an `a:graphicData`, wherever they are named inside it. */
export function graphicBlocks(graphic: XmlNode, source: { pack: OfficePackage; part: Part }): Block[] {
  return [...descendants(graphic, 'c:chart', 'cx:chart', 'dgm:relIds')].flatMap((node): Block[] => {
    const part = source.pack.byId(source.part, attr(node, node.name === 'dgm:relIds' ? 'r:dm' : 'r:id'))
    if (node.name !== 'dgm:relIds') return part === undefined ? [] : chartBlocks(part.root)
    const blocks = part === undefined ? [] : diagramBlocks(part.root)
    return blocks.length > 0 ? blocks : drawnDiagram(source, part?.root)
  })
}

/** What the program drew last, if the diagram's own data is missing. */
function drawnDiagram({ pack, part }: { pack: OfficePackage; part: Part }, data: XmlNode | undefined): Block[] {
  const named = pack.byId(part, attr(descendant(data, 'dsp:dataModelExt'), 'relId'))
  const drawing = named ?? pack.related(part, 'diagramDrawing')
  return [...descendants(drawing?.root, 'a:p')]
    .map((node) => [...descendants(node, 'a:t')].map(textOf).join('').trim())
    .filter((text) => text !== '')
    .map((text): Block => ({ kind: 'item', level: 0, list: 'diagram', text: escapeText(text) }))
}

type Series = { name: string; labels: Map<number, string>; values: Map<number, string> }

/** Title, axes, and a table with a row per category and a column per series. */
export function chartBlocks(root: XmlNode): Block[] {
  const chart = child(root, 'c:chart')
  if (chart === undefined) return modernChart(root)
  const series = [...descendants(child(chart, 'c:plotArea'), 'c:ser')].map(seriesOf)
  const axes = elements(child(chart, 'c:plotArea'))
    .filter(({ name }) => name.endsWith('Ax'))
    .map((axis) => richText(child(axis, 'c:title')))
  return chartTable(richText(child(chart, 'c:title')), axes, series)
}

function seriesOf(node: XmlNode): Series {
  const labels = child(node, 'c:cat') ?? child(node, 'c:xVal')
  const values = child(node, 'c:val') ?? child(node, 'c:yVal')
  const sizes = pointsOf(child(node, 'c:bubbleSize'))
  const shown = pointsOf(values)
  for (const [index, size] of sizes) shown.set(index, `${shown.get(index) ?? ''} (${size})`)
  const name = textOf(descendant(child(node, 'c:tx'), 'c:v'))
  return { name, labels: pointsOf(labels), values: shown }
}

/** Cached values by index; categories of several levels are joined, outer first. */
function pointsOf(node: XmlNode | undefined): Map<number, string> {
  const points = new Map<number, string>()
  const levels = [...descendants(node, 'c:lvl')]
  for (const [i, level] of (levels.length > 0 ? levels : [node]).entries()) {
    const own = [...descendants(level, 'c:pt')].slice(0, POINTS_MAX)
    for (const point of own) {
      const index = numberAttr(point, 'idx') ?? 0
      const value = textOf(child(point, 'c:v'))
      points.set(index, i === 0 ? value : `${value} ${points.get(index) ?? ''}`)
    }
  }
  return points
}

/** Charts of Office 2016 and later: dimensions of one shared table. */
function modernChart(root: XmlNode): Block[] {
  const series = [...descendants(root, 'cx:data')].map((data): Series => {
    const read = (name: string): Map<number, string> =>
      new Map(
        [...descendants(child(data, name), 'cx:pt')].map((point, index) => [
          numberAttr(point, 'idx') ?? index,
          textOf(point),
        ]),
      )
    return { name: '', labels: read('cx:strDim'), values: read('cx:numDim') }
  })
  const names = [...descendants(root, 'cx:series')].map((node) => textOf(descendant(node, 'cx:v')))
  return chartTable(
    richText(descendant(root, 'cx:title')),
    [],
    series.map((each, index) => ({ ...each, name: names[index] ?? '' })),
  )
}

export function chartTable(title: string, axes: string[], series: Series[]): Block[] {
  const indexes = [...new Set(series.flatMap(({ labels, values }) => [...labels.keys(), ...values.keys()]))]
    .sort((a, b) => a - b)
    .slice(0, POINTS_MAX)
  const axisTitles = axes.filter((axis) => axis !== '').join(', ')
  const head = [title === '' ? 'Chart' : title, axisTitles].filter((part) => part !== '').join(': ')
  const alike = series.every(({ labels }) => sameLabels(labels, series[0]?.labels ?? new Map()))
  const rows = indexes.map((index) => [
    ...(alike ? [series[0]?.labels.get(index) ?? ''] : []),
    ...series.flatMap(({ labels, values }) => [...(alike ? [] : [labels.get(index) ?? '']), values.get(index) ?? '']),
  ])
  const names = series.map(({ name }, index) => (name === '' ? `Series ${index + 1}` : name))
  const columns = alike ? ['', ...names] : names.flatMap((name) => ['', name])
  const blocks: Block[] = [{ kind: 'text', markdown: `**${escapeText(head.replace(/\s+/g, ' '))}**` }]
  if (rows.length > 0)
    blocks.push({
      kind: 'text',
      markdown: table(
        rows.map((row) => row.map(escapeCell)),
        { head: columns.map(escapeCell) },
      ),
    })
  return blocks
}

function sameLabels(a: Map<number, string>, b: Map<number, string>): boolean {
  return a.size === b.size && [...a].every(([index, label]) => b.get(index) === label)
}

function richText(node: XmlNode | undefined): string {
  const runs = [...descendants(node, 'a:t')]
  const cached = runs.length > 0 ? runs : [...descendants(node, 'c:v', 'cx:v')]
  return cached.map(textOf).join('').replace(/\s+/g, ' ').trim()
}

/** A diagram's texts as a list, nested as in its data model (ECMA-376 part 1, 21.4.3). */
function diagramBlocks(root: XmlNode): Block[] {
  const texts = new Map<string, string>()
  let top = ''
  for (const point of children(child(root, 'dgm:ptLst'), 'dgm:pt')) {
    const [id, type] = [attr(point, 'modelId') ?? '', attr(point, 'type') ?? 'node']
    if (type === 'doc') top = id
    if (type !== 'node' && type !== 'asst') continue
    const paragraphs = [...descendants(child(point, 'dgm:t'), 'a:p')].map((node) =>
      [...descendants(node, 'a:t')].map(textOf).join(''),
    )
    texts.set(id, paragraphs.filter((text) => text.trim() !== '').join(' '))
  }
  const below = new Map<string, { id: string; order: number }[]>()
  for (const link of children(child(root, 'dgm:cxnLst'), 'dgm:cxn')) {
    if ((attr(link, 'type') ?? 'parOf') !== 'parOf') continue
    const from = attr(link, 'srcId') ?? ''
    const entries = below.get(from) ?? []
    below.set(from, entries)
    entries.push({ id: attr(link, 'destId') ?? '', order: numberAttr(link, 'srcOrd') ?? 0 })
  }
  const items: Block[] = []
  const visit = (id: string, level: number): void => {
    for (const { id: next } of (below.get(id) ?? []).sort((a, b) => a.order - b.order)) {
      const text = texts.get(next)
      texts.delete(next)
      if (text === undefined) continue
      if (text !== '') items.push({ kind: 'item', level, list: 'diagram', text: escapeText(text) })
      visit(next, text === '' ? level : level + 1)
    }
  }
  visit(top, 0)
  for (const text of texts.values())
    if (text !== '') items.push({ kind: 'item', level: 0, list: 'diagram', text: escapeText(text) })
  return items
}
