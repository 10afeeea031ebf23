import { expect, it } from 'vitest'
import { knownError } from '../../../src/core/errors.ts'

const systemError = (code: string): Error => Object.assign(new Error(`${code}: it does not work`), { code })

it.each([
  ['EROFS', 'repositoryBusy', 12],
  ['ENOSPC', 'storage', 14],
  ['EMFILE', 'storage', 14],
])('an error of the system, %s, is %s', (code, name, exitCode) => {
  expect(knownError(systemError(code))).toMatchObject({ code: name, exitCode })
})

it('a folder that Node says is missing when it is to be made is a fault of the disk', () => {
  const error = Object.assign(systemError('ENOENT'), { syscall: 'mkdir', path: '/kb/.git/kbgit/staging' })
  expect(knownError(error)).toMatchObject({
    code: 'storage',
    message: '/kb/.git/kbgit/staging cannot be created: its file system is read-only, full or failing.',
  })
})

it('another error has no code of the contract', () => {
  expect(knownError(systemError('ENOENT'))).toBeUndefined()
  expect(knownError(new Error('EROFS'))).toBeUndefined()
})
