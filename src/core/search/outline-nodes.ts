// The sections of a long document as a flat list; `<name>.tree.json` holds them as a tree.

export type OutlineNode = {
  /** The file's node id, or its position in the order of the text. */
  nodeId: string
  title: string
  /** Titles of the enclosing sections, outermost first. */
  within: string[]
  /** Physical pages from 1, ends inclusive. */
  startPage?: number | undefined
  endPage?: number
  summary: string
}

/** Nodes deeper than this are skipped. */
const DEPTH_MAX = 32
/** Nodes per tree; the rest is skipped. */
const NODES_MAX = 20_000

/** Reads a tree file in the order of the text. Anything that is not a tree has no nodes. */
export function readTree(text: string): { title: string; nodes: OutlineNode[] } {
  const nodes: OutlineNode[] = []
  let value: { doc_name?: unknown; structure?: unknown } | null
  try {
    value = JSON.parse(text) as typeof value
  } catch {
    return { title: '', nodes }
  }
  walk(value?.structure, [], nodes)
  return { title: typeof value?.doc_name === 'string' ? value.doc_name : '', nodes }
}

function walk(structure: unknown, within: string[], nodes: OutlineNode[]): void {
  if (!Array.isArray(structure) || within.length >= DEPTH_MAX) return
  for (const item of structure as (Record<string, unknown> | null)[]) {
    if (nodes.length >= NODES_MAX) return
    const title = item?.['title']
    if (item === null || typeof title !== 'string') continue
    const [start, end, id, summary] = [item['start_index'], item['end_index'], item['node_id'], item['summary']]
    nodes.push({
      nodeId: typeof id === 'string' ? id : String(nodes.length + 1).padStart(4, '0'),
      title,
      within,
      ...(Number.isSafeInteger(start) ? { startPage: Number(start) } : {}),
      ...(Number.isSafeInteger(end) ? { endPage: Number(end) } : {}),
      summary: typeof summary === 'string' ? summary : '',
    })
    walk(item['nodes'], [...within, title], nodes)
  }
}
