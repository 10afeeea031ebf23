// A conversation with the base: lines in, answers out. The library stores the sessions.
import { createInterface, type Interface } from 'node:readline'
import { KbError } from '../core/errors.ts'
import type { ChatSession, Kb } from '../index.ts'
import { answerPrinter } from './answer.ts'
import type { Context, Report } from './command.ts'
import { reportAdd } from './commands/add.ts'
import { sayLint } from './commands/lint.ts'
import { sayList } from './commands/list.ts'
import { saySearch } from './commands/search.ts'
import { sayStatus } from './commands/status.ts'
import { errorLines, failureLines, warningLine } from './sentences.ts'
import { completeLine, parseLine, slashHelp, splitWords, type SlashName } from './slash.ts'
import { inline } from './text.ts'

/** The answer to one line; `leave` ends the conversation. */
type Reply = { text: string } | 'leave'

/**
 * Reads lines until `/exit` or the end of input. A line that fails is reported, and the conversation continues. Returns
 * the exit code: 0 on a terminal; elsewhere that of the first line that failed.
 */
export async function converse(kb: Kb, session: ChatSession, context: Context, raw: boolean): Promise<number> {
  const { host, signal, style, write, note } = context
  const onTerminal = host.stdin.isTTY === true && host.stdout.isTTY === true
  const lines = createInterface({
    input: host.stdin,
    ...(onTerminal ? { output: host.stdout } : {}),
    terminal: onTerminal,
    prompt: style('cyan', '> '),
    completer: (line: string) => completeLine(line, host.cwd),
  })
  let current: AbortController | undefined
  const close = () => lines.close()
  signal.addEventListener('abort', close, { once: true })
  // On a terminal readline reads the keys: Ctrl-C ends the current answer, or else the conversation.
  lines.on('SIGINT', () =>
    current === undefined ? close() : current.abort(new KbError('interrupted', 'Interrupted.')),
  )
  let exitCode = 0
  try {
    if (onTerminal) {
      await write(`${greeting(session)}\n`)
      lines.prompt()
    }
    for await (const line of lines) {
      current = new AbortController()
      const turn: Turn = { kb, session, context, raw, signal: AbortSignal.any([signal, current.signal]) }
      try {
        const reply = await answer(line, turn)
        if (reply === 'leave') break
        if (reply.text !== '') await write(reply.text.endsWith('\n') ? reply.text : `${reply.text}\n`)
      } catch (error) {
        if (!(error instanceof KbError) || signal.aborted) throw error
        note(errorLines(error, style).trimEnd())
        if (!onTerminal && exitCode === 0) exitCode = error.exitCode
      } finally {
        current = undefined
      }
      if (signal.aborted) break
      if (onTerminal) promptAgain(lines)
    }
  } finally {
    signal.removeEventListener('abort', close)
    lines.close()
  }
  return exitCode
}

function promptAgain(lines: Interface): void {
  // Closed during the answer: by Ctrl-D, or because the terminal is gone.
  if (!(lines as Interface & { closed?: boolean }).closed) lines.prompt()
}

function greeting({ id, turns }: ChatSession): string {
  const before = turns.length === 0 ? '' : `, ${turns.length} earlier ${turns.length === 1 ? 'question' : 'questions'}`
  return `Session ${inline(id)}${before}. Ask a question, or type /help.`
}

type Turn = { kb: Kb; session: ChatSession; context: Context; raw: boolean; signal: AbortSignal }

async function answer(line: string, turn: Turn): Promise<Reply> {
  const input = parseLine(line)
  switch (input.kind) {
    case 'nothing':
      return { text: '' }
    case 'unknown':
      throw new KbError('usage', input.message)
    case 'question': {
      const printer = answerPrinter(turn.context, turn.raw)
      const options = { signal: turn.signal, onText: printer.onText }
      const result = await turn.session.ask(input.question, options)
      return { text: printer.rest(result) }
    }
    case 'slash':
      return slash(input.name, input.rest, turn)
  }
}

async function slash(name: SlashName, rest: string, { kb, session, context, signal }: Turn): Promise<Reply> {
  const { style, attended } = context
  switch (name) {
    case 'help':
      return { text: slashHelp() }
    case 'add': {
      const inputs = splitWords(rest)
      if (inputs.length === 0) throw new KbError('usage', '/add needs a file, a folder or a URL.')
      const reported = new Set<string>()
      const result = await attended((onProgress) =>
        kb.add(inputs, {
          signal,
          onProgress: (progress) => {
            if (progress.kind === 'done' && progress.outcome === 'failed') reported.add(progress.path)
            onProgress(progress)
          },
        }),
      )
      reportFailures(reportAdd(result), reported, context)
      return { text: reportAdd(result).message ?? '' }
    }
    case 'list':
      return { text: sayList(await kb.list(), style) }
    case 'status':
      return { text: sayStatus(await kb.status(), style) }
    case 'search':
      if (rest === '') throw new KbError('usage', '/search needs words to look for.')
      return { text: saySearch(await kb.search(rest, { signal }), style) }
    case 'save': {
      const { page, commit } = await session.save(rest === '' ? undefined : rest)
      return { text: `Saved as ${inline(page)} (commit ${commit.slice(0, 8)}).` }
    }
    case 'lint':
      return { text: sayLint(await attended((onProgress) => kb.lint({ signal, onProgress })), style) }
    case 'clear':
      await session.clear()
      return { text: 'The conversation was cleared.' }
    case 'exit':
      return 'leave'
  }
}

function reportFailures({ failures, warnings }: Report, reported: ReadonlySet<string>, { style, note }: Context): void {
  for (const { path, error } of failures ?? []) {
    if (!reported.has(path)) note(failureLines(path, error.message, error.hint, style).trimEnd())
  }
  for (const warning of warnings ?? []) note(warningLine(warning, style))
}
