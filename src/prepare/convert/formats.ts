// Which converter handles which format, and where it runs. Converters are loaded when the first document needs them.
import type { Format } from '../../core/document/document.ts'
import type { Converter } from './converter.ts'

/** `thread`: pure JavaScript. `process`: native code, whose crash would end all threads. */
export type ConverterRuntime = 'thread' | 'process'

type FormatEntry = {
  extensions: string[]
  runtime: ConverterRuntime
  load: () => Promise<{ convert: Converter }>
  /** Skipped in folders: a picture found there usually belongs to a document next to it. */
  namedOnly?: true
}

const office = (...extensions: string[]): FormatEntry => ({
  extensions,
  runtime: 'thread',
  load: () => import('./office.ts'),
})

const picture = (...extensions: string[]): FormatEntry => ({
  extensions,
  runtime: 'process',
  load: () => import('./picture.ts'),
  namedOnly: true,
})

export const FORMAT_TABLE: Record<Format, FormatEntry> = {
  pdf: { extensions: ['.pdf'], runtime: 'process', load: () => import('./pdf.ts') },
  docx: office('.docx'),
  pptx: office('.pptx'),
  xlsx: office('.xlsx'),
  odt: office('.odt'),
  ods: office('.ods'),
  odp: office('.odp'),
  xls: { extensions: ['.xls'], runtime: 'thread', load: () => import('./sheets.ts') },
  epub: { extensions: ['.epub'], runtime: 'thread', load: () => import('./epub.ts') },
  rtf: { extensions: ['.rtf'], runtime: 'thread', load: () => import('./rtf.ts') },
  msg: { extensions: ['.msg'], runtime: 'thread', load: () => import('./msg.ts') },
  md: { extensions: ['.md', '.markdown'], runtime: 'thread', load: () => import('./md.ts') },
  txt: { extensions: ['.txt'], runtime: 'thread', load: () => import('./txt.ts') },
  csv: { extensions: ['.csv'], runtime: 'thread', load: () => import('./csv.ts') },
  tsv: { extensions: ['.tsv'], runtime: 'thread', load: () => import('./csv.ts') },
  html: { extensions: ['.html', '.htm'], runtime: 'thread', load: () => import('./html.ts') },
  jsonl: { extensions: ['.jsonl', '.ndjson'], runtime: 'thread', load: () => import('./jsonl.ts') },
  json: { extensions: ['.json'], runtime: 'thread', load: () => import('./json.ts') },
  xml: { extensions: ['.xml'], runtime: 'thread', load: () => import('./xml.ts') },
  rss: { extensions: ['.rss'], runtime: 'thread', load: () => import('./rss.ts') },
  ipynb: { extensions: ['.ipynb'], runtime: 'thread', load: () => import('./ipynb.ts') },
  eml: { extensions: ['.eml'], runtime: 'thread', load: () => import('./eml.ts') },
  png: picture('.png'),
  jpg: picture('.jpg', '.jpeg'),
  webp: picture('.webp'),
  tiff: picture('.tiff', '.tif'),
}

const BY_EXTENSION = new Map(
  Object.entries(FORMAT_TABLE).flatMap(([format, { extensions }]) =>
    extensions.map((extension) => [extension, format as Format]),
  ),
)

/** The format for a lower-case extension with its dot. */
export function formatOfExtension(extension: string): Format | undefined {
  return BY_EXTENSION.get(extension)
}
