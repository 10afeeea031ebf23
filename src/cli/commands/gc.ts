import type { GcResult } from '../../index.ts'
import { command } from '../command.ts'
import { counted, size } from '../text.ts'

export const gc = command({
  name: 'gc',
  details: 'Drops sidecar rows and blobs that no ref and no reflog reaches. What git can still bring back is kept.',
  options: {
    'dry-run': { type: 'flag', describe: 'Tell what would be dropped, and drop nothing' },
    answers: { type: 'flag', describe: 'Drop the kept answers of models too' },
  },
  examples: [
    ['kbgit gc --dry-run', 'see what would go'],
    ['kbgit gc', 'free the room'],
  ],
  async run({ flags, kb }) {
    const result = await (await kb()).gc({ dryRun: flags['dry-run'], answers: flags.answers })
    return { value: result, said: sayGc(result) }
  },
})

function sayGc({ rows, blobs, answers, bytes, dryRun }: GcResult): string {
  if (rows + blobs + answers === 0) return 'Nothing to drop.'
  const what = [
    counted(rows, 'row'),
    counted(blobs, 'blob'),
    ...(answers > 0 ? [counted(answers, 'kept answer')] : []),
  ].join(', ')
  return `${dryRun ? 'Would drop' : 'Dropped'} ${what}: ${size(bytes)}.`
}
