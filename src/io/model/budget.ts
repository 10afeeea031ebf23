// How far a model may go before it answers: calls, and tokens read and written over all of them.
export type Budget = {
  /** Calls, the answer included. */
  stepsMax: number
  tokensMax: number
}
export type Spent = { steps: number; tokens: number }

/** Tokens of what one call looks up: tools return at most 12,000 characters. */
const LOOK_TOKENS = 4_000

/**
 * Whether the next call has to be the last one: after it there would be no call left, or no tokens to read everything again
 * with what it looked up. `promptTokens`: of the next call; `answerTokens`: most of one answer.
 */
export function mustAnswer(spent: Spent, promptTokens: number, answerTokens: number, budget: Budget): boolean {
  if (spent.steps >= budget.stepsMax - 1) return true
  return spent.tokens + 2 * (promptTokens + answerTokens) + LOOK_TOKENS > budget.tokensMax
}
