// `kbgit search` after a slip of the keyboard.
import { expect, it } from 'vitest'
import { Workplace } from '../support/workplace.ts'

it('suggests a spelling if nothing is found, and only one that finds something', async () => {
  using place = await Workplace.withBase()
  await place.kbgit('add', place.write('otters.md', '# Otters\n\nOtters are swimming in cold rivers.\n'))
  expect(await place.kbgit('search', 'swiming', 'rievrs')).toMatchObject({
    code: 0,
    stdout: 'Nothing found. Did you mean "swimming rivers"?\n',
  })
  expect((await place.json('search', 'swiming', 'rievrs')).value).toMatchObject({
    hits: [],
    suggestion: 'swimming rivers',
  })
  expect(await place.kbgit('search', 'swiming', '--kind', 'entity')).toMatchObject({ stdout: 'Nothing found.\n' })
  expect((await place.json('search', 'swimming')).value).not.toHaveProperty('suggestion')
})
