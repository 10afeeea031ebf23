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
  /** Of a site: files that could not be made, in order. A page that could not be made says so in its place. */
  failed?: FailedExport[]
}

/** `path`: of the file in the export. */
export type FailedExport = { path: string; error: { code: string; message: string; hint?: string | undefined } }
