// Asks the user before a command deletes something.
import { KbError } from '../core/errors.ts'
import type { Host } from './host.ts'

export type Confirmation = {
  question: string
  /** What did not happen, if the answer is no. */
  refusal: string
}

/**
 * Asks on stderr and reads one line. Resolves for `y` or `yes`. Throws `KbError`: `usage` without a terminal,
 * `interrupted` for any other answer, the end of input, and `signal`.
 */
export async function confirm({ question, refusal }: Confirmation, host: Host, signal: AbortSignal): Promise<void> {
  if (host.stdin.isTTY !== true || host.stderr.isTTY !== true) {
    throw new KbError('usage', `${refusal} There is no terminal to ask on.`, {
      hint: 'Pass -y to proceed without confirmation.',
    })
  }
  const { createInterface } = await import('node:readline')
  // Not as a readline terminal, so that the terminal itself still turns Ctrl-C into a signal.
  const lines = createInterface({ input: host.stdin, terminal: false })
  try {
    host.stderr.write(`${question} [y/N] `)
    const answer = await new Promise<string | undefined>((resolve) => {
      lines.once('line', resolve)
      lines.once('close', () => resolve(undefined))
      if (signal.aborted) resolve(undefined)
      signal.addEventListener('abort', () => resolve(undefined), { once: true })
    })
    if (answer === undefined) host.stderr.write('\n')
    if (answer === undefined || !/^\s*y(?:es)?\s*$/i.test(answer)) throw new KbError('interrupted', refusal)
  } finally {
    lines.close()
  }
}
