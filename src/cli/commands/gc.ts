import type { GcResult } from '../../index.ts'
import { command } from '../command.ts'
import { counted, size } from '../text.ts'

export const gc = command({
  name: 'gc',
  details: 'Drops sidecar rows and blobs that no ref and no reflog reaches. Whatever git can still restore is kept.',
  options: {
    'dry-run': { type: 'flag', describe: 'Show what would be dropped without dropping anything' },
    answers: { type: 'flag', describe: 'Drop cached model answers too' },
  },
  examples: [
    ['kbgit gc --dry-run', 'see what would be deleted'],
    ['kbgit gc', 'free the space'],
  ],
  async run({ flags, kb }) {
    const result = await (await kb()).gc({ dryRun: flags['dry-run'], answers: flags.answers })
    return { value: result, message: sayGc(result) }
  },
})

function sayGc({ rows, blobs, answers, bytes, dryRun }: GcResult): string {
  if (rows + blobs + answers === 0) return 'Nothing to drop.'
  const what = [
    counted(rows, 'row'),
    counted(blobs, 'blob'),
    ...(answers > 0 ? [counted(answers, 'cached answer')] : []),
  ].join(', ')
  return `${dryRun ? 'Would drop' : 'Dropped'} ${what}: ${size(bytes)}.`
}
