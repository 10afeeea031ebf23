// The decision of recovery, as a pure function. It asks git, not the journal.

/** Recovery attempts per intent before it is set aside for a person. */
export const RECOVERY_ATTEMPTS_MAX = 5

export type RecoveryFacts = {
  journal: 'intent' | 'torn' | 'newer'
  /** Does any branch or HEAD contain a commit of the transaction? */
  reachable: boolean
  /** The transaction's work tree: `elsewhere` if it may exist but cannot be found from here. */
  worktree: 'found' | 'gone' | 'elsewhere'
  attempts: number
}

export type RecoveryDecision =
  /** Past the commit point: bring work tree and index up to date. */
  | 'rollForward'
  /** Not committed: remove what nothing refers to. */
  | 'rollBack'
  /** Only a command that runs in the transaction's own work tree can finish it. */
  | 'wait'
  /** It cannot be read or keeps failing: keep it, report it, block nothing. */
  | 'quarantine'

export function decideRecovery(facts: RecoveryFacts): RecoveryDecision {
  switch (facts.journal) {
    case 'newer':
      return 'quarantine'
    case 'torn':
      return 'quarantine'
    case 'intent':
      if (facts.attempts >= RECOVERY_ATTEMPTS_MAX) return 'quarantine'
      if (!facts.reachable) return 'rollBack'
      return facts.worktree === 'elsewhere' ? 'wait' : 'rollForward'
  }
}
