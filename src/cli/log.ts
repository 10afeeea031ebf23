// The debug log of `--verbose`: pino, one JSON object per line, on stderr.
import { pino } from 'pino'
import type { Logger } from '../index.ts'

/** `write` is called with whole lines, including the line end. */
export function debugLog(write: (line: string) => void): Logger {
  return pino({ level: 'debug', base: null, timestamp: pino.stdTimeFunctions.isoTime }, { write })
}
