import { expect, it } from 'vitest'
import { mustAnswer } from '../../../../src/io/model/budget.ts'

it('leaves a call and the tokens for an answer', () => {
  const budget = { stepsMax: 4, tokensMax: 50_000 }
  const at = (steps: number, tokens: number, prompt = 2_000) => mustAnswer({ steps, tokens }, prompt, 4_000, budget)
  expect([at(0, 0), at(2, 0), at(3, 0)]).toEqual([false, false, true])
  expect([at(1, 30_000), at(1, 35_000)]).toEqual([false, true])
  expect(at(1, 0, 20_000)).toBe(true)
})
