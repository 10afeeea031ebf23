// The private refs that hold a run's commits until the branch has them.

/** Only kbgit writes here. */
export const PRIVATE_REFS = 'refs/kbgit/tx'

/** Protects a run's commits from garbage collection. */
export function privateRef(run: string): string {
  return `${PRIVATE_REFS}/${run}`
}
