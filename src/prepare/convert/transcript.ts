// Turns of a dialogue with a model or a coding agent, in the shapes in which programs log them: objects with `role` and
// `content` (also inside `message`, `payload` or `messages`), whose parts are text, tool calls and tool results.
import type { Converted } from './converter.ts'
import { Fences } from '../markdown-lines.ts'
import { codeBlock } from './markdown.ts'

export type Turn = { role: string; time?: string; parts: Part[] }
type Part =
  | { kind: 'text'; text: string }
  | { kind: 'call'; name: string; input: string; language: string }
  | { kind: 'result'; text: string }

type Json = Record<string, unknown>

const ROLES: Record<string, string> = {
  user: 'User',
  human: 'User',
  assistant: 'Assistant',
  ai: 'Assistant',
  model: 'Assistant',
  gpt: 'Assistant',
  system: 'System',
  developer: 'System',
  tool: 'Tool',
  function: 'Tool',
}
/** Maximum characters of a title made from the first question. */
const TITLE_CHARACTERS_MAX = 100

/** The turns in one line of a log; none if it is anything else. */
export function turnsOf(value: unknown): Turn[] {
  if (!isObject(value)) return []
  const time = textIn(value, 'timestamp', 'time', 'created_at')
  const list = value['messages'] ?? value['conversations']
  if (Array.isArray(list)) return list.flatMap((each) => turnOf(each, time))
  const inner = value['message'] ?? value['payload']
  return turnOf(isObject(inner) ? inner : value, time)
}

function turnOf(value: unknown, time: string | undefined): Turn[] {
  if (!isObject(value)) return []
  const type = textIn(value, 'type')
  const turn = (role: string, parts: Part[]): Turn[] =>
    parts.length === 0 ? [] : [{ role, parts, ...(time === undefined ? {} : { time }) }]
  if (/^(?:function|custom_tool|local_shell)_call$/.test(type ?? '')) return turn('Assistant', [callOf(value)])
  if (/^(?:function|custom_tool|local_shell)_call_output$/.test(type ?? ''))
    return turn('Tool', resultOf(value['output']))
  // What a model noted while it thought, in the logs of some agents.
  if (type === 'reasoning') return turn('Assistant', partsOf(value['summary'] ?? value['content']))
  const role = ROLES[(textIn(value, 'role', 'from', 'speaker') ?? '').toLowerCase()]
  if (role === undefined) return []
  const content = value['content'] ?? value['value'] ?? value['text'] ?? value['parts']
  const parts = role === 'Tool' ? resultOf(content) : partsOf(content)
  const calls = Array.isArray(value['tool_calls']) ? value['tool_calls'].filter(isObject).map(callOf) : []
  return turn(role, [...parts, ...calls])
}

function partsOf(content: unknown): Part[] {
  if (typeof content === 'string') return content.trim() === '' ? [] : [{ kind: 'text', text: content }]
  if (!Array.isArray(content)) return []
  return content.flatMap((part): Part[] => {
    if (!isObject(part)) return partsOf(part)
    const type = textIn(part, 'type') ?? ''
    if (/^(?:tool_use|tool-call|server_tool_use)$/.test(type)) return [callOf(part)]
    if (/^(?:tool_result|tool-result)$/.test(type)) return resultOf(part['content'] ?? part['output'] ?? part['result'])
    const text = textIn(part, 'text', 'input_text', 'output_text', 'thinking')
    return text === undefined || text.trim() === '' ? [] : [{ kind: 'text', text }]
  })
}

function callOf(value: Json): Part {
  const inner = isObject(value['function']) ? value['function'] : value
  const name = textIn(inner, 'name', 'toolName', 'tool') ?? 'tool'
  const given = parsed(inner['input'] ?? inner['arguments'] ?? inner['args'] ?? inner['action'])
  // A shell command is what people read; any other input is shown as given.
  const only =
    isObject(given) && Object.keys(given).every((key) => /^(?:command|cmd|description|timeout|workdir)$/.test(key))
  const command = only ? (given['command'] ?? given['cmd']) : undefined
  if (typeof command === 'string') {
    const purpose = textIn(given as Json, 'description')
    return { kind: 'call', name: purpose === undefined ? name : `${name}: ${purpose}`, input: command, language: 'sh' }
  }
  if (Array.isArray(command)) return { kind: 'call', name, input: command.join(' '), language: 'sh' }
  const input = typeof given === 'string' ? given : JSON.stringify(given ?? {}, null, 2)
  return { kind: 'call', name, input, language: typeof given === 'string' ? '' : 'json' }
}

