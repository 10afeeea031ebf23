// A document's text and tree as they are committed: image links lead to where the images stand, and the tree has the
// summaries that a model wrote.
import { readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import type { Change } from '../../commit/change.ts'
import type { Compiled } from '../../core/document/compiled.ts'
import type { DocumentRecord } from '../../core/document/document.ts'
import { documentPaths, shardOf } from '../../core/layout.ts'
import type { Prepared, PreparedText } from '../../core/document/prepared.ts'

/** How prepared text links an image; its file name follows. */
export const IMAGE_LINK = 'kbgit-image:'

/** How committed text links an image instead: the images' folder as seen from the text, with a slash. */
export function imageFolder({ name, summary, source }: Pick<DocumentRecord, 'name' | 'summary' | 'source'>): string {
  return `${posix.relative(posix.dirname(source), documentPaths(name, shardOf(summary), '').images)}/`
}

export async function sourceContent(
  staging: string,
  prepared: Prepared,
  record: Pick<DocumentRecord, 'name' | 'summary' | 'source'>,
): Promise<NonNullable<Change['content']>> {
  const file = join(staging, prepared.text)
  if (prepared.images.length === 0) return { file, size: prepared.textSize }
  return { bytes: (await readFile(file, 'utf8')).replaceAll(IMAGE_LINK, imageFolder(record)) }
}

export type StoredTreeNode = {
  title: string
  node_id: string
  start_index: number
  end_index: number
  nodes?: StoredTreeNode[]
}

/** The field names are those of PageIndex. */
export async function treeText(
  staging: string,
  prepared: PreparedText,
  compiled: Compiled,
  name: string,
): Promise<string> {
  const { structure } = JSON.parse(await readFile(join(staging, prepared.tree ?? ''), 'utf8')) as {
    structure: StoredTreeNode[]
  }
  const summaries = new Map((compiled.nodeSummaries ?? []).map(({ nodeId, summary }) => [nodeId, summary]))
  const withSummaries = (nodes: StoredTreeNode[]): StoredTreeNode[] =>
    nodes.map(({ nodes: below, ...node }) => {
      const summary = summaries.get(node.node_id)
      return {
        ...node,
        ...(summary === undefined ? {} : { summary }),
        ...(below === undefined ? {} : { nodes: withSummaries(below) }),
      }
    })
  return `${JSON.stringify({ doc_name: name, structure: withSummaries(structure) }, null, 1)}\n`
}
