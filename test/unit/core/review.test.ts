import { expect, test } from 'vitest'
import { parseConfig, REVIEWS } from '../../../src/core/config.ts'
import { needsReview, reviewBranch, reviewNumber, shortBranch } from '../../../src/core/review.ts'

test('a change waits if the base asks for it, by who made it and who wrote it', () => {
  const people = REVIEWS.map((review) => needsReview({ review }, { agent: false, model: false }))
  const models = REVIEWS.map((review) => needsReview({ review }, { agent: false, model: true }))
  const agents = REVIEWS.map((review) => needsReview({ review }, { agent: true, model: false }))
  expect(people).toEqual([false, false, false, true])
  expect(models).toEqual([false, false, true, true])
  expect(agents).toEqual([false, true, true, true])
})

test('the number of a review is that of its branch, here or at a remote', () => {
  expect(reviewNumber(reviewBranch(12))).toBe(12)
  expect(reviewNumber('refs/remotes/origin/kbgit/review/3')).toBe(3)
  for (const ref of [
    'refs/heads/review/3',
    'refs/heads/kbgit/review/0',
    'refs/heads/kbgit/review/3/x',
    'refs/tags/kbgit/review/3',
  ])
    expect(reviewNumber(ref)).toBeUndefined()
  expect(shortBranch(reviewBranch(12))).toBe('kbgit/review/12')
})

test('the configuration names who compiles and what waits', async () => {
  expect(await parseConfig('model: agent\nreview: models\n', 'kbgit.yaml')).toMatchObject({
    model: 'agent',
    review: 'models',
  })
  expect((await parseConfig('', 'kbgit.yaml')).review).toBe('never')
  await expect(parseConfig('review: sometimes\n', 'kbgit.yaml')).rejects.toMatchObject({ code: 'config' })
})
