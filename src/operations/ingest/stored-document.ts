// Presents a stored document as if it had just been prepared: its committed text and tree in a staging folder, plus the
// metadata on its summary page. Nothing is converted.
import { createWriteStream } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StringDecoder } from 'node:string_decoder'
import { pipeline } from 'node:stream/promises'
import type { OutlineEntry } from '../../core/document/compiled.ts'
import type { DocumentRecord } from '../../core/document/document.ts'
import { withoutLinks } from '../../core/document/linked-text.ts'
import { parseTree } from '../../core/document/stored-text.ts'
import { DocumentError } from '../../core/errors.ts'
import { plainInline } from '../../core/page/sanitize.ts'
import { parsePage, type Page } from '../../core/page/page.ts'
import type { PreparedText, Properties } from '../../core/document/prepared.ts'
import { imageFolder, IMAGE_LINK, type StoredTreeNode } from './document-text.ts'
import { repoPathOf, type Base } from '../../io/base.ts'
import type { ObjectReader } from '../../io/git/objects.ts'
import { headingsOf } from '../../prepare/markdown-lines.ts'
import { outlineOfHeadings } from '../../prepare/tree.ts'

/** Texts up to this many bytes are read at once; longer ones are streamed to disk. */
const AT_ONCE_BYTES_MAX = 4 * 1024 ** 2
/** Document metadata kept in a summary's front matter. */
const FACTS = ['author', 'date', 'url', 'from', 'to', 'subject'] as const

/**
 * Stages the text of a document at a commit. Throws `DocumentError` (`notFound`) if the commit lacks one of its files.
 */
export async function stageStored(
  base: Base,
  objects: ObjectReader,
  commit: string,
  record: DocumentRecord,
  staging: string,
): Promise<PreparedText> {
  const nameOf = (path: string): string => `${commit}:${repoPathOf(base, path)}`
  const text = record.kind === 'long' ? 'source.json' : 'source.md'
  const textSize = await stageText(objects, nameOf(record.source), record, join(staging, text))
  const tree = record.tree === undefined ? undefined : await stageTree(objects, nameOf(record.tree), record, staging)
  const summary = (await objects.read(nameOf(record.summary)))?.toString()
  const page = summary === undefined ? undefined : parsePage(summary)
  const own = page !== undefined && page.front['document'] === record.name ? page : undefined
  return {
    format: record.format,
    kind: record.kind,
    text,
    textSize,
    title: record.title,
    outline:
      (own === undefined ? undefined : shownOutline(own)) ??
      (tree === undefined ? await headingOutline(join(staging, text)) : treeOutline(tree)),
    notes: own === undefined ? [] : shownNotes(own),
    tree: tree === undefined ? undefined : 'tree.json',
    pages: record.pages,
    language: record.language,
    ...(own === undefined ? {} : factsOf(own)),
  }
}

/** Streams the staged text, with image links restored to the converter's form. */
async function stageText(objects: ObjectReader, name: string, record: DocumentRecord, file: string): Promise<number> {
  const header = await objects.header(name)
  if (header === undefined) throw missing(record.source, record)
  const from = (record.images ?? []).length === 0 ? undefined : imageFolder(record)
  if (header.size <= AT_ONCE_BYTES_MAX || record.links !== undefined) {
    const body = (await objects.read(name)) ?? Buffer.alloc(0)
    const plain = record.links === undefined ? body : withoutLinks(body.toString(), record)
    const text = Buffer.from(from === undefined ? plain : plain.toString().replaceAll(from, IMAGE_LINK))
    await writeFile(file, text)
    return text.length
  }
  const output = createWriteStream(file)
  await pipeline(from === undefined ? objects.stream(name) : replaced(objects.stream(name), from, IMAGE_LINK), output)
  return output.bytesWritten
}

