import { EXIT_SOME_FAILED } from '../../core/errors.ts'
import type { FsckResult } from '../../index.ts'
import { command } from '../command.ts'
import { named } from '../outcome.ts'
import type { Style } from '../style.ts'
import { block, counted, inline } from '../text.ts'
import { AT, atOf } from './list.ts'

export const fsck = command({
  name: 'fsck',
  details: 'Exits with 0 if every invariant holds and with 3 otherwise. Changes nothing.',
  options: {
    blobs: { type: 'flag', describe: 'Rehash every original, and let git check every object' },
    at: AT,
  },
  examples: [
    ['kbgit fsck', 'check every invariant'],
    ['kbgit fsck --blobs --json', 'with every byte read, for a script'],
  ],
  async run({ flags, kb, signal, attended, style }) {
    const base = await kb()
    const result = await attended((onProgress) => base.fsck({ ...atOf(flags), blobs: flags.blobs, signal, onProgress }))
    return { value: result, text: sayFsck(result, style), exitCode: result.ok ? 0 : EXIT_SOME_FAILED }
  },
})

/** Singular names of what was checked, by the keys of the result. */
const CHECKED: Record<string, string> = {
  store: 'git check',
  files: 'file',
  foreign: 'foreign file',
  documents: 'document',
  originals: 'original',
  absent: 'absent original',
  blobs: 'blob',
  texts: 'page text',
  pages: 'page',
  topicPages: 'topic page',
  links: 'link',
  indexed: 'indexed text',
  journal: 'unfinished transaction',
}

function sayFsck({ ok, checked, problems, absent = [] }: FsckResult, style: Style): string {
  const lines = problems.map(({ code, path, message, fix }) => {
    const way = fix === undefined ? '' : `\n  ${block(fix)}`
    return `${style('red', 'wrong')} ${inline(path)}: ${block(message)} (${code})${way}`
  })
  const counts = Object.entries(checked)
    .map(([what, count]) => counted(count, CHECKED[what] ?? what))
    .join(', ')
  const verdict = ok ? style('green', 'No problems were found.') : `${counted(problems.length, 'problem')}.`
  const missing =
    absent.length === 0
      ? []
      : [
          ...named(
            'not in this clone:',
            absent.map(({ path }) => path),
          ),
          'Large originals are fetched with "git lfs fetch --all".',
        ]
  return [...lines, ...missing, `${verdict}${counts === '' ? '' : ` Checked: ${counts}.`}`].join('\n')
}
