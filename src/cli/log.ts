// The debug log of `--verbose`: pino, one JSON object a line, on stderr.
import { pino } from 'pino'
import type { Logger } from '../index.ts'

/** `write` gets whole lines, with their line end. */
export function debugLog(write: (line: string) => void): Logger {
  return pino({ level: 'debug', base: null, timestamp: pino.stdTimeFunctions.isoTime }, { write })
}
