// Values separated by commas, semicolons, tabs or bars: one table, or pages of rows that each repeat the header.
import { parse } from 'csv-parse'
import type { Converter, ConvertedPage, ConvertTask } from './converter.ts'
import { escapeCell, table } from './markdown.ts'
import { streamText } from './text-source.ts'

/** Characters of Markdown after which a page of rows ends. */
const PAGE_CHARACTERS = 6_000
/** Characters of the sample used to detect the delimiter. */
const SAMPLE_CHARACTERS = 16_384
/** Characters per value; longer ones are cut, with a note. */
const VALUE_CHARACTERS_MAX = 20_000
const COLUMNS_MAX = 2_000

export const convert: Converter = async (task) => {
  const notes: string[] = []
  return { body: { kind: 'pages', physical: false, pages: pagesOf(task, notes) }, notes }
}

async function* pagesOf(task: ConvertTask, notes: string[]): AsyncGenerator<ConvertedPage> {
  let head: string[] | undefined
  let rows: string[][] = []
  let length = 0
  for await (const row of rowsOf(task)) {
    const cells = row.slice(0, COLUMNS_MAX).map((value) => {
      if (value.length > VALUE_CHARACTERS_MAX)
        noteOnce(notes, `Values longer than ${VALUE_CHARACTERS_MAX} characters were cut.`)
      return escapeCell(value.slice(0, VALUE_CHARACTERS_MAX))
    })
    if (row.length > COLUMNS_MAX) noteOnce(notes, `Columns after the first ${COLUMNS_MAX} were left out.`)
    if (head === undefined) {
      head = cells
      continue
    }
    rows.push(cells)
    length += cells.reduce((sum, cell) => sum + cell.length + 3, 0)
    if (length < PAGE_CHARACTERS) continue
    yield { content: table(rows, { head }) }
    rows = []
    length = 0
  }
  if (rows.length > 0 || head !== undefined) yield { content: table(rows, { head: head ?? [] }) }
}

async function* rowsOf(task: ConvertTask): AsyncGenerator<string[]> {
  const text = streamText(task)
  let sample = ''
  while (sample.length < SAMPLE_CHARACTERS) {
    const next = await text.next()
    if (next.done === true) break
    sample += next.value
  }
  // Excel's own first line names the separator and is not a row.
  const named = /^"?sep=(.)"?\n/.exec(sample)
  if (named !== null) sample = sample.slice(named[0].length)
  const delimiter = named?.[1] ?? (task.format === 'tsv' ? '\t' : delimiterOf(sample))
  // An unclosed quote would absorb the rest of the file into one value: then quotes are ignored.
  const parser = parse({
    delimiter,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: 4 * 1024 * 1024,
    ...(quotesBalance(sample) ? {} : { quote: null }),
  })
  const fed = feed(parser, sample, text)
  try {
    for await (const row of parser) yield row as string[]
  } finally {
    parser.destroy()
    await fed.catch(() => {})
  }
}

async function feed(parser: ReturnType<typeof parse>, sample: string, rest: AsyncIterable<string>): Promise<void> {
  const put = async (text: string): Promise<void> => {
    if (!parser.write(text) && !parser.destroyed) {
      await new Promise<void>((resolve) => {
        parser.once('drain', resolve).once('close', resolve)
      })
    }
  }
  try {
    await put(sample)
    for await (const text of rest) {
      if (parser.destroyed) return
      await put(text)
    }
    parser.end()
  } catch (error) {
    parser.destroy(error instanceof Error ? error : new Error(String(error)))
  }
}

/** The separator that gives the most lines of the sample the same number of columns, if that is more than one. */
function delimiterOf(sample: string): string {
  const lines = sample
    .replace(/"(?:[^"]|"")*"/g, 'q')
    .split('\n')
    .slice(0, 50)
    .filter((line) => line.trim() !== '')
  const score = (delimiter: string): number => {
    const counts = lines.map((line) => line.split(delimiter).length)
    const usual = counts.sort((a, b) => a - b)[Math.floor(counts.length / 2)] ?? 1
    return usual < 2 ? 0 : counts.filter((count) => count === usual).length * 1_000 + usual
  }
  const scored = [',', ';', '\t', '|'].map((delimiter) => ({ delimiter, score: score(delimiter) }))
  return scored.reduce((best, each) => (each.score > best.score ? each : best)).delimiter
}

function quotesBalance(sample: string): boolean {
  const quotes = sample.split('"').length - 1
  return quotes % 2 === 0 || sample.length >= SAMPLE_CHARACTERS
}

function noteOnce(notes: string[], note: string): void {
  if (!notes.includes(note)) notes.push(note)
}
