// Shows a base in browsers until the user stops.
import type { Kb, ViewOptions } from '../index.ts'
import type { Context } from './command.ts'
import { openInBrowser } from './open-browser.ts'

/** `held`: the base was opened for many reads. `added`: what `--json` prints beside the address. */
export async function serveView(
  kb: Kb,
  options: ViewOptions & { open: boolean; added?: unknown },
  {
    json,
    host,
    library,
    signal,
    write,
    note,
  }: Pick<Context, 'json' | 'host' | 'library' | 'signal' | 'write' | 'note'>,
): Promise<void> {
  const { serveKb } = await library()
  const { open, added, ...how } = options
  const { url, close } = await serveKb(kb, how)
  try {
    await write(json ? `${JSON.stringify(added === undefined ? { url } : { added, url })}\n` : `${url}\n`)
    if (!json) note('Press Ctrl-C to stop.')
    if (open)
      await openInBrowser(url, host.env).catch((error: unknown) => note(`The browser did not open: ${String(error)}`))
    await ended(signal)
  } finally {
    await close()
  }
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
