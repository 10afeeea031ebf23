// Jupyter notebooks (nbformat 3 and 4): text cells unchanged, code with its language, outputs as text and images.
import { DocumentError } from '../../core/errors.ts'
import { htmlToMarkdown } from '../html-markdown.ts'
import { headingsOf } from '../markdown-lines.ts'
import type { Converter, ConvertTask } from './converter.ts'
import { codeBlock } from './markdown.ts'
import { storedImage } from './stored-image.ts'
import { readText } from './text-source.ts'
import { ANSI } from './transcript.ts'

type Cell = {
  cell_type?: unknown
  source?: unknown
  input?: unknown
  outputs?: unknown
  attachments?: unknown
  level?: unknown
  language?: unknown
}
type Notebook = {
  cells?: unknown
  worksheets?: unknown
  metadata?: {
    title?: unknown
    authors?: unknown
    kernelspec?: { language?: unknown }
    language_info?: { name?: unknown }
  }
}

export const convert: Converter = async (task) => {
  const notebook = parse(await readText(task), task.label)
  const cells = cellsOf(notebook)
  const metadata = notebook.metadata ?? {}
  const language = String(metadata.language_info?.name ?? metadata.kernelspec?.language ?? 'python')
  const markdown = cells
    .map((cell) => cellToMarkdown(cell, language, task))
    .filter((block) => block !== '')
    .join('\n\n')
  const first = headingsOf(markdown, 1).find((entry) => entry.level === 1)?.title
  const title = typeof metadata.title === 'string' ? metadata.title : first
  const authors = Array.isArray(metadata.authors)
    ? metadata.authors
        .map((author: { name?: unknown } | null) => author?.name)
        .filter((name) => typeof name === 'string')
    : []
  return {
    body: { kind: 'flow', markdown },
    ...(title === undefined ? {} : { title }),
    ...(authors.length === 0 ? {} : { author: authors.join(', ') }),
  }
}

function parse(text: string, label: string): Notebook {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // Python writes numbers that are not JSON.
    try {
      const value: unknown = JSON.parse(withoutPythonNumbers(text))
      if (typeof value === 'object' && value !== null) return value
    } catch {
      // Reported below.
    }
  }
  throw new DocumentError(
    'corrupt',
    `${label} is not a notebook: it is not JSON.`,
    'Open it in Jupyter and save it again.',
  )
}

/** `NaN` and `Infinity` outside of strings become strings. */
function withoutPythonNumbers(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (token) =>
    token.startsWith('"') ? token : JSON.stringify(token),
  )
}

function cellsOf(notebook: Notebook): Cell[] {
  const sheets = Array.isArray(notebook.worksheets) ? notebook.worksheets : []
  const lists = [notebook.cells, ...sheets.map((sheet: { cells?: unknown } | null) => sheet?.cells)]
  return lists
    .flatMap((list) => (Array.isArray(list) ? list : []))
    .filter((cell): cell is Cell => typeof cell === 'object' && cell !== null)
}

function cellToMarkdown(cell: Cell, language: string, task: ConvertTask): string {
  const source = textOf(cell.source ?? cell.input)
  switch (cell.cell_type) {
    case 'markdown':
      return withAttachments(source, cell.attachments, task).trim()
    case 'heading':
      return `${'#'.repeat(Math.min(6, Math.max(1, Number(cell.level) || 1)))} ${source.replace(/\s+/g, ' ')}`
    case 'code': {
      const outputs = Array.isArray(cell.outputs) ? cell.outputs.map((output) => outputToMarkdown(output, task)) : []
      return [source.trim() === '' ? '' : codeBlock(source, language), ...outputs]
        .filter((block) => block !== '')
        .join('\n\n')
    }
    default:
      return source.trim() === '' ? '' : codeBlock(source)
  }
}

/** Images attached to a cell are linked as `attachment:name`; others are in the text, or next to the notebook. */
function withAttachments(source: string, attachments: unknown, task: ConvertTask): string {
  const bundles = (typeof attachments === 'object' && attachments !== null ? attachments : {}) as Record<
    string,
    unknown
  >
  return source
    .replace(
      /!\[([^\]]*)\]\(\s*<?attachment:([^)>]+?)>?(?:\s+"[^"]*")?\s*\)|<img\b[^>]*\bsrc\s*=\s*["']attachment:([^"']+)["'][^>]*>/gi,
      (_, alt: string | undefined, linked: string | undefined, tagged: string | undefined) => {
        const name = linked ?? tagged ?? ''
        const stored = imageOf(bundles[decoded(name)] ?? bundles[name], task)
        // A missing picture leaves its description instead of a link that leads nowhere.
        return stored === undefined
          ? `*Image: ${alt === undefined || alt === '' ? name : alt}*`
          : `![${alt ?? ''}](${stored})`
      },
    )
    .replace(/!\[([^\]]*)\]\(\s*(data:image\/[^\s)]+)\s*\)/gi, (_, alt: string, address: string) => {
      const stored = storedImage(address, task)
      return stored === undefined ? alt : `![${alt}](${stored})`
    })
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

function outputToMarkdown(value: unknown, task: ConvertTask): string {
  if (typeof value !== 'object' || value === null) return ''
  const output = value as {
    output_type?: unknown
    text?: unknown
    data?: unknown
    ename?: unknown
    evalue?: unknown
    traceback?: unknown
  }
  if (output.output_type === 'error' || output.output_type === 'pyerr')
    return codeBlock(clean(tracebackOf(output)), 'text')
  const data = (typeof output.data === 'object' && output.data !== null ? output.data : output) as Record<
    string,
    unknown
  >
  const image = imageOf(data, task)
  if (image !== undefined) return `![Output](${image})`
  const markdown = textOf(data['text/markdown'])
  if (markdown.trim() !== '') return markdown
  const html = textOf(data['text/html'])
  const shown = clean(textOf(data['text/plain'] ?? data['text']))
  // A table, or an output with no text except the name of a Python object.
  if (html.trim() !== '' && (/<table/i.test(html) || /^\s*(?:<[\w.]+ object[^>]*>)?\s*$/.test(shown))) {
    const markdown = htmlToMarkdown(html)
    if (markdown !== '') return markdown
  }
  const latex = textOf(data['text/latex'])
  if (latex.trim() !== '') return latex
  return shown.trim() === '' ? '' : codeBlock(shown, 'text')
}

/** The last line of the traceback is the error; without a traceback, use its name and message. */
function tracebackOf(output: { ename?: unknown; evalue?: unknown; traceback?: unknown }): string {
  const trace = Array.isArray(output.traceback) ? output.traceback.filter((line) => typeof line === 'string') : []
  return trace.length === 0 ? `${textOf(output.ename)}: ${textOf(output.evalue)}` : trace.join('\n')
}

function imageOf(bundle: unknown, task: ConvertTask): string | undefined {
  if (typeof bundle !== 'object' || bundle === null) return undefined
  for (const type of ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'png', 'jpeg']) {
    const bytes = textOf((bundle as Record<string, unknown>)[type])
    const stored = bytes === '' ? undefined : task.images.add(Buffer.from(bytes, 'base64'))
    if (stored !== undefined) return stored
  }
  return undefined
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map((part) => (typeof part === 'string' ? part : '')).join('')
  return typeof value === 'string' ? value : ''
}

/** Without terminal colours; a progress bar that redraws its line leaves its last state. */
function clean(text: string): string {
  return text.replace(ANSI, '').replace(/^.*\r(?!\n|$)/gm, '')
}
