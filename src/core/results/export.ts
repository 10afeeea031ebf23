// What `kbgit export` returns.

export type ExportKind = 'graph' | 'llms' | 'okf' | 'site'

export type ExportResult = {
  kind: ExportKind
  /** Absolute path of the folder or file. */
  target: string
  /** The commit that was exported. */
  at: string
  files: number
  bytes: number
}
