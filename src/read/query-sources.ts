// What a question may look at: everything as it was at one commit.
import type { AskedWord } from '../core/search/answer-passages.ts'
import type { SearchHit } from '../core/results.ts'
import type { FoundHit } from './search.ts'

export type TreeFileNode = {
  title?: string
  node_id?: string
  start_index?: number
  end_index?: number
  summary?: string | undefined
  nodes?: TreeFileNode[]
}
export type OutlineFile = { doc_name?: string; structure?: TreeFileNode[] }

export type IndexKind = 'documents' | 'topics'
/** `page`: of a document its summary; `brief`: title and description in one line; `document`: its name. */
export type IndexItem = { page: string; document?: string; brief: string }

export type QuerySources = {
  search: (query: string, limit: number) => Promise<SearchHit[]>
  /** The same hits, with what an answer without a model is judged by. */
  found: (question: string, limit: number) => Promise<FoundHit[]>
  /** The words of a question that are looked for, with how much each says. */
  weights: (question: string) => AskedWord[]
  /** The text of a file in `wiki/`, by its path relative to the base; undefined if there is none. */
  page: (path: string) => Promise<string | undefined>
  /** Pages of a kind in the order of their paths, `limit` of them after `from` others, and how many there are. */
  index: (kind: IndexKind, from: number, limit: number) => Promise<{ total: number; items: IndexItem[] }>
  /** The tree of a long document, by the document's name. */
  tree: (document: string) => Promise<OutlineFile | undefined>
  /** One page of a long document, and the path of the file that has it. */
  pageText: (document: string, pageNumber: number) => Promise<{ page: string; text: string } | undefined>
}
