import type { BlameResult } from '../../index.ts'
import { command } from '../command.ts'
import { shortCommit } from '../outcome.ts'
import type { Style } from '../style.ts'
import { cut, inline, pad, width } from '../text.ts'
import { AT, atOf } from './list.ts'

const SOURCE_COLUMNS_MAX = 32

export const blame = command({
  name: 'blame',
  usage: '<page>',
  arity: [1, 1],
  details: 'Shows each line of a page with the commit that added it and the document it came from.',
  options: { at: AT },
  examples: [
    ['kbgit blame concepts/self-attention', 'show which document says what'],
    ['kbgit blame wiki/index.md --at HEAD~3', 'as it was'],
  ],
  async run({ args, flags, kb, style }) {
    const result = await (await kb()).blame(args[0] ?? '', atOf(flags))
    return { value: result, text: sayBlame(result, style) }
  },
})

function sayBlame({ lines }: BlameResult, style: Style): string {
  const sources = lines.map(({ document, operation, author }) =>
    cut(inline(document ?? (operation === 'edit' ? author : operation)), SOURCE_COLUMNS_MAX),
  )
  const columns = Math.max(0, ...sources.map(width))
  const digits = String(lines.at(-1)?.line ?? 0).length
  return lines
    .map(({ commit, line, text, date }, index) => {
      const who = `${style('yellow', shortCommit(commit))} ${style('cyan', pad(sources[index] ?? '', columns))} ${date.slice(0, 10)}`
      return `${who} ${String(line).padStart(digits)}  ${inline(text)}`.trimEnd()
    })
    .join('\n')
}
