// What the steps of fsck share.
import type { DocumentRecord } from '../core/document/document.ts'
import type { FsckProblem } from '../core/results.ts'
import type { BaseReader } from './base-reader.ts'

/** One check of a base at one commit. Paths are relative to the base. */
export type FsckRun = {
  base: BaseReader
  commit: string
  /** Files of kbgit's folders, path to object id. */
  files: ReadonlyMap<string, string>
  report: (problem: FsckProblem) => void
  /** Notes a large original that is not in this clone: nobody has to fetch them. */
  miss: (original: { name: string; path: string }) => void
  count: (what: string, by?: number) => void
  /** Throws `KbError` (`interrupted`) if the run was asked to stop. */
  goOn: () => void
}

/** What later steps need to know of a document; `path` is its registry file. */
export type KnownDocument = Pick<
  DocumentRecord,
  'name' | 'sha256' | 'compiler' | 'format' | 'pages' | 'raw' | 'source' | 'tree' | 'summary' | 'listed' | 'topics'
> & {
  path: string
  /** Keys of the topics that it mentions: another document's commit may have created a page with its section. */
  mentioned: string[]
}
