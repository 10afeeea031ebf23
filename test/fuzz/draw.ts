// Choices from a seed, and the values that a hostile file could contain.
import { drawing } from '../corpus/mutate.ts'

export class Draw {
  readonly #below: (limit: number) => number

  /** The same seed and case give the same choices. */
  constructor(seed: number, number: number) {
    this.#below = drawing(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b))
    this.#below(2)
  }

  below(limit: number): number {
    return this.#below(limit)
  }

  one<T>(items: readonly T[]): T {
    const item = items[this.#below(items.length)]
    if (item === undefined) throw new Error('There is nothing to choose from.')
    return item
  }
}

/** Paths that lead elsewhere. `target` is the absolute path of a folder outside the repository that must not change. */
export function hostilePaths(target: string): string[] {
  return [
    '../pwned.md',
    '../../../pwned',
    'wiki/../../pwned.md',
    'wiki/summaries/../../../../pwned.md',
    `${target}/pwned.md`,
    '.git/pwned',
    '.git/hooks/pre-commit',
    '.GIT/hooks/post-commit',
    'git~1/config',
    'wiki/.git/config',
    '.git\u200c/pwned',
    '.git /pwned',
    '.gitmodules',
    'wiki//pwned.md',
    './wiki/pwned.md',
    'wiki/',
    '.',
    '..',
    '',
    '/',
    'wiki\\..\\..\\pwned.md',
    'C:\\pwned',
    'wiki/nul\0.md',
    'wiki/line\nbreak.md',
    `wiki/${'x'.repeat(300)}.md`,
    `${'deep/'.repeat(1000)}x.md`,
    'wiki/\uD800.md',
    '-rf',
    '--upload-pack=touch pwned',
    ':(top)pwned',
    'kbgit.yaml',
    'wiki/AGENTS.md',
    'raw/../../pwned',
    'documents/../.git/config',
    'https://example.org/pwned',
    '~/pwned',
    '$HOME/pwned',
  ]
}

/** Values of every wrong kind for a field of JSON. */
export function wrongKinds(): unknown[] {
  const nested = '['.repeat(2_000) + ']'.repeat(2_000)
  return [
    null,
    true,
    -1,
    1.5,
    1e308,
    {},
    [],
    [null],
    [[['x']]],
    { toString: 'x', length: 3 },
    JSON.parse('{"__proto__": {"polluted": true}}') as unknown,
    JSON.parse('{"constructor": {"prototype": {"polluted": true}}}') as unknown,
    JSON.parse(nested) as unknown,
    'x'.repeat(5_000_000),
  ]
}
