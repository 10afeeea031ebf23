// Colours, if they are wanted.
import { styleText } from 'node:util'

type Format = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan' | 'underline' | 'italic'
export type Style = (format: Format, text: string) => string

export const PLAIN: Style = (_format, text) => text

/**
 * In order of precedence: `--no-color`, NO_COLOR, FORCE_COLOR, and whether there is a terminal that supports colours.
 */
export function wantsColor(
  noColor: boolean,
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  if (noColor || (env['NO_COLOR'] ?? '') !== '') return false
  const force = env['FORCE_COLOR']
  if (force !== undefined) return force !== '0' && force !== 'false'
  return isTerminal && env['TERM'] !== 'dumb'
}

export function styleFor(color: boolean): Style {
  return color ? (format, text) => styleText(format, text, { validateStream: false }) : PLAIN
}
