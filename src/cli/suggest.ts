// What the user may have meant.
import { editDistance } from '../core/edit-distance.ts'

/** What other programs call a command of ours. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  rm: 'remove',
  del: 'remove',
  delete: 'remove',
  drop: 'remove',
  import: 'add',
  ingest: 'add',
  upload: 'add',
  ls: 'list',
  dir: 'list',
  cat: 'show',
  open: 'show',
  find: 'search',
  grep: 'search',
  ask: 'query',
  history: 'log',
  revert: 'undo',
  rollback: 'undo',
  push: 'sync',
  pull: 'sync',
  fetch: 'sync',
  check: 'fsck',
  verify: 'fsck',
  rebuild: 'recover',
  repair: 'recover',
}

/** The command of `commands` that was probably meant by `word`. */
export function suggestCommand(word: string, commands: readonly string[]): string | undefined {
  const other = OTHER_NAMES[word.toLowerCase()]
  return other !== undefined && commands.includes(other) ? other : suggest(word, commands)
}

/**
 * The candidate closest to `word`, or undefined if none is close: at most a third of the longer word may differ. A word is always close to a
 * candidate that begins with it.
 */
export function suggest(word: string, candidates: readonly string[]): string | undefined {
  const typed = word.toLowerCase()
  const near = candidates
    .map((candidate) => ({ candidate, differs: editDistance(typed, candidate.toLowerCase()) }))
    .filter(({ candidate, differs }) => {
      const begins = typed.length >= 3 && candidate.startsWith(typed)
      return begins || differs <= Math.ceil(Math.max(typed.length, candidate.length) / 3)
    })
  return near.sort((a, b) => a.differs - b.differs)[0]?.candidate
}
