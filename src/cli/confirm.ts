// A question that stands between the user and something that deletes.
import { createInterface } from 'node:readline'
import { KbError } from '../core/errors.ts'
import type { Host } from './host.ts'

export type Confirmation = {
  question: string
  /** What did not happen, where the answer is no. */
  refusal: string
}

/**
 * Asks on stderr and reads one line. Resolves for `y` or `yes`. Throws `KbError`: `usage` where no terminal is there to
 * ask on, `interrupted` for every other answer, the end of input, and `signal`.
 */
export async function confirm({ question, refusal }: Confirmation, host: Host, signal: AbortSignal): Promise<void> {
  if (host.stdin.isTTY !== true || host.stderr.isTTY !== true) {
    throw new KbError('usage', `${refusal} There is no terminal to ask on.`, {
      hint: 'Say -y to go ahead without being asked.',
    })
  }
  // Not as a readline terminal: the terminal itself keeps turning Ctrl-C into a signal.
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
