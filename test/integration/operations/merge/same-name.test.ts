// Two people add different documents of one name, each in a clone, and merge with git.
import { describe, expect, test } from 'vitest'
import { diverged, expectBoth, merge, sound } from '../../../support/same-name.ts'
import { SharedBase } from '../../../support/two-clones.ts'

describe('documents of one name in two clones', () => {
  test('are both there after git pull, in both directions with the same tree', async () => {
    using shared = await SharedBase.make()
    const [ada, bob] = await diverged(shared)
    const adas = ada.git('rev-parse', 'HEAD')
    await merge(ada, bob)
    bob.git('fetch', '-q', ada.root, adas)
    bob.git('merge', '-q', '--no-edit', adas)
    expect(ada.tree).toBe(bob.tree)

    // No hook ran: the base says what is missing, and the next command brings it in.
    expect(await ada.status()).toMatchObject({ displaced: [{ name: 'minutes-2' }], next: { args: ['recover'] } })
    expect(await ada.problems()).toContainEqual(expect.objectContaining({ code: 'displaced' }))
    expect(await ada.recover()).toMatchObject({ broughtIn: ['minutes-2'] })
    expect(await bob.recover()).toMatchObject({ broughtIn: ['minutes-2'] })
    for (const clone of [ada, bob]) {
      expectBoth(clone)
      await sound(clone)
      expect(await clone.recover()).toMatchObject({ broughtIn: [] })
    }
    expect(ada.tree).toBe(bob.tree)
  })
})
