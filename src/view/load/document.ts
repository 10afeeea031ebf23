// What the pages of one document show: its summary, its text, and where its original is.
import { parseRecord } from '../../core/document/record.ts'
import { parsePages, parseTree, type StoredNode, type StoredPage } from '../../core/document/stored-text.ts'
import type { DocumentRecord } from '../../core/document/document.ts'
import { KbError } from '../../core/errors.ts'
import { registryPathOf } from '../../core/layout.ts'
import type { Page } from '../../core/page/page.ts'
import type { ListedDocument } from '../../core/results.ts'
import { PAGES_SHOWN } from '../places.ts'
import type { ViewSource } from '../source.ts'

/** A section of the original. Pages are from 1, and absent for texts without pages. */
export type OutlineNode = { title: string; from?: number | undefined; to?: number | undefined; nodes: OutlineNode[] }

export type DocumentData = {
  document: ListedDocument
  record: DocumentRecord
  summary: Page
  outline: OutlineNode[]
}

/** `pages`: the pages of a long text; `text`: a short one. */
export type DocumentText = DocumentData & {
  part: number
  parts: number
} & ({ kind: 'short'; text: string } | { kind: 'long'; pages: StoredPage[] })

/** Throws `KbError` (`notFound`). */
export async function loadDocument(source: ViewSource, commit: string, name: string): Promise<DocumentData> {
  const { documentNamed } = await source.contents(commit)
  const document = documentNamed.get(name)
  if (document === undefined) throw new KbError('notFound', `There is no document "${name}" at this moment.`)
  const registry = registryPathOf(document.summary)
  const [summary, json, tree] = await Promise.all([
    source.page(commit, document.summary),
    source.text(commit, registry),
    document.tree === undefined ? undefined : source.text(commit, document.tree),
  ])
  const outline =
    tree === undefined ? outlineOf(summary) : (parseTree(tree)?.structure ?? []).map((node) => fromTree(node))
  return { document, record: parseRecord(json ?? '', registry), summary, outline }
}

/** Throws `KbError` (`notFound`) if there is no such part. */
export async function loadText(source: ViewSource, commit: string, name: string, part: number): Promise<DocumentText> {
  const data = await loadDocument(source, commit, name)
  const stored = (await source.text(commit, data.document.source)) ?? ''
  const pages = data.document.source.endsWith('.json') ? parsePages(stored) : undefined
  if (pages === undefined) return { ...data, kind: 'short', text: stored, part: 1, parts: 1 }
  const parts = Math.max(1, Math.ceil(Math.max(...pages.map(({ page }) => page), 1) / PAGES_SHOWN))
  if (part < 1 || part > parts)
    throw new KbError('notFound', `The text of "${name}" has ${parts} parts, and no part ${part}.`)
  const shown = pages.filter(({ page }) => Math.ceil(page / PAGES_SHOWN) === part)
  return { ...data, kind: 'long', pages: shown, part, parts }
}

function fromTree({ title, start_index: from, end_index: to, nodes = [] }: StoredNode): OutlineNode {
  return { title, from, to, nodes: nodes.map((node) => fromTree(node)) }
}

/** The outline as the summary lists it: `- Title (pages 2–6)`, indented by depth. */
export function outlineOf(summary: Page): OutlineNode[] {
  const root: OutlineNode = { title: '', nodes: [] }
  const open: { indent: number; node: OutlineNode }[] = [{ indent: -1, node: root }]
  const lines = summary.sections.find(({ heading }) => heading === 'Outline')?.body.split('\n') ?? []
  for (const line of lines) {
    const match = /^( *)- (.*?)(?: \(pages? (\d+)(?:–(\d+))?\))?$/.exec(line)
    if (match === null) continue
    const [, space = '', title = '', from, to] = match
    const node: OutlineNode = {
      title: title.replace(/\\(?=[!-/:-@[-`{-~])/g, ''),
      from: from === undefined ? undefined : Number(from),
      to: from === undefined ? undefined : Number(to ?? from),
      nodes: [],
    }
    while ((open.at(-1)?.indent ?? -1) >= space.length) open.pop()
    open.at(-1)?.node.nodes.push(node)
    open.push({ indent: space.length, node })
  }
  return root.nodes
}
