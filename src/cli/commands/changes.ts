import type { ChangedTopic, ChangesResult } from '../../index.ts'
import { command } from '../command.ts'
import { shortCommit } from '../outcome.ts'
import type { Style } from '../style.ts'
import { columns, counted, inline } from '../text.ts'
import { AT, atOf } from './list.ts'

/** Lines per list; `--json` has all. */
const LINES_MAX = 30

export const changes = command({
  name: 'changes',
  usage: '<since>',
  arity: [1, 1],
  details:
    'Lists what changed since a commit, a tag or a day: documents that came, changed or went,\ntopics that grew, and what people wrote in pages.',
  options: { at: AT },
  examples: [
    ['kbgit changes yesterday', 'what is new'],
    ['kbgit changes "2 weeks ago"', 'or 2026-11-01'],
    ['kbgit changes main --at review/reports', 'what a branch would bring'],
  ],
  async run({ args, flags, kb, style }) {
    const result = await (await kb()).changes(args[0] ?? '', atOf(flags))
    return { value: result, text: sayChanges(result, style) }
  },
})

export function sayChanges({ since, at, commits, documents, topics, edits }: ChangesResult, style: Style): string {
  const from = since === null ? 'the beginning' : `${shortCommit(since.commit)} (${since.date.slice(0, 10)})`
  const head = `${counted(commits, 'commit')} since ${from}, up to ${shortCommit(at)}`
  const section = (title: string, rows: string[][], right: number[] = []): string[] => {
    if (rows.length === 0) return []
    const shown = columns(rows.slice(0, LINES_MAX), right).replace(/^/gm, '  ')
    const more = rows.length > LINES_MAX ? `\n  and ${rows.length - LINES_MAX} more` : ''
    return [`${style('bold', `${title} (${rows.length})`)}\n${shown}${more}`]
  }
  const named = (list: ChangesResult['documents']['added']): string[][] =>
    list.map(({ name, title, date }) => [style('cyan', inline(name)), date?.slice(0, 10) ?? '', inline(title)])
  const listed = (list: ChangedTopic[]): string[][] =>
    list.map((topic) => [style('cyan', inline(topic.title)), topic.kind, sizes(topic)])
  const parts = [
    ...section('Documents added', named(documents.added)),
    ...section('Documents updated', named(documents.updated)),
    ...section('Documents removed', named(documents.removed)),
    ...section('New topics', listed(topics.added)),
    ...section('Topics with more or fewer documents', listed(topics.changed)),
    ...section('Topics removed', listed(topics.removed)),
    ...section(
      'Edited by people',
      edits.map(({ commit, date, author, message }) => [
        style('yellow', shortCommit(commit)),
        date.slice(0, 10),
        inline(author),
        inline(message),
      ]),
    ),
  ]
  if (topics.rewritten > 0) parts.push(`The text of ${counted(topics.rewritten, 'other topic')} changed.`)
  return [head, ...(parts.length === 0 ? ['Nothing changed.'] : parts)].join('\n\n')
}

function sizes({ before, after }: ChangedTopic): string {
  if (before === after || before === 0) return counted(after, 'document')
  return after === 0 ? counted(before, 'document') : `${before} → ${counted(after, 'document')}`
}
