import { describe, expect, test } from 'vitest'
import { SharedBase } from '../../../support/two-clones.ts'

const numbers = (from: number, count: number): number[] => Array.from({ length: count }, (_, index) => from + index)

describe('two clones that diverged', () => {
  test('merge with git pull without a conflict, to the same tree in both directions, and every check passes', async () => {
    using shared = await SharedBase.make()
    const ada = await shared.clone('ada', 1_760_000_100)
    const bob = await shared.clone('bob', 1_760_000_200)
    // Ten of the notes are the same.
    expect((await ada.add(shared.notes('of-ada', numbers(0, 50)))).added).toHaveLength(50)
    expect((await bob.add(shared.notes('of-bob', numbers(40, 50)))).added).toHaveLength(50)
    const adas = ada.git('rev-parse', 'HEAD')

    ada.git('pull', '-q', '--no-rebase', '--no-edit', bob.root, 'HEAD')
    bob.git('fetch', '-q', ada.root, adas)
    bob.git('merge', '-q', '--no-edit', adas)

    expect(ada.tree).toBe(bob.tree)
    expect(ada.git('status', '--porcelain')).toBe('')
    expect(await ada.problems()).toEqual([])
    expect(await bob.problems()).toEqual([])
    expect(
      ada
        .git('ls-tree', '-r', '--name-only', 'HEAD', 'documents/')
        .split('\n')
        .filter((path) => path.endsWith('.json')),
    ).toHaveLength(90)
    // Work continues from there as on any base.
    expect((await ada.add(shared.notes('more', numbers(200, 3)))).added).toHaveLength(3)
    expect(await ada.problems()).toEqual([])
  })
})
