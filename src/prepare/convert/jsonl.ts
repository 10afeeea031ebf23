// JSON Lines: dialogues as dialogues, records of one shape as a table, anything else as code.
import { DocumentError } from '../../core/errors.ts'
import type { Converter, ConvertTask } from './converter.ts'
import { codeBlock, escapeCell, table } from './markdown.ts'
import { streamText } from './text-source.ts'
import { metaOf, turnsOf, turnToMarkdown, type Turn } from './transcript.ts'

/** Maximum characters per line; a file with a longer one is not JSON Lines. */
const LINE_CHARACTERS_MAX = 64 * 1024 * 1024
/** Lines at the beginning used to detect the kind. */
const SAMPLE_LINES = 200
/** Characters of Markdown after which a page of records ends. */
const PAGE_CHARACTERS = 6_000
const COLUMNS_MAX = 40

export const convert: Converter = async (task) => {
  const notes: string[] = []
  const lines = linesOf(task)
  const sample: Line[] = []
  for (let next = await lines.next(); next.done !== true; next = await lines.next()) {
    sample.push(next.value)
    if (sample.length >= SAMPLE_LINES) break
  }
  const all = chain(sample, lines)
  const values = sample.map(({ value }) => value)
  if (values.some((value) => turnsOf(value).length > 0)) {
    return { ...metaOf(values), body: { kind: 'flow', markdown: dialogue(all, notes) }, notes }
  }
  const keys = columnsOf(values)
  return keys === undefined
    ? { body: { kind: 'flow', markdown: code(all, notes) }, notes }
    : { body: { kind: 'pages', physical: false, pages: records(all, keys, notes) }, notes }
}

/** `value` is undefined if the line is not JSON. */
type Line = { text: string; value: unknown }

async function* linesOf(task: ConvertTask): AsyncGenerator<Line> {
  let held = ''
  for await (const text of streamText(task)) {
    const lines = (held + text).split('\n')
    held = lines.pop() ?? ''
    if (held.length > LINE_CHARACTERS_MAX)
      throw new DocumentError(
        'bomb',
        `${task.label} has a line of more than ${LINE_CHARACTERS_MAX} characters.`,
        'Split it.',
      )
    for (const line of lines) if (line.trim() !== '') yield parse(line)
  }
  if (held.trim() !== '') yield parse(held)
}

function parse(text: string): Line {
  try {
    return { text, value: JSON.parse(text) as unknown }
  } catch {
    return { text, value: undefined }
  }
}

async function* dialogue(lines: AsyncIterable<Line>, notes: string[]): AsyncGenerator<string> {
  let previous: Turn | undefined
  for await (const { text, value } of lines) {
    if (value === undefined) {
      noteInvalid(notes)
      yield codeBlock(text, 'json')
      continue
    }
    for (const turn of turnsOf(value)) {
      const markdown = turnToMarkdown(turn, previous)
      if (markdown === '') continue
      yield markdown
      previous = turn
    }
  }
}

async function* records(
  lines: AsyncIterable<Line>,
  keys: string[],
  notes: string[],
): AsyncGenerator<{ content: string }> {
  const head = keys.map(escapeCell)
  let rows: string[][] = []
  let length = 0
  for await (const { text, value } of lines) {
    const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value)
    if (value === undefined) noteInvalid(notes)
    const record = (isRecord ? value : { [keys[0] ?? '']: text }) as Record<string, unknown>
    const others = Object.keys(record).filter((key) => !keys.includes(key))
    const row = keys.map((key) => cellOf(record[key]))
    // Fields that only later records have go into the last column.
    if (others.length > 0) row.push(escapeCell(others.map((key) => `${key}: ${plainOf(record[key])}`).join('; ')))
    rows.push(row)
    length += row.reduce((sum, cell) => sum + cell.length + 3, 0)
    if (length < PAGE_CHARACTERS) continue
    yield { content: table(rows, { head }) }
    rows = []
    length = 0
  }
  if (rows.length > 0) yield { content: table(rows, { head }) }
}

async function* code(lines: AsyncIterable<Line>, notes: string[]): AsyncGenerator<string> {
  let held: string[] = []
  let length = 0
  for await (const { text, value } of lines) {
    if (value === undefined) noteInvalid(notes)
    held.push(text)
    length += text.length
    if (length < PAGE_CHARACTERS) continue
    yield codeBlock(held.join('\n'), 'json')
    held = []
    length = 0
  }
  if (held.length > 0) yield codeBlock(held.join('\n'), 'json')
}

/** The keys of flat records of the same shape; undefined if the lines are anything else. */
function columnsOf(values: unknown[]): string[] | undefined {
  const records = values.filter(
    (value): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value),
  )
  if (records.length === 0 || records.length < values.length * 0.9) return undefined
  const keys = [...new Set(records.flatMap((record) => Object.keys(record)))]
  if (keys.length === 0 || keys.length > COLUMNS_MAX) return undefined
  const filled = records.reduce((sum, record) => sum + Object.keys(record).length, 0)
  return filled < keys.length * records.length * 0.4 ? undefined : keys
}

function cellOf(value: unknown): string {
  return escapeCell(plainOf(value))
}

function plainOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value as string)
}

function noteInvalid(notes: string[]): void {
  const note = 'Some lines are not valid JSON; they are shown as they are in the file.'
  if (!notes.includes(note)) notes.push(note)
}

async function* chain(first: Line[], rest: AsyncIterable<Line>): AsyncGenerator<Line> {
  yield* first
  yield* rest
}
