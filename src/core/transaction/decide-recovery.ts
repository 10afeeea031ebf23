// The one question of recovery, decided purely. Git is asked, not the journal.

/** Attempts on one intent before it is set aside for a person. */
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
  /** The commit point was passed: bring work tree and index to it. */
  | 'rollForward'
  /** It was not: drop what nothing names. */
  | 'rollBack'
  /** Only a command that runs in the transaction's own work tree can finish it. */
  | 'wait'
  /** It cannot be read or does not succeed: keep it, report it, block nothing. */
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
