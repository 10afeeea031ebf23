import { expect, it } from 'vitest'
import { parsePointer } from '../../src/core/lfs-pointer.ts'

const OID = 'a'.repeat(64)

it('reads digest and size, and passes over keys that it does not know', () => {
  expect(parsePointer(`version https://git-lfs.github.com/spec/v1\next-0-x sha256:${'b'.repeat(64)}\noid sha256:${OID}\nsize 12\n`)).toEqual({ sha256: OID, size: 12 })
})

it.each(['', 'version 1\n', `version https://git-lfs.github.com/spec/v1\noid md5:${OID}\nsize 1\n`, `version https://git-lfs.github.com/spec/v1\noid sha256:${OID}\nsize -1\n`])(
  'takes %j for no pointer', (text) => expect(parsePointer(text)).toBeUndefined(),
)
