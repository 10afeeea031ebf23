import { KbError } from '../../core/errors.ts'
import { command } from '../command.ts'

/** Exit code that tells git about a conflict in the file. */
const CONFLICT = 1

export const mergeDriver = command({
  name: 'merge-driver',
  usage: '<ancestor> <ours> <theirs> <path>',
  details: 'Called by git, as registered by "kbgit init": kbgit merge-driver %O %A %B %P',
  options: {},
  examples: [['git config merge.kbgit.driver', 'shows how git calls it']],
  async run({ args, library, surroundings }) {
    const [ancestor, ours, theirs, path] = args
    if (ancestor === undefined || ours === undefined || theirs === undefined || path === undefined) {
      throw new KbError('usage', 'kbgit merge-driver needs <ancestor> <ours> <theirs> <path>, as passed by git.')
    }
    const { mergeFiles } = await library()
    const { clean } = await mergeFiles({ ...(await surroundings()), ancestor, ours, theirs, path })
    return { value: { clean }, exitCode: clean ? 0 : CONFLICT }
  },
})
