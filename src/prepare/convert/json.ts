// JSON: shown as indented code; a title at the top level becomes metadata.
import type { Converter, ConvertTask } from './converter.ts'
import { codeBlock } from './markdown.ts'
import { readText, streamText, WHOLE_TEXT_BYTES_MAX } from './text-source.ts'

/** Characters per piece of code of a streamed file. */
const PIECE_CHARACTERS = 6_000

export const convert: Converter = async (task) => {
  if (task.size > WHOLE_TEXT_BYTES_MAX)
    return { body: { kind: 'flow', markdown: streamed(task) }, notes: ['The JSON is shown as it is in the file.'] }
  const text = await readText(task)
  try {
    const value: unknown = JSON.parse(text)
    return { body: { kind: 'flow', markdown: codeBlock(indented(text), 'json') }, ...titleOf(value) }
  } catch {
    const lines = text.split('\n').filter((line) => line.trim() !== '')
    const isLines = lines.length > 1 && lines.every(isJson)
    const notes = isLines ? [] : ['This is not valid JSON; it is shown as it is in the file.']
    return { body: { kind: 'flow', markdown: codeBlock(text.trimEnd(), 'json') }, notes }
  }
}

/** Letters that a program wrote as their codes, as Python does with all beyond ASCII. */
function readable(token: string): string {
  if (!token.includes('\\u')) return token
  const shown = token.replace(/\\(?:u([0-9a-f]{4})|.)/gi, (escape, code: string | undefined) => {
    const letter = code === undefined ? '' : String.fromCharCode(Number.parseInt(code, 16))
    return letter > '\u00a0' && !/[\p{Cf}\p{Zl}\p{Zp}]/u.test(letter) ? letter : escape
  })
  return shown.isWellFormed() ? shown : token
}

/** Indents valid JSON; every number, key and string stays as written, because parsing would round, reorder and drop. */
function indented(text: string): string {
  let depth = 0
  let result = ''
  let previous = ''
  const line = (): string => `\n${'  '.repeat(depth)}`
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g)) {
    const closes = token === '}' || token === ']'
    if (closes) depth--
    if (closes ? !['{', '['].includes(previous) : ['{', '[', ','].includes(previous)) result += line()
    result += token === ':' ? ': ' : readable(token)
    if (token === '{' || token === '[') depth++
    previous = token
  }
  return result
}

async function* streamed(task: ConvertTask): AsyncGenerator<string> {
  let held = ''
  for await (const text of streamText(task)) {
    held += text
    while (held.length > PIECE_CHARACTERS) {
      const line = held.lastIndexOf('\n', PIECE_CHARACTERS)
      const end =
        line > 0 ? line + 1 : PIECE_CHARACTERS - (/[\ud800-\udbff]/.test(held[PIECE_CHARACTERS - 1] ?? '') ? 1 : 0)
      yield codeBlock(held.slice(0, end), 'json')
      held = held.slice(end)
    }
  }
  if (held.trim() !== '') yield codeBlock(held, 'json')
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line)
    return true
  } catch {
    return false
  }
}

function titleOf(value: unknown): { title?: string } {
  const title = (value as { title?: unknown } | null)?.title
  return typeof title === 'string' && title.trim() !== '' ? { title } : {}
}
