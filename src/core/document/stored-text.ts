// The text of a long document as committed: its pages and its tree. Read from a base, so parsed before use.
import { fields, fits, integer, list, text, type Shape } from '../shape.ts'

export type StoredNode = {
  title: string
  node_id: string
  start_index: number
  end_index: number
  summary?: string | undefined
  nodes?: StoredNode[]
}
export type StoredTree = { doc_name?: string; structure: StoredNode[] }
export type StoredPage = { page: number; content: string; images?: string[] }

const DEPTH_MAX = 100
const ITEMS_MAX = 1_000_000
const LINE_CHARS_MAX = 64 * 1024
const NAME_CHARS_MAX = 1_000

const line = text('a text', LINE_CHARS_MAX)

function nodes(depth: number): Shape<StoredNode[]> {
  // Lazy, because a tree may be nested to any depth.
  return (value, field) =>
    list<StoredNode>(
      fields(
        { title: line, node_id: text('an id', 100), start_index: integer(0), end_index: integer(0) },
        {
          summary: line,
          nodes: depth === DEPTH_MAX ? list<StoredNode>(() => ({ field, expected: 'flatter' }), 0) : nodes(depth + 1),
        },
      ),
      ITEMS_MAX,
    )(value, field)
}

const TREE: Shape<StoredTree> = fields({ structure: nodes(1) }, { doc_name: text('a name', NAME_CHARS_MAX) })
const PAGES: Shape<StoredPage[]> = list<StoredPage>(
  fields({ page: integer(1), content: text('a text', Number.MAX_SAFE_INTEGER) }, { images: list(line, ITEMS_MAX) }),
  ITEMS_MAX,
)

/** Undefined if it is not a document's tree. */
export function parseTree(json: string): StoredTree | undefined {
  return parsed(TREE, json)
}

/** Undefined if it is not a document's page text. */
export function parsePages(json: string): StoredPage[] | undefined {
  return parsed(PAGES, json)
}

function parsed<T>(shape: Shape<T>, json: string): T | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return fits(shape, value) ? value : undefined
  } catch {
    return undefined
  }
}
