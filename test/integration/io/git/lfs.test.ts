// Where git-lfs has its objects: kbgit's answer beside git-lfs's own.
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Git } from '../../../../src/io/git/git.ts'
import { lfsFolders } from '../../../../src/io/git/lfs.ts'
import { TEST_ENVIRONMENT, TestRepository } from '../../../support/repository.ts'

it.each(['', 'elsewhere', './a folder/of mine/', '../outside', '/absolute', '~/not a home', '$HOME'])(
  'takes lfs.storage as git-lfs does: "%s"',
  async (storage) => {
    using repository = new TestRepository()
    repository.git('config', 'lfs.storage', 'overridden')
    repository.git('config', '--add', 'lfs.storage', storage)
    const commonDir = join(repository.dir, '.git')
    const git = new Git(repository.dir, TEST_ENVIRONMENT)
    const { objects, unused } = await lfsFolders({ repository: { commonDir }, git })
    expect(unused).toBe(storage === '' ? undefined : join(commonDir, 'lfs/objects'))
    expect((await lfsFolders({ repository: { commonDir }, git, driver: 'in-process' })).objects).toBe(objects)
    const environment = await git.text(['lfs', 'env'], { ok: [0, 1] }).catch(() => '')
    // Without git-lfs there is nothing to compare with.
    if (environment !== '') expect(environment).toContain(`LocalMediaDir=${objects}\n`)
  },
)
