// How the nodes of the graph begin: their sizes, their places before they are arranged, and which have a name.
import type { GraphPageData, GraphPageNode } from '../graph/types.ts'

/** Themes whose names are always shown. */
const NAMED_MAX = 16

const SHAPES: Record<string, string> = { document: 'square', entity: 'diamond' }

/** @param index of the node in the list of all */
export function attributesOf(node: GraphPageNode, index: number, themes: number, nodes: number): Attributes {
  const [x, y] = startOf(index, node.theme, themes, nodes)
  return { x, y, label: node.title, size: sizeOf(node), shape: SHAPES[node.kind] ?? 'circle' }
}

type Attributes = { x: number; y: number; label: string; size: number; shape: string }

/** Those that have their names before anyone zooms, so that the picture says something. */
export function namedAlways({ nodes }: GraphPageData): Set<string> {
  const themes = nodes.filter(({ kind }) => kind === 'theme').sort((a, b) => b.size - a.size)
  return new Set(themes.slice(0, NAMED_MAX).map(({ id }) => id))
}

function sizeOf({ kind, size }: { kind: string; size: number }): number {
  switch (kind) {
    case 'document':
      return 4
    case 'theme':
      return Math.min(18, 8 + Math.sqrt(size))
    case 'cluster':
      return Math.min(30, 8 + Math.sqrt(size) / 2)
    default:
      return Math.min(16, 2.4 + 1.7 * Math.sqrt(size))
  }
}

/** Near the others of its theme, and the same every time. */
function startOf(index: number, theme: number | undefined, themes: number, nodes: number): [x: number, y: number] {
  const spread = Math.sqrt(nodes) * 10
  const angle = theme === undefined ? 0 : (theme / Math.max(1, themes)) * 2 * Math.PI
  const radius = theme === undefined ? spread * 1.3 : spread
  const turn = index * 2.399963
  const own = Math.sqrt(index + 1) * (theme === undefined ? 9 : 3)
  const [cx, cy] = theme === undefined ? [0, 0] : [Math.cos(angle) * radius, Math.sin(angle) * radius]
  return [cx + Math.cos(turn) * own, cy + Math.sin(turn) * own]
}
