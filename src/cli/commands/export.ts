import { EXIT_SOME_FAILED, KbError } from '../../core/errors.ts'
import type { ExportKind, FailedExport } from '../../index.ts'
import { command } from '../command.ts'
import { shortCommit } from '../outcome.ts'
import { suggest } from '../suggest.ts'
import { counted, inline, size } from '../text.ts'
import { AT, atOf } from './list.ts'

const KINDS = ['site', 'graph', 'llms', 'okf'] as const satisfies ExportKind[]

export const exportCommand = command({
  name: 'export',
  usage: '<site|graph|llms|okf> <dir>',
  arity: [2, 2],
  details: `Writes the base in the formats of others, into a new or empty folder or over an earlier export:
site   the pages of the viewer, for a static host or a folder on a disk, with search and the graph
graph  documents, topics and themes as GraphML and JSON; into a file named *.graphml or *.json, if you like
llms   llms.txt, the pages that it lists, and all of them in llms-full.txt, for language models
okf    an Open Knowledge Format bundle: Markdown with types, sources and a log; "kbgit add" reads such bundles`,
  options: {
    at: AT,
    'base-url': {
      type: 'text',
      value: 'url',
      describe: 'Where the export will be served: for links in llms.txt and the site map',
    },
  },
  examples: [
    ['kbgit export site public', 'open public/index.html, or put it on a host'],
    ['kbgit export graph base.graphml', 'open it in Gephi, yEd or NetworkX'],
    ['kbgit export llms public --base-url https://example.org/kb/', 'llms.txt with absolute links'],
    ['kbgit export okf bundle --at v1', 'a bundle of the base as it was'],
  ],
  async run({ args, flags, kb }) {
    const [name = '', target = ''] = args
    const kind = KINDS.find((each) => each === name)
    if (kind === undefined) {
      throw new KbError('usage', `"${inline(name)}" is no format to export: use ${KINDS.join(', ')}.`, {
        hint: suggest(name, KINDS),
      })
    }
    const baseUrl = flags['base-url']
    if (baseUrl !== undefined && !/^https?:\/\/[^\s?#]+$/i.test(baseUrl))
      throw new KbError('usage', '--base-url must be an http or https address without a query.')
    const result = await (await kb()).export(kind, target, { ...atOf(flags), baseUrl })
    const { files, bytes, at, failed = [] } = result
    const message = `${counted(files, 'file')}, ${size(bytes)}, of ${shortCommit(at)} in ${inline(target)}`
    return {
      value: result,
      message,
      warnings: failuresOf(failed),
      ...(failed.length === 0 ? {} : { exitCode: EXIT_SOME_FAILED }),
    }
  },
})

/** Lines that name single files. */
const NAMED_MAX = 20

function failuresOf(failed: readonly FailedExport[]): string[] {
  const lines = failed
    .slice(0, NAMED_MAX)
    .map(({ path, error }) => `${inline(path)} could not be made: ${error.message}`)
  const more = failed.length - lines.length
  return more > 0 ? [...lines, `${counted(more, 'more file')}: see --json`] : lines
}
