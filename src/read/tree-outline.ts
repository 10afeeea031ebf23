// The contents of a long document a few levels at a time, so that a model walks down to the pages that matter.
import { sanitizeLine } from '../core/page/sanitize-markdown.ts'
import type { OutlineFile, TreeFileNode } from './query-sources.ts'

/** Sections shown at once: levels are opened as long as all of them fit. */
const SHOWN_MAX = 60
/** A level with more is cut. */
const LEVEL_MAX = 200
const LEVELS_MAX = 10

/**
 * The sections of the tree, or those within one node, a line each: id, title, pages, summary. Undefined if there is no such
 * node.
 */
export function outlineLines({ structure = [] }: OutlineFile, nodeId?: string): string[] | undefined {
  const top = nodeId === undefined ? structure : findNode(structure, nodeId)?.nodes
  if (top === undefined) return findNode(structure, nodeId ?? '') === undefined ? undefined : []
  let levels = 1
  while (
    levels < LEVELS_MAX &&
    countTo(top, levels + 1) > countTo(top, levels) &&
    countTo(top, levels + 1) <= SHOWN_MAX
  )
    levels++
  const lines: string[] = []
  const visit = (nodes: readonly TreeFileNode[], level: number): void => {
    for (const node of nodes) {
      if (lines.length >= LEVEL_MAX) return
      lines.push(`${'  '.repeat(level - 1)}${lineOf(node, level === levels)}`)
      if (level < levels) visit(node.nodes ?? [], level + 1)
    }
  }
  visit(top, 1)
  return lines
}

function lineOf(
  { node_id: id, title = '', start_index: start, end_index: end, summary, nodes = [] }: TreeFileNode,
  isLowest: boolean,
): string {
  const name = [id === undefined ? '' : sanitizeLine(id, 40), sanitizeLine(title, 120)].filter((part) => part !== '')
  const within = isLowest && nodes.length > 0 ? `, ${nodes.length} sections within` : ''
  const about = summary === undefined || summary === '' ? '' : `: ${sanitizeLine(summary, 200)}`
  return `${name.join(' ')} (pages ${start ?? '?'} to ${end ?? '?'}${within})${about}`
}

/** Nodes of the first `levels` levels. */
function countTo(nodes: readonly TreeFileNode[], levels: number): number {
  if (levels === 0) return 0
  return nodes.reduce((sum, { nodes: inner = [] }) => sum + 1 + countTo(inner, levels - 1), 0)
}

function findNode(nodes: readonly TreeFileNode[], id: string): TreeFileNode | undefined {
  const open = [...nodes]
  for (let node = open.shift(); node !== undefined; node = open.shift()) {
    if (node.node_id === id) return node
    open.unshift(...(node.nodes ?? []))
  }
  return undefined
}
