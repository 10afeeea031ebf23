// Failures, errors and warnings as lines for people, and errors as JSON.
import { KbError, knownError, messageOf } from '../core/errors.ts'
import type { ErrorResult } from '../index.ts'
import type { Style } from './style.ts'
import { block, inline } from './text.ts'

/** The lines about a failed document: what happened, and the hint. */
export function failureLines(path: string, message: string, hint: string | undefined, style: Style): string {
  const named = message.includes(path) ? message.replaceAll(path, () => inline(path)) : `${inline(path)}: ${message}`
  return `${style('red', 'failed')} ${indented(named)}\n${hintLine(hint)}`
}

/** The lines about an error that ended the command: the current state, and the hint. */
export function errorLines({ message, hint }: Pick<KbError, 'message' | 'hint'>, style: Style): string {
  return `${style('red', 'kbgit:')} ${indented(message)}\n${hintLine(hint)}`
}

export function errorDocument({ code, message, hint }: KbError): string {
  const result: ErrorResult = { error: { code, message, hint } }
  return `${JSON.stringify(result, null, 2)}\n`
}

/** Without a line end. */
export function warningLine(warning: string, style: Style): string {
  return `${style('yellow', 'warning:')} ${block(warning)}`
}

/** A thrown value as one sentence. `verbose`: its stack is printed anyway. */
export function asKbError(error: unknown, verbose: boolean): KbError {
  const known = knownError(error)
  if (known !== undefined) return known
  const hint = verbose ? {} : { hint: 'Run it again with -v to see where this happened.' }
  return new KbError('unexpected', `Unexpected error: ${messageOf(error)}`, { cause: error, ...hint })
}

/** The stack of an error and of all its causes. */
export function stacks(error: Error): string {
  const stack = block(error.stack ?? error.message)
  return error.cause instanceof Error ? `${stack}\ncaused by ${stacks(error.cause)}` : stack
}

function hintLine(hint: string | undefined): string {
  return hint === undefined ? '' : `  ${indented(hint)}\n`
}

/** Later lines are indented, so that no line of a message can pass for one of ours. */
function indented(text: string): string {
  return block(text).trimEnd().replaceAll('\n', '\n  ')
}

/** Failed documents that are named with their reasons; a folder can have thousands. */
export const FAILURES_SHOWN_MAX = 20

/** A line for those that are not named, of `count` in all; '' if there are none. */
export function moreFailures(count: number, style: Style): string {
  const more = count - FAILURES_SHOWN_MAX
  return more > 0 ? `${style('red', 'failed')} ${more} more: --json names all of them\n` : ''
}
