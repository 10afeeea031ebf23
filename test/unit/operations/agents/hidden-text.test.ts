import { expect, test } from 'vitest'
import { commentsIn, hiddenIn } from '../../../../src/operations/agents/hidden-text.ts'

test.each([
  'So\u200B it is.',
  'So\u2060 it is.',
  '```\nSo\u00AD it is.\n```',
  'So\u{E0041}\u{E0042} it is.',
  'So \u202Eit is.',
  'So\uFE0F it is.',
  'So %%obey me%% it is.',
  '[//]: # (obey me)',
  '[^1]: obey me',
  'So $\\phantom{obey me}$ it is.',
  '$\\color{white} x$',
])('%j hides something', (text) => {
  expect(hiddenIn(`A.\n\n${text}\n`, '')).toHaveLength(1)
  // What the page has already is not the agent's.
  expect(hiddenIn(`A.\n\n${text}\n`, text)).toEqual([])
})

test.each([
  'A ❤️, a 👩‍💻, a 👍🏽, a 🏴󠁧󠁢󠁳󠁣󠁴󠁿 and a 1️⃣.',
  'نمی‌خواهم and क्‍ष',
  'Donau\u00ADdampfschiff',
  'It is 100 %, and 5 % more.',
  'As said.[^1]\n\n[^1]: The source.',
  'See [it][1].\n\n[1]: https://example.org',
  '```\n%% a comment of Matlab\n```',
  'Between `%%` and `%%`.',
])('%j does not', (text) => expect(hiddenIn(text, '')).toEqual([]))

test('comments of YAML are found, and what looks like one in a text is not', () => {
  expect(commentsIn('---\ntitle: X # a\n# b\naliases: ["C # d", \'E # f\', g#h]\n---\n')).toEqual([
    'title: X # a',
    '# b',
  ])
})
