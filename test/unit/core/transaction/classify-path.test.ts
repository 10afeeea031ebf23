import { describe, expect, it } from 'vitest'
import { classifyPath, SPARSE, type DiskState } from '../../../../src/core/transaction/classify-path.ts'

const disk = (oid: string): DiskState => ({
  kind: 'file',
  which: (...oids) => Promise.resolve(oids.find((one) => one === oid)),
  ids: () => Promise.resolve([oid]),
})
const facts = { head: 'a', index: 'a', after: 'b', ignored: false, sparse: true, editable: true }

describe('a page that the index marks as left out', () => {
  it('is not written if it is not there', async () => {
    expect(await classifyPath({ ...facts, disk: { kind: 'absent' } })).toEqual({ kind: 'conflict', reason: SPARSE })
  })
  it('is written if it is there as committed', async () => {
    expect(await classifyPath({ ...facts, disk: disk('a') })).toEqual({ kind: 'ready' })
  })
  it('is neither written nor committed if it is there with other words', async () => {
    expect(await classifyPath({ ...facts, disk: disk('c') })).toEqual({ kind: 'conflict', reason: SPARSE })
  })
})
