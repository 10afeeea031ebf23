import type { ListResult } from '../../index.ts'
import { command } from '../command.ts'
import type { Style } from '../style.ts'
import { columns, counted, inline } from '../text.ts'

/** The option of every command that reads a commit. */
export const AT = {
  type: 'text',
  value: 'rev',
  describe: 'Read a commit, branch, tag or other revision (default: HEAD)',
} as const

/** `--at` as the library expects it. */
export function atOf(flags: { at: string | undefined }): { at?: string | undefined } {
  return { at: flags.at }
}

export const list = command({
  name: 'list',
  options: { at: AT },
  examples: [
    ['kbgit list', 'all documents'],
    ['kbgit list --at HEAD~10', 'as they were ten commits ago'],
    ["kbgit list --json | jq -r '.documents[].name'", 'only names'],
  ],
  async run({ flags, kb, json, style }) {
    const result = await (await kb()).list(atOf(flags))
    return json ? { value: result } : { value: result, text: sayList(result, style) }
  },
})

export function sayList({ documents, concepts, entities }: ListResult, style: Style): string {
  const rows = documents.map(({ name, format, pages, addedAt, title }) => [
    style('cyan', inline(name)),
    format,
    pages === undefined ? '' : String(pages),
    addedAt.slice(0, 10),
    inline(title),
  ])
  const counts = [
    counted(documents.length, 'document'),
    counted(concepts.length, 'concept'),
    counted(entities.length, 'entity', 'entities'),
  ].join(', ')
  const head = ['NAME', 'FORMAT', 'PAGES', 'ADDED', 'TITLE'].map((title) => style('bold', title))
  return rows.length === 0 ? counts : `${columns([head, ...rows], [2])}\n\n${counts}`
}
