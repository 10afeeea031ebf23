import type { LogResult } from '../../index.ts'
import { command } from '../command.ts'
import { shortCommit } from '../outcome.ts'
import type { Style } from '../style.ts'
import { columns, inline } from '../text.ts'
import { AT, atOf } from './list.ts'

export const log = command({
  name: 'log',
  usage: '[doc|page]',
  arity: [0, 1],
  details: 'History in the words of documents, newest first: of the base, of a document, or of a page.',
  options: {
    number: {
      type: 'number',
      alias: 'n',
      value: 'n',
      min: 1,
      max: 1_000_000_000,
      describe: 'Commits at most (default: all)',
    },
    at: AT,
  },
  examples: [
    ['kbgit log -n 10', 'the last ten changes'],
    ['kbgit log attention-is-all-you-need', 'what happened to a document'],
    ['kbgit log wiki/concepts/self-attention.md', 'which documents wrote a page'],
  ],
  async run({ args, flags, kb, style }) {
    const of = args[0]
    const result = await (
      await kb()
    ).log({
      ...atOf(flags),
      of,
      limit: flags.number,
    })
    return { value: result, text: sayLog(result, style) }
  },
})

function sayLog({ commits }: LogResult, style: Style): string {
  const rows = commits.map(({ commit, date, author, operation, documents, message }) => [
    style('yellow', shortCommit(commit)),
    date.slice(0, 16).replace('T', ' '),
    operation,
    inline(documents.length > 0 ? documents.join(', ') : message),
    style('dim', inline(author)),
  ])
  return columns(rows)
}
