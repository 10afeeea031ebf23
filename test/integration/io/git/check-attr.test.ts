// Attributes of paths, from one git for many questions.
import { describe, expect, it } from 'vitest'
import { CheckAttr } from '../../../../src/io/git/check-attr.ts'
import { Git } from '../../../../src/io/git/git.ts'
import { TEST_ENVIRONMENT, TestRepository } from '../../../support/repository.ts'

describe('check-attr', () => {
  it('answers questions in order, also for paths that are not ASCII', async () => {
    using repository = new TestRepository()
    repository.write('.gitattributes', '*.bin filter=big\n*.txt -filter\nü/** filter\n')
    await using attributes = new CheckAttr(new Git(repository.dir, TEST_ENVIRONMENT), 'filter')
    const questions = [['a.bin', 'a.md'], ['ü/é.md'], [], ['a.txt', 'a b\nc.bin']]
    expect(await Promise.all(questions.map((paths) => attributes.values(paths)))).toEqual([
      ['big', 'unspecified'],
      ['set'],
      [],
      ['unset', 'big'],
    ])
    const many = Array.from({ length: 5_000 }, (_, n) => `folder/${n}.${n % 2 === 0 ? 'bin' : 'md'}`)
    expect((await attributes.values(many)).filter((value) => value === 'big')).toHaveLength(2_500)
  })

  it('fails what a git that cannot run was asked', async () => {
    using repository = new TestRepository()
    const git = new Git(repository.dir, { ...TEST_ENVIRONMENT, PATH: '/nowhere' })
    await using attributes = new CheckAttr(git, 'filter')
    for (let n = 0; n < 2; n++)
      await expect(attributes.values(['a', 'b'])).rejects.toMatchObject({ code: 'gitMissing' })
  })
})
