// What a conversation accepts besides questions. Pure, except for looking up paths to complete.
import { readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { suggest } from './suggest.ts'
import { columns, inline } from './text.ts'

const SLASH_COMMANDS = {
  help: 'show this',
  add: '<path|folder|url>...: add documents',
  list: 'list documents',
  status: 'counts, pending work and health',
  search: '<words>: find pages',
  save: '[title]: save the conversation as a page of the wiki',
  lint: 'find broken links and other problems',
  clear: 'clear the conversation',
  exit: 'leave the conversation (also Ctrl-D)',
} as const
export type SlashName = keyof typeof SLASH_COMMANDS

/** One line of a conversation. */
export type Said =
  | { kind: 'nothing' }
  | { kind: 'question'; question: string }
  | { kind: 'slash'; name: SlashName; rest: string }
  | { kind: 'unknown'; message: string }

export function parseLine(line: string): Said {
  const text = line.trim()
  if (text === '') return { kind: 'nothing' }
  const match = /^\/([a-z]*)(?:\s+(.*))?$/is.exec(text)
  if (match === null) return { kind: 'question', question: text }
  const [, word = '', rest = ''] = match
  const name = names().find((each) => each === word.toLowerCase() || (word.toLowerCase() === 'quit' && each === 'exit'))
  if (name !== undefined) return { kind: 'slash', name, rest: rest.trim() }
  const meant = suggest(word, names())
  return {
    kind: 'unknown',
    message: `Unknown command /${inline(word)}. ${meant === undefined ? '/help lists the commands.' : `Did you mean /${meant}?`}`,
  }
}

/** Splits words like a shell: at spaces, with quotes, and a backslash before a literal character. */
export function splitWords(text: string): string[] {
  const words: string[] = []
  for (const [word] of text.matchAll(/(?:"(?:\\.|[^"\\])*"?|'[^']*'?|\\.|[^\s"'\\])+/gs)) {
    words.push(
      word.replace(/"((?:\\.|[^"\\])*)"?|'([^']*)'?|\\(.)/gs, (_, double?: string, single?: string, plain?: string) =>
        double === undefined ? (single ?? plain ?? '') : double.replace(/\\(.)/gs, '$1'),
      ),
    )
  }
  return words
}

/** For node:readline: the possible completions, and the part of the line that they replace. */
export function completeLine(line: string, cwd: string): [string[], string] {
  if (!line.startsWith('/')) return [[], line]
  if (!line.includes(' '))
    return [
      names()
        .map((name) => `/${name}`)
        .filter((name) => name.startsWith(line)),
      line,
    ]
  if (!line.startsWith('/add ')) return [[], line]
  const typed = /(?:\\.|[^\s\\])*$/.exec(line)?.[0] ?? ''
  return [paths(typed.replace(/\\(.)/g, '$1'), cwd).map((path) => path.replace(/[\s\\"']/g, '\\$&')), typed]
}

export function slashHelp(): string {
  return columns(Object.entries(SLASH_COMMANDS).map(([name, does]) => [`/${name}`, does]))
}

function names(): SlashName[] {
  return Object.keys(SLASH_COMMANDS) as SlashName[]
}

function paths(typed: string, cwd: string): string[] {
  const folder = typed.endsWith('/') ? typed : dirname(typed)
  const prefix = typed.endsWith('/') ? typed : typed.includes('/') ? `${folder === '/' ? '' : folder}/` : ''
  try {
    return readdirSync(resolve(cwd, folder), { withFileTypes: true })
      .map((entry) => `${prefix}${entry.name}${entry.isDirectory() ? '/' : ''}`)
      .filter(
        (path) => path.startsWith(typed) && (!path.startsWith(`${prefix}.`) || typed.startsWith(join(prefix, '.'))),
      )
      .sort()
  } catch {
    return []
  }
}
