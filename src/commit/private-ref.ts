// Where a run's commits are held until the branch has them.

/** Nothing but kbgit writes here. */
export const PRIVATE_REFS = 'refs/kbgit/tx'

/** Keeps a run's commits from being collected. */
export function privateRef(run: string): string {
  return `${PRIVATE_REFS}/${run}`
}
