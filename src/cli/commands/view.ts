import { KbError } from '../../core/errors.ts'
import { command, type OptionSpecs } from '../command.ts'
import { serveView } from '../serve-view.ts'
import { AT } from './list.ts'

const PORT_MAX = 65_535

export const PORT_OPTION = {
  type: 'number',
  value: 'n',
  min: 1,
  max: PORT_MAX,
  describe: 'Default: 4114, or a free one',
} as const satisfies OptionSpecs[string]

export const view = command({
  name: 'view',
  details:
    'Starts a server on this machine and prints its address. It shows commits alone, never waits for another kbgit, and\n' +
    'shows new commits as they come. Ctrl-C ends it. Nothing is sent to other machines.',
  options: {
    open: { type: 'flag', describe: 'Open the address in a browser' },
    port: PORT_OPTION,
    at: AT,
    write: { type: 'flag', describe: 'Let the page add, edit and remove; needs the printed address' },
    'allow-private': { type: 'flag', describe: 'With --write: fetch from private and local network addresses too' },
    host: { type: 'text', value: 'address', describe: 'Listen for other machines too; needs the printed address' },
  },
  examples: [
    ['kbgit view --open', 'look at the base in a browser'],
    ['kbgit view --at v1.0', 'look at it as it was'],
    ['kbgit view --write', 'add and edit from the browser'],
  ],
  async run(context) {
    const { flags, dir, library, surroundings } = context
    if (flags.write && flags.at !== undefined)
      throw new KbError(
        'usage',
        '--write changes the newest state, and --at shows an earlier one: use only one of them.',
      )
    const { openKb } = await library()
    await using kb = await openKb({ ...(await surroundings()), dir, held: true })
    const { open, port, at, write, host } = flags
    await serveView(kb, { open, port, at, write, allowPrivate: flags['allow-private'], host }, context)
    return undefined
  },
})
