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

it('another error has no code of the contract', () => {
  expect(knownError(systemError('ENOENT'))).toBeUndefined()
  expect(knownError(new Error('EROFS'))).toBeUndefined()
})
