// A document's text and tree as they are committed: image links point to the committed images, and the tree carries the
// model's summaries.
import { readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import type { Compiled } from '../../core/document/compiled.ts'
import type { DocumentLink, DocumentRecord } from '../../core/document/document.ts'
import { parsePages } from '../../core/document/stored-text.ts'
import { documentPaths, shardOf } from '../../core/layout.ts'
import type { Prepared, PreparedText } from '../../core/document/prepared.ts'

/** The prefix of image links in prepared text; the file name follows. */
export const IMAGE_LINK = 'kbgit-image:'

/** The prefix of image links in committed text: the images' folder relative to the text, with a trailing slash. */
export function imageFolder({ name, summary, source }: Pick<DocumentRecord, 'name' | 'summary' | 'source'>): string {
  return `${posix.relative(posix.dirname(source), documentPaths(name, shardOf(summary), '').images)}/`
}

/** A prepared text as it is committed, but for its links: read only if images or links have to be written into it. */
export async function storedText(
  staging: string,
  prepared: Prepared,
  record: Pick<DocumentRecord, 'name' | 'summary' | 'source'>,
): Promise<{ text: string; links: DocumentLink[] } | undefined> {
  const { images, links = [] } = prepared
  if (images.length === 0 && links.length === 0) return undefined
  const text = await readFile(join(staging, prepared.text), 'utf8')
  const folder = imageFolder(record)
  return {
    text: text.replaceAll(IMAGE_LINK, folder),
    links: images.length === 0 ? links : moved(links, prepared, text, folder),
  }
}

/** The links where they are once the images before them are in their folder. */
function moved(links: DocumentLink[], { kind }: Prepared, text: string, folder: string): DocumentLink[] {
  const contents = kind === 'short' ? [text] : (parsePages(text) ?? []).map(({ content }) => content)
  const images = contents.map((content) => [...content.matchAll(new RegExp(IMAGE_LINK, 'g'))].map(({ index }) => index))
  return links.map((link) => {
    const before = images[(link.page ?? 1) - 1]?.filter((index) => index < link.at).length ?? 0
    return before === 0 ? link : { ...link, at: link.at + before * (folder.length - IMAGE_LINK.length) }
  })
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