/** Holds back a possible prefix of `from`, so that a match spanning two chunks is found. */
async function* replaced(chunks: AsyncIterable<Buffer>, from: string, to: string): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  for await (const chunk of chunks) {
    const text = (rest + decoder.write(chunk)).replaceAll(from, to)
    const cut = Math.max(0, text.length - from.length + 1)
    yield text.slice(0, cut)
    rest = text.slice(cut)
  }
  yield rest + decoder.end()
}

async function stageTree(
  objects: ObjectReader,
  name: string,
  record: DocumentRecord,
  staging: string,
): Promise<StoredTreeNode[]> {
  const body = await objects.read(name)
  if (body === undefined) throw missing(record.tree ?? '', record)
  const tree = parseTree(body.toString())
  if (tree === undefined) {
    throw new DocumentError(
      'corrupt',
      `${record.tree} of ${record.name} is not a valid tree.`,
      'Restore an earlier version with git, or add the document again.',
    )
  }
  const structure = tree.structure.map(withoutSummary)
  await writeFile(join(staging, 'tree.json'), `${JSON.stringify({ structure }, null, 1)}\n`)
  return structure
}

/** The tree without the summaries that a model added. */
function withoutSummary(node: StoredTreeNode & { summary?: string | undefined }): StoredTreeNode {
  const bare = { ...node, nodes: node.nodes?.map(withoutSummary) }
  delete bare.summary
  return bare
}

function missing(path: string, record: DocumentRecord): DocumentError {
  return new DocumentError(
    'notFound',
    `${path} of ${record.name} is missing from the commit.`,
    'Restore it with git, or add the document again.',
  )
}

/** The outline shown in the summary; undefined if it is incomplete there. */
function shownOutline({ sections }: Page): OutlineEntry[] | undefined {
  const body = sections.find(({ heading }) => heading === 'Outline')?.body
  if (body === undefined) return []
  const entries: OutlineEntry[] = []
  for (const line of body.split('\n')) {
    const match = /^( *)- (.*?)(?: \(pages? (\d+)(?:–(\d+))?\))?$/.exec(line)
    if (match === null || /^- and \d+ more$/.test(line)) return undefined
    const [, indent = '', title = '', start, end] = match
    const pages = start === undefined ? {} : { startPage: Number(start), endPage: Number(end ?? start) }
    entries.push({ title: plainInline(title), level: indent.length / 2 + 1, ...pages })
  }
  return entries
}

/** Nodes that represent page ranges of a document without headings are not an outline. */
function treeOutline(structure: StoredTreeNode[]): OutlineEntry[] {
  const entries: OutlineEntry[] = []
  const visit = (
    { title, start_index: startPage, end_index: endPage, nodes = [] }: StoredTreeNode,
    level: number,
  ): void => {
    if (!/^Pages? \d+(?: to \d+)?$/.test(title)) entries.push({ title, level, startPage, endPage })
    for (const node of nodes) visit(node, level + 1)
  }
  for (const node of structure) visit(node, 1)
  return entries
}

async function headingOutline(file: string): Promise<OutlineEntry[]> {
  return outlineOfHeadings(headingsOf(await readFile(file, 'utf8'), 1), 1).map(({ title, level }) => ({ title, level }))
}

function shownNotes({ sections }: Page): string[] {
  const body = sections.find(({ heading }) => heading === 'Source')?.body ?? ''
  return body
    .split('\n')
    .flatMap((line) => (line.startsWith('- Note: ') ? [plainInline(line.slice('- Note: '.length))] : []))
}

function factsOf({ front }: Page): Partial<PreparedText> {
  const { aliases, tags, properties } = front
  return {
    ...factLines(front),
    ...(isTexts(aliases) ? { aliases } : {}),
    ...(isTexts(tags) ? { tags } : {}),
    ...(typeof properties === 'object' && properties !== null && !Array.isArray(properties)
      ? { properties: properties as Properties }
      : {}),
  }
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function factLines(front: Page['front']): Partial<PreparedText> {
  return Object.fromEntries(FACTS.flatMap((key) => (typeof front[key] === 'string' ? [[key, front[key]]] : [])))
}
