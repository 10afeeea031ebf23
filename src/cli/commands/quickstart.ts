import { resolve } from 'node:path'
import { KbError } from '../../core/errors.ts'
import { command, JOBS_OPTION } from '../command.ts'
import { serveView } from '../serve-view.ts'
import { inline } from '../text.ts'
import { reportAdd } from './add.ts'
import { PORT_OPTION } from './view.ts'

const FOLDER = 'knowledge'

export const quickstart = command({
  name: 'quickstart',
  usage: '<path|folder|url>...',
  arity: [0, Infinity],
  details:
    `Creates a base in ${FOLDER}/ of this folder (--kb names another; a base that is there is used), adds the documents,\n` +
    'and shows the result in a browser. Ctrl-C ends it; the base stays.',
  options: {
    jobs: JOBS_OPTION,
    port: PORT_OPTION,
    'no-open': { type: 'flag', describe: 'Print the address, and open no browser' },
  },
  examples: [
    ['kbgit quickstart ~/papers', 'from a folder to a wiki to look at'],
    ['kbgit quickstart report.pdf https://example.org/article', 'from files and web pages'],
  ],
  async run(context) {
    const { args, flags, dir, host, json, quiet, library, surroundings, signal, attended, write } = context
    if (args.length === 0)
      throw new KbError('usage', 'kbgit quickstart needs a file, a folder or a URL.', {
        hint: 'For example: kbgit quickstart ~/papers',
      })
    const { initKb, openKb } = await library()
    const where = { ...(await surroundings()), dir: resolve(host.cwd, dir ?? FOLDER) }
    const { root } = await initKb(where)
    await using kb = await openKb({ ...where, held: true })
    const added = await attended((onProgress) => kb.add(args, { jobs: flags.jobs, signal, onProgress }))
    const report = reportAdd(added)
    if (!json && !quiet) await write(`${report.message ?? ''}\nThe base is in ${inline(root)}.\n`)
    const nothing = added.added.length + added.updated.length + added.skipped.length === 0
    if (signal.aborted || nothing) return { value: added, exitCode: report.exitCode ?? 0 }
    await serveView(kb, { open: !flags['no-open'], port: flags.port, added }, context)
    return undefined
  },
})
