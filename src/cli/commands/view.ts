import { KbError } from '../../core/errors.ts'
import { command } from '../command.ts'
import { openInBrowser } from '../open-browser.ts'
import { AT } from './list.ts'

const PORT_MAX = 65_535

export const view = command({
  name: 'view',
  details:
    'Starts a server on this machine and prints its address. It shows commits alone, never waits for another kbgit, and\n' +
    'shows new commits as they come. Ctrl-C ends it. Nothing is sent to other machines.',
  options: {
    open: { type: 'flag', describe: 'Open the address in a browser' },
    port: { type: 'number', value: 'n', min: 1, max: PORT_MAX, describe: 'Default: 4114, or a free one' },
    at: AT,
    write: { type: 'flag', describe: 'Let the page add, edit and remove; needs the printed address' },
    host: { type: 'text', value: 'address', describe: 'Listen for other machines too; needs the printed address' },
  },
  examples: [
    ['kbgit view --open', 'look at the base in a browser'],
    ['kbgit view --at v1.0', 'look at it as it was'],
    ['kbgit view --write', 'add and edit from the browser'],
  ],
  async run({ flags, json, dir, host, library, surroundings, signal, write, note }) {
    if (flags.write && flags.at !== undefined)
      throw new KbError(
        'usage',
        '--write changes the newest state, and --at shows an earlier one: use only one of them.',
      )
    const { openKb, serveKb } = await library()
    await using kb = await openKb({ ...(await surroundings()), dir, held: true })
    const { url, close } = await serveKb(kb, {
      port: flags.port,
      at: flags.at,
      write: flags.write,
      host: flags.host,
    })
    try {
      await write(json ? `${JSON.stringify({ url })}\n` : `${url}\n`)
      if (!json) note('Press Ctrl-C to stop.')
      if (flags.open)
        await openInBrowser(url, host.env).catch((error: unknown) => note(`The browser did not open: ${String(error)}`))
      await ended(signal)
    } finally {
      await close()
    }
    return undefined
  },
})

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
