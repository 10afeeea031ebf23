// Which queue is used: an address from a base is one that somebody else may have written.
import { isQueueAddress } from '../../core/config-values.ts'
import { KbError } from '../../core/errors.ts'
import type { Base } from '../../io/base.ts'
import { shownAddress } from '../../io/queue/redis.ts'

/** Throws `KbError` (`config`) if it is no address of Redis. The message does not have it: it may have a password. */
export function requireAddress(address: string, from: string): string {
  if (isQueueAddress(address)) return address
  throw new KbError('config', `${from} is not an address of a queue.`, {
    hint: 'For example: redis://localhost:6379, or rediss://user:password@host:6379 with TLS.',
  })
}

/**
 * Documents go to the address of a base, and what comes back goes into it: only to one that the user trusts. Throws
 * `KbError` (`config`).
 */
export async function requireTrusted({ git, driver, repository }: Base, address: string): Promise<void> {
  const shown = shownAddress(address)
  const trusted =
    driver === 'in-process'
      ? await (await import('../../io/repository-in-process.ts')).configValues(repository, 'kbgit.trustedQueue')
      : (await git.text(['config', '--get-all', 'kbgit.trustedQueue'], { ok: [0, 1] })).split('\n')
  if (trusted.some((one) => shownAddress(one) === shown)) return
  throw new KbError(
    'config',
    `kbgit.yaml sends documents to workers at ${shown}. It may come from someone else, so that address is not used.`,
    { hint: `If you trust it: git config --add kbgit.trustedQueue ${shown}` },
  )
}