function resultOf(content: unknown): Part[] {
  const value = parsed(content)
  if (isObject(value)) {
    const own = textIn(value, 'output', 'text', 'stdout', 'content')
    return [{ kind: 'result', text: own ?? JSON.stringify(value, null, 2) }]
  }
  const texts = Array.isArray(value)
    ? value.map((part) =>
        isObject(part) ? (textIn(part, 'text', 'output') ?? '') : typeof part === 'string' ? part : '',
      )
    : [typeof value === 'string' ? value : '']
  const text = texts.join('\n').replace(ANSI, '')
  return text.trim() === '' ? [] : [{ kind: 'result', text }]
}

/** Colours and cursor movements of a terminal (ECMA-48 control sequences). */
export const ANSI = new RegExp(`${String.fromCharCode(27)}(?:\\[[0-?]*[ -/]*[@-~]|\\][^\\u0007]*\\u0007)`, 'g')

/** A heading whenever the speaker changes. */
export function turnToMarkdown(turn: Turn, previous: Turn | undefined): string {
  // Some logs record tool results as turns of the user.
  const role = turn.parts.every(({ kind }) => kind === 'result') ? 'Tool' : turn.role
  const last = previous?.parts.every(({ kind }) => kind === 'result') === true ? 'Tool' : previous?.role
  const isNew = role !== last && role !== 'Tool' && !(role === 'Assistant' && last === 'Tool')
  const blocks = turn.parts.map((part) => {
    switch (part.kind) {
      case 'text':
        return deeper(part.text.trim())
      case 'call':
        return `**${part.name.replace(/[*\s]+/g, ' ')}**\n\n${codeBlock(part.input, part.language)}`
      case 'result':
        return codeBlock(part.text, 'text')
    }
  })
  return [...(isNew ? [`## ${role}`] : []), ...blocks].join('\n\n')
}

/** Headings in a message go below its turn's heading. */
function deeper(markdown: string): string {
  const fences = new Fences()
  return markdown
    .split('\n')
    .map((line) => (fences.feed(line) ? line : line.replace(/^(#{1,4}) /, '##$1 ')))
    .join('\n')
}

/** The log's metadata: a summary or the first question as the title, the time of its first turn. */
export function metaOf(values: unknown[]): Pick<Converted, 'title' | 'date'> {
  const titles = values.filter(isObject).map((value) => textIn(value, 'summary', 'title', 'aiTitle'))
  const turns = values.flatMap(turnsOf)
  const question = turns
    .filter(({ role }) => role === 'User')
    .flatMap(({ parts }) => parts)
    .map((part) => (part.kind === 'text' ? part.text.trim() : ''))
    // Programs put context in tags before the user's question.
    .find((text) => text !== '' && !/^<[\w-]+>|^# AGENTS/.test(text))
  const title = (titles.find((text) => text !== undefined) ?? question)?.split('\n')[0]?.replace(/^#+\s*/, '')
  const date = turns.find(({ time }) => time !== undefined)?.time
  return {
    ...(title === undefined
      ? {}
      : { title: title.length > TITLE_CHARACTERS_MAX ? `${title.slice(0, TITLE_CHARACTERS_MAX).trimEnd()}…` : title }),
    ...(date === undefined ? {} : { date }),
  }
}

function parsed(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[{[]/.test(value)) return value
  try {
    return JSON.parse(value) as unknown
  } catch {
    return value
  }
}

function textIn(value: Json, ...keys: string[]): string | undefined {
  return keys.map((key) => value[key]).find((text): text is string => typeof text === 'string' && text !== '')
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
