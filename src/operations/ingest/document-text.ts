// A document's text and tree as they are committed: image links point to the committed images, and the tree carries the
// model's summaries.
import { readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import type { Change } from '../../commit/change.ts'
import type { Compiled } from '../../core/document/compiled.ts'
import type { DocumentRecord } from '../../core/document/document.ts'
import { documentPaths, shardOf } from '../../core/layout.ts'
import type { Prepared, PreparedText } from '../../core/document/prepared.ts'

/** The prefix of image links in prepared text; the file name follows. */
export const IMAGE_LINK = 'kbgit-image:'

/** The prefix of image links in committed text: the images' folder relative to the text, with a trailing slash. */
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
  nodes?: StoredTreeNode[] | undefined
}

/** Field names follow PageIndex. */
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
        summary,
        nodes: below === undefined ? undefined : withSummaries(below),
      }
    })
  return `${JSON.stringify({ doc_name: name, structure: withSummaries(structure) }, null, 1)}\n`
}
