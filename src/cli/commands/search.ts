import { KbError } from '../../core/errors.ts'
import { PAGE_KINDS, type Kb, type PageKind, type SearchOptions, type SearchResult } from '../../index.ts'
import { command, type Context } from '../command.ts'
import type { Style } from '../style.ts'
import { inline } from '../text.ts'
import { AT, atOf } from './list.ts'

export const search = command({
  name: 'search',
  usage: '<words>...',
  arity: [0, Infinity],
  details:
    'Lists ranked pages, one hit per page, with the best passage of each. If nothing is found, it suggests another spelling.',
  options: {
    number: {
      type: 'number',
      alias: 'n',
      value: 'n',
      min: 1,
      max: 10_000,
      describe: 'Maximum number of hits (default: 10)',
    },
    kind: { type: 'list', value: 'kinds', choices: PAGE_KINDS, describe: 'Only pages of these kinds' },
    at: AT,
    batch: { type: 'flag', describe: 'Read one query per line from stdin, write one JSON line for each' },
  },
  examples: [
    ['kbgit search attention mechanism', 'find pages about it'],
    ['kbgit search -n 3 --kind concept,entity transformer', 'find three concepts or entities'],
    ['kbgit search --batch < queries.txt > hits.jsonl', 'run many queries'],
  ],
  async run(context) {
    const { args, flags, dir, branch, kb, library, surroundings, signal, style } = context
    const options: SearchOptions = {
      ...atOf(flags),
      limit: flags.number,
      // Checked against PAGE_KINDS as the option's choices.
      ...(flags.kind.length === 0 ? {} : { kinds: flags.kind as PageKind[] }),
      signal,
    }
    if (flags.batch) {
      if (args.length > 0) throw new KbError('usage', '--batch reads its queries from stdin, so it takes no words.')
      const { openKb } = await library()
      await using held = await openKb({ ...(await surroundings()), dir, branch, held: true })
      await searchEachLine(held, options, context)
      return undefined
    }
    const words = args.join(' ').trim()
    if (words === '')
      throw new KbError('usage', 'kbgit search needs words to look for.', {
        hint: 'For example: kbgit search attention',
      })
    const result = await (await kb()).search(words, options)
    return { value: result, text: saySearch(result, style) }
  },
})

/** One JSON line per line of stdin, in order: the hits, or the error for an invalid query. */
async function searchEachLine(
  base: Kb,
  options: SearchOptions,
  { host, signal, write }: Pick<Context, 'host' | 'signal' | 'write'>,
): Promise<void> {
  const { createInterface } = await import('node:readline')
  const lines = createInterface({ input: host.stdin, terminal: false, crlfDelay: Infinity })
  const stop = () => lines.close()
  signal.addEventListener('abort', stop, { once: true })
  try {
    for await (const line of lines) {
      if (signal.aborted) break
      await write(`${JSON.stringify(await searchLine(base, line, options))}\n`)
    }
  } finally {
    signal.removeEventListener('abort', stop)
    lines.close()
  }
}

async function searchLine(base: Kb, query: string, options: SearchOptions): Promise<unknown> {
  try {
    return await base.search(query, options)
  } catch (error) {
    if (!(error instanceof KbError) || error.code !== 'usage') throw error
    return { query, error: { code: error.code, message: error.message } }
  }
}

export function saySearch({ hits, suggestion }: SearchResult, style: Style): string {
  if (hits.length === 0)
    return suggestion === undefined ? 'Nothing found.' : `Nothing found. Did you mean "${inline(suggestion)}"?`
  const shown = hits.map(({ page, kind, name, heading, pageNumber, snippet }) => {
    const place = [
      kind,
      ...(pageNumber === undefined ? [] : [`page ${pageNumber}`]),
      ...(heading === undefined ? [] : [inline(heading)]),
    ]
    const passage = inline(snippet.replace(/\s+/g, ' ').trim())
    return `${style('cyan', inline(name))}  ${style('dim', `${place.join(', ')}  ${inline(page)}`)}\n  ${passage}`
  })
  return shown.join('\n\n')
}
