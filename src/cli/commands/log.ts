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
  details: 'Shows the history of the base, a document or a page, newest first.',
  options: {
    number: {
      type: 'number',
      alias: 'n',
      value: 'n',
      min: 1,
      max: 1_000_000_000,
      describe: 'Maximum number of commits (default: all)',
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
